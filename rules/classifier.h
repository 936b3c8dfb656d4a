// Says why a delivery failed: one pass over the reply, a scan of its words (a second one where
// names in it are no evidence), one of its links.
//
// Precedence: operators' rules, then provider rules, specific phrases, enhanced codes, generic
// phrases, basic codes. Within a rank more kinds of evidence win, then the longer pattern, then
// the rule that was loaded first. A basic code of the catalogue counts only where the reply has no
// words.
//
// Who speaks: the provider is known by the host that answered, then by the recipient's domain; the
// words of a reply name it only where no host is known and the domain is nobody's. A refusal of our
// own has no provider, and the address that it calls listed is the client's.
//
// The folder rules: from a reply to its cause. Texts in, verdicts out; no files, no clocks.
//
// * classifier.h: the verdict on one reply; verdict.h, cause.h: what it can say.
// * reply_text.h: a reply as patterns see it, with text_tokens.h for what is masked, letter_fold.h
//   for accents; reply_scan.h: which patterns are in it; reply_memo.h, match_memo.h,
//   provider_memo.h: what was found lately.
// * rule_set.h: all rules, compiled and immutable; compiled_rules.h: as the classifier reads them.
// * rule_file.h, when_reader.h, advice_reader.h, yaml_reader.h: YAML to rule.h; rule_compiler.h
//   brings all files together, with rule_lint.h before it.
// * pattern_tree.h: a pattern, read; pattern_expand.h and pattern_width.h walk it. pattern_table.h,
//   with phrase_table.h, place_sets.h (by step_program.h) and pattern_db.h: what finds them, by
//   what window_counts.h says is rare; pattern_span.h: where; code_index.h for codes.
// * catalog_image.h: the shipped rules, compiled when the program is built (embedded_catalog.h).
// * provider.h, blocklist.h, listed_address.h, name_list.h, advice.h: the other data files;
//   cause_words.h: Chinese words for names.
// * rule_check.h: what `bouncesight check` finds.
//
// catalog/*.yaml are the rules themselves; RULES.md is for those who write them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/delivery_event.h"
#include "rules/rule_set.h"
#include "rules/verdict.h"

namespace bouncesight {

// What is known of one failed delivery. Empty views: unknown.
struct Evidence {
  const Reply& reply;
  std::string_view relay_host;
  std::string_view relay_ip;
  std::string_view recipient_domain;
  bool own_refusal = false;  // our own server's words to a client: `relay_ip` is the client's
};
Evidence EvidenceOf(const DeliveryEvent& event);

// A rule that held but did not win.
struct Alternative {
  RuleId rule = RuleId::kNone;
  CauseId cause = CauseId::kUnclassified;
  bool tie = false;  // but for the order of loading it would have won
  std::string why;   // "lower rank: enhanced, not specific"
};

// A verdict with its reasons; owns its strings.
struct Explanation {
  CauseId cause = CauseId::kUnclassified;
  RuleId rule = RuleId::kNone;
  ProviderId provider = ProviderId::kNone;
  std::string blocklist;
  std::string listed_ip;
  std::string words;    // the reply as the patterns see it, masks written {addr}, {host}, …
  std::string matched;  // the part of the words (or the link) that the winning pattern matched
  std::vector<Alternative> alternatives;  // best first
};

// One per worker; not thread-safe. Owns the scratch that a scan needs.
class Classifier {
 public:
  // Throws std::bad_alloc if there is no memory for the scratch.
  explicit Classifier(std::shared_ptr<const RuleSet> rules);
  ~Classifier();
  Classifier(Classifier&&) noexcept;
  Classifier& operator=(Classifier&&) noexcept;

  // Does not allocate. The views in the result live until the next call, and no longer than the
  // evidence.
  Verdict Classify(const Evidence& evidence);

  // Of a message that was taken: no cause, but who runs the host that took it.
  Verdict Delivered(const Evidence& evidence) const;

  // The same verdict with the reasons for it; for people. To find the text that matched, it looks
  // for the winning pattern once more (pattern_span.h).
  Explanation Explain(const Evidence& evidence);

  // The same without `words` and `matched`, for many examples.
  Explanation Weigh(const Evidence& evidence);

  const RuleSet& rules() const { return *rules_; }

 private:
  struct State;
  void NameList(const Evidence& evidence, Verdict& verdict);

  std::shared_ptr<const RuleSet> rules_;
  std::unique_ptr<State> state_;
};

}  // namespace bouncesight
