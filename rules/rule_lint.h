// What must hold of a rule before it may be compiled: patterns that Hyperscan takes, that cannot
// match nothing, and that compile and scan cheaply.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace bouncesight {

// No repeat above this: {1,50} is well, {1,200} compiles slowly and runs slowly.
inline constexpr int kMostRepeats = 50;
inline constexpr std::size_t kLongestPattern = 1000;

// What is wrong with a pattern as its author wrote it; empty: nothing. "what; what to do".
std::string LintPattern(std::string_view pattern);

// All that is wrong with a rule: "FILE:LINE: ID: key: what; what to do".
std::vector<std::string> LintRule(const Rule& rule);

}  // namespace bouncesight
