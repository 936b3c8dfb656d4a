// What must hold of a rule before it may be compiled: patterns that Hyperscan takes, that cannot
// match nothing, and that compile and scan cheaply.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/pattern_tree.h"
#include "rules/rule.h"

namespace bouncesight {

inline constexpr std::size_t kLongestPattern = 1000;

struct LintedPattern {
  PatternTree tree;   // with masks placed
  std::string fault;  // "what; what to do"; empty: nothing is wrong
};
// `pattern`: as its author wrote it.
LintedPattern LintPattern(std::string_view pattern);

// For `check`, which may say of a pattern that loads and has always loaded: "what; what to do"
// where \b stands beside a mask or a letter beyond ASCII. To \b these are no words, so that between
// them and a blank is no edge and the choice that asks for one never matches. Empty: nothing is
// wrong.
std::string EdgeFault(std::string_view pattern);

struct LintedRule {
  std::vector<PatternTree> match, link;
  std::vector<std::string> findings;  // "FILE:LINE: ID: key: what; what to do"; empty: all is well
};
LintedRule LintRule(const Rule& rule);

}  // namespace bouncesight
