// Characters that a reader does not see, or that change how the rest is shown: strangers may write
// them, and nothing that a person looks at holds them. This file alone says which they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bouncesight {

// The well-formed sequence `character` is a control character (C0, DEL, C1), a mark that turns the
// direction of writing, a separator of lines or paragraphs, or a byte order mark. The parsers make
// blanks of them (charset.h).
bool IsSteering(std::string_view character);

// Bytes of the character at `at`, if it is one of those, or is not seen: zero width, a tag, an
// annotation's mark. 0: it is seen. The joiners of Arabic and Indic words and of pictures are seen
// by what they join. Variation selectors are left: they only choose a form of what is seen.
std::size_t UnseenAt(std::string_view text, std::size_t at);

// Any bytes as one line for a terminal: control characters become blanks, what else is not seen and
// what is not UTF-8 U+FFFD. Idempotent.
std::string ShownLine(std::string_view text);

// The number of the character that the well-formed sequence `character` is.
std::uint32_t Utf8Point(std::string_view character);

// How a message spells the character that is not seen, or the byte that is no UTF-8: "\x1b",
// "\u202e", "\U000e0041". YAML reads it in double quotes.
std::string EscapeOf(std::string_view character);

// Any bytes as one line that shows each of them: what is not seen, and what is not UTF-8, by
// EscapeOf.
std::string SpelledLine(std::string_view text);

}  // namespace bouncesight
