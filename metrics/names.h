// The names of causes, rules and providers behind the numbers of one rule set. Numbers change when
// the rules are loaded anew, names do not; so a Tally counts by number and Totals keeps by name.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace bouncesight {

class RuleSet;

struct RuleNames {
  std::vector<std::string> causes;          // by CauseId; the built-in ones first
  std::vector<std::string> rules;           // by RuleId; [0] is "": no rule
  std::vector<std::string> providers;       // by ProviderId; [0] is "": none known
  std::vector<std::string> provider_lists;  // block lists that are a provider's own, in any order
};

// Call once for each rule set that was loaded and share the result with every worker.
std::shared_ptr<const RuleNames> NamesOf(const RuleSet& rules);

// The built-in causes alone: for tests, and for a snapshot without any rules.
std::shared_ptr<const RuleNames> BuiltinNames();

}  // namespace bouncesight
