// All rules, compiled: immutable, shared by every worker through shared_ptr<const RuleSet>, and
// replaced as a whole on reload.
//
// Patterns for the words of a reply and for its links (reply_text.h) are in a table each: phrases
// (phrase_table.h), and a Hyperscan database that is asked only where a phrase says so. Codes are
// found by table. So the cost of a reply hardly grows with the number of rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/result.h"
#include "rules/advice.h"
#include "rules/rule.h"
#include "rules/verdict.h"

namespace bouncesight {

// The text of one rule file. Both views need to live only while RuleSet::Load runs.
struct RuleText {
  std::string_view name;  // a path, for messages
  std::string_view text;
};

struct RuleSources {
  // Operators' rule files, in the order in which they are loaded; their rules win over ours.
  std::vector<RuleText> operator_files;
  // The catalogue: rule files, and among them, known by the end of their names, "providers.yaml",
  // "blocklists.yaml", "names.yaml" and "advice.yaml".
  std::vector<RuleText> catalog;
  // The compiled form of `catalog` (catalog_image.h), which is taken in its place; empty: there is
  // none, and the texts are read. Needs to live only while RuleSet::Load runs.
  std::string_view image;
};

// The catalogue that is built into the binary, its compiled form too, and no operator's file.
RuleSources EmbeddedSources();

struct CompiledRules;  // databases and look-up tables (compiled_rules.h)

class RuleSet {
 public:
  // Reads, lints and compiles. The error is the first one found, "FILE:LINE: key: what; what to
  // do"; CheckRules (rule_check.h) gives them all. Examples are not run here: CheckExamples does.
  static Result<std::shared_ptr<const RuleSet>> Load(const RuleSources& sources);

  RuleSet(std::vector<Rule> rules, std::unique_ptr<const CompiledRules> compiled);
  ~RuleSet();
  RuleSet(const RuleSet&) = delete;
  RuleSet& operator=(const RuleSet&) = delete;

  // Rules are numbered from 1, operators' first; RuleId::kNone is not a rule.
  std::size_t rule_count() const { return rules_.size(); }
  const Rule& rule(RuleId id) const;            // `id` must not be kNone
  std::string_view rule_name(RuleId id) const;  // its `id`; empty for kNone
  std::span<const Rule> rules() const { return rules_; }

  // Built-in causes and those that operators' files add, numbered without gaps from 0.
  std::size_t cause_count() const;
  std::string_view cause_name(CauseId id) const;
  std::string_view cause_family(CauseId id) const;
  std::optional<CauseId> FindCause(std::string_view name) const;

  // Providers are numbered from 1; the name of kNone is empty.
  std::size_t provider_count() const;
  std::string_view provider_name(ProviderId id) const;

  // Why and what to do: the cause's advice under the winning rule's own. An operator's cause
  // without advice of its own gets that of unclassified.
  Advice advice(CauseId cause, RuleId rule) const;

  // The block lists that are a provider's own throttle or block.
  std::vector<std::string> provider_lists() const;

  // The page to ask for delisting; empty for a list that is not known or has none.
  std::string_view delisting_link(std::string_view blocklist) const;

  // Changes with any byte of any source: for rules_info.
  std::uint64_t fingerprint() const;

  const CompiledRules& compiled() const { return *compiled_; }

 private:
  std::vector<Rule> rules_;
  std::unique_ptr<const CompiledRules> compiled_;
};

}  // namespace bouncesight
