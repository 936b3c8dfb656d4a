// Valid UTF-8 out of any bytes: the last guard before text leaves the program. Texts in other
// character sets are decoded before, by charset.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bouncesight {

// Length of the well-formed sequence at the start of `text`; 0: there is none. RFC 3629's table of
// ranges: no overlong forms, no surrogates, nothing over U+10FFFF.
std::size_t Utf8SequenceLength(std::string_view text);

// Appends the character U+`point`, which must be one: no surrogate, at most U+10FFFF.
void AppendUtf8(std::uint32_t point, std::string& out);

// At most `most` bytes from the front, so that no character is torn.
std::string_view CutUtf8(std::string_view text, std::size_t most);

// `text` with every byte that is not part of well-formed UTF-8 (RFC 3629) replaced by U+FFFD.
// Idempotent.
std::string ToUtf8(std::string_view text);

}  // namespace bouncesight
