// One rule: what must hold of a reply, and the cause that it then has. Read from YAML by
// rule_file.h; rules/RULES.md is the reference for those who write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "parsers/event/smtp_reply.h"
#include "rules/advice.h"
#include "rules/cause.h"

namespace bouncesight {

// How much a rule's evidence is worth: a higher rank wins whatever else holds.
enum class Rank : std::uint8_t { kBasic, kGeneric, kEnhanced, kSpecific, kProvider, kOperator };
std::string_view RankName(Rank rank);  // "basic", "generic", …

// 550 is {550, 550}; 5xx is {500, 599}.
struct CodeRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;

  friend bool operator==(const CodeRange&, const CodeRange&) = default;
};

// An enhanced code or a family of them: "5.7.1", "5.7.*", "x.2.2" (4 or 5).
struct EnhancedPattern {
  static constexpr std::uint16_t kAny = 0xffff;
  std::uint8_t status_class = 0;  // 0: 4 or 5
  std::uint16_t subject = kAny;
  std::uint16_t detail = kAny;

  bool Matches(EnhancedCode code) const;
  friend bool operator==(const EnhancedPattern&, const EnhancedPattern&) = default;
};

// All of what is given must hold; an empty list holds of anything.
struct When {
  std::vector<CodeRange> codes;
  std::vector<EnhancedPattern> enhanced;
  std::vector<Phase> phases;
  std::vector<std::string> providers;  // names
  Origin origin = Origin::kUnknown;    // kUnknown: any

  friend bool operator==(const When&, const When&) = default;
};

struct Rule {
  std::string id;
  CauseId cause = CauseId::kUnclassified;
  Rank rank = Rank::kSpecific;
  std::string provider;            // of the file; empty: none
  bool common = false;             // others use these words, too: they do not name the provider
  std::vector<std::string> match;  // any of these in the words of the reply
  std::vector<std::string> link;   // any of these in its URLs and host names
  When when;
  std::uint16_t weight = 0;  // what its patterns count in ties; 0: each its own length
  std::string blocklist;     // the list that the rule stands for; empty: none
  AdviceOverride advice;
  std::vector<std::string> examples;
  std::vector<std::string> counter_examples;
  std::string source;
  std::string file;  // where it was read: for messages
  int line = 0;

  // Only `when`: no pattern to search for.
  bool is_code_rule() const { return match.empty() && link.empty(); }
  // How many kinds of evidence it asks for: the first tie-break within a rank.
  int condition_count() const;

  friend bool operator==(const Rule&, const Rule&) = default;
};

}  // namespace bouncesight
