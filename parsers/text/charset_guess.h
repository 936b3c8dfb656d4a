// Which encoding a text that is not clean UTF-8 was written in.
#pragma once

#include <cstdint>
#include <string_view>

namespace bouncesight {

enum class Encoding : std::uint8_t { kUtf8, kGb18030, kBig5, kLatin1 };

// A guess from the bytes alone, linear in them:
// UTF-8 if it is well formed but for a cut end, or mostly so;
// GB18030 or Big5 if the upper half pairs up and most pairs are common characters of that set;
// Latin-1 if single letters of the upper half stand among ASCII letters.
// kUtf8 also where nothing fits: bytes that are not UTF-8 are then replaced.
Encoding GuessEncoding(std::string_view text);

}  // namespace bouncesight
