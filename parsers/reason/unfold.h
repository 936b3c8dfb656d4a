// Bounce texts are folded, indented and quoted on their way to the person who reads them.
#pragma once

#include <string>
#include <string_view>

namespace bouncesight {

// `text` on one line: every run of white space, line ends and the wide blanks of Unicode among it,
// becomes one blank; none is left at the ends. Idempotent, linear.
std::string Unfold(std::string_view text);

// Without the marks of a reply ("> ") where nearly every line has them. Sendmail's ">>> " and the
// like of single lines stay.
std::string Unquote(std::string text);

}  // namespace bouncesight
