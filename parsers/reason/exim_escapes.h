// Exim prints control characters and, unless print_topbitchars is set, bytes over 127 as escapes:
// "\n", "\t", "\347" (src/string.c, string_printing).
#pragma once

#include <string_view>

#include "parsers/text/text_room.h"

namespace bouncesight {

// `text` with its escapes decoded into `texts`; control characters become blanks, so a reply of
// several lines is joined as Postfix joins it. Other backslashes stay. Without a backslash, or
// without room: `text` itself.
std::string_view DecodeEximEscapes(std::string_view text, TextRoom& texts);

}  // namespace bouncesight
