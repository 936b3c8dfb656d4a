// Are the rules any good? What `bouncesight check` prints and the tests assert.
#pragma once

#include <cstdint>
#include <memory>
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
  kEdge,            // a \b that never holds
};
std::string_view FindingKindName(FindingKind kind);  // "error", "example", …

struct Finding {
  FindingKind kind;
  std::string message;  // one line: "FILE:LINE: RULE: what; what to do"
};

struct CheckedRules {
  std::shared_ptr<const RuleSet> rules;  // null: they cannot be loaded
  std::vector<Finding> findings;         // empty: all is well
};

// Loads `sources`, proves that a compiled form equals its texts, and runs every example and
// counter-example. Errors that keep a set from loading come alone, every one of them. Of a compiled
// catalogue no pattern is called slow: the build's own tests have looked at them.
CheckedRules CheckRules(const RuleSources& sources);

// The examples of a set that is loaded already, and what they tell. Slow patterns are looked for
// among operators' alone, as above.
std::vector<Finding> CheckExamples(std::shared_ptr<const RuleSet> rules);

}  // namespace bouncesight
