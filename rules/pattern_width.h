// The fewest bytes that a pattern matches, for ties between rules and to find patterns that match
// nothing at all. Hyperscan tells it too (InspectPattern), but takes most of a tenth of a second
// for all of ours.
#pragma once

#include <optional>
#include <span>

#include "rules/pattern_tree.h"

namespace bouncesight {

// std::nullopt: holds something that is seldom used, or is not well-formed; ask Hyperscan. What has
// a width is well-formed.
std::optional<unsigned> PatternWidth(const PatternTree& tree);

// The same of some of its alternatives, as if they were the whole pattern.
std::optional<unsigned> PatternWidth(const PatternTree& tree,
                                     std::span<const PatternSequence> branches);

}  // namespace bouncesight
