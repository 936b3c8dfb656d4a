// The fewest bytes that a pattern matches, for ties between rules and to find patterns that match
// nothing at all. Hyperscan tells it too (InspectPattern), but takes most of a tenth of a second
// for all of ours.
#pragma once

#include <optional>
#include <string_view>

namespace bouncesight {

// std::nullopt: holds something that is seldom used, or is not well-formed; ask Hyperscan. What has
// a width is well-formed.
std::optional<unsigned> PatternWidth(std::string_view expression);

}  // namespace bouncesight
