// Where in a reply a rule's pattern is, for people who ask which words it went by. Scans of replies
// do not know where a match starts (pattern_db.h), so it is looked for anew, by PCRE2, which is
// quick to compile one pattern: some 10 µs, where Hyperscan takes 15 ms.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace bouncesight {

// The first match of an expression in `text`, [start, end): the longest of those that begin first.
// The expression means what it means to Hyperscan with CASELESS and MULTILINE; `text` is any bytes.
// std::nullopt: there is none, or it cannot be found within bounds of memory and time.
std::optional<std::pair<std::size_t, std::size_t>> FindSpan(std::string_view expression,
                                                            std::string_view text);

}  // namespace bouncesight
