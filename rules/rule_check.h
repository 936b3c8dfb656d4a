// Are the rules any good? What `bouncesight check` prints and the tests assert.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/rule_set.h"

namespace bouncesight {

enum class FindingKind : std::uint8_t {
  kError,           // the file cannot be used
  kExample,         // an example gets another cause
  kCounterExample,  // a counter-example is won by the rule
  kDead,            // wins on none of its own examples
  kShadowed,        // wherever it holds another rule wins
  kConflict,        // two rules of one rank and weight disagree on a sample
  kSlow,            // a pattern that costs much to compile or to scan
  kProvider,        // a provider's rule with words that are anybody's
  kAdvice,          // a cause without advice in both languages
};
std::string_view FindingKindName(FindingKind kind);  // "error", "example", …

struct Finding {
  FindingKind kind;
  std::string message;  // one line: "FILE:LINE: RULE: what; what to do"
};

// Loads `sources` and runs every example and counter-example. Empty: all is well. Errors that keep
// a set from loading come alone, every one of them.
std::vector<Finding> CheckRules(const RuleSources& sources);

// The same for a set that is loaded already: the examples and what they tell.
std::vector<Finding> CheckExamples(std::shared_ptr<const RuleSet> rules);

}  // namespace bouncesight
