// Which known name somebody probably meant.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

// How many letters must be put in, left out or changed to make `b` of `a` (Levenshtein).
std::size_t EditDistance(std::string_view a, std::string_view b);

// The name of `known` that is nearest to `wrong`, if few enough letters are between them to call it
// a slip; empty: none is.
std::string NearestName(std::string_view wrong, const std::vector<std::string>& known);

// 'text', for a message; of a long one the start.
std::string InQuotes(std::string_view text);

}  // namespace bouncesight
