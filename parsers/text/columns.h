// Text in a terminal's columns: a wide (East Asian) character takes two.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bouncesight {

// Columns of a piece of UTF-8. A good guess for what people's logs hold, not all of Unicode's
// UAX #11: from U+2E80 on characters are wide, block elements and marks are not.
std::size_t TextColumns(std::string_view text);

// `text` with blanks to `columns`, behind it or before it; longer ones stay as they are.
std::string PadRight(std::string_view text, std::size_t columns);
std::string PadLeft(std::string_view text, std::size_t columns);

// At most `columns` of `text`; "…" is its end where some is missing. Never cuts a character.
std::string CutToColumns(std::string_view text, std::size_t columns);

// `words` over several lines of at most `width` columns, each but the first after `indent` blanks;
// the first begins in column `indent`, too. Breaks at blanks and between wide characters; what
// offers neither (a long URL) sticks out. No newline at the end.
std::string WrapText(std::string_view words, std::size_t indent, std::size_t width);

}  // namespace bouncesight
