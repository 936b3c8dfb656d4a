// Valid UTF-8 out of any bytes: the last guard before text leaves the program. Texts in other
// character sets are decoded before, by charset.h.
#pragma once

#include <string>
#include <string_view>

namespace bouncesight {

// `text` with every byte that is no part of well-formed UTF-8 (RFC 3629) replaced by U+FFFD.
// Idempotent.
std::string ToUtf8(std::string_view text);

}  // namespace bouncesight
