// Eight bytes in one word, for short names that most lines have.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "parsers/text/ascii.h"

namespace bouncesight {

// Whether each of the eight bytes at `at` is an ASCII letter or digit.
inline bool AreAlnum8(const char* at) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kTops = kOnes << 7U;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  // The top bit of each byte of `x`, which is below 128, says whether it is `from` at least.
  const auto from = [](std::uint64_t x, unsigned char least) {
    return x + kOnes * (0x80U - least);
  };
  const std::uint64_t low = bytes & ~kTops, letters = low | kOnes * 0x20;
  const std::uint64_t digit = from(low, '0') & ~from(low, '9' + 1);
  const std::uint64_t letter = from(letters, 'a') & ~from(letters, 'z' + 1);
  return ((digit | letter) & ~bytes & kTops) == kTops;
}

// Whether all bytes of `text` are letters or digits; so are those of an empty one.
inline bool AllAlnum(std::string_view text) {
  if (text.size() < 8) return std::ranges::all_of(text, [](char c) { return IsAlnum(c); });
  for (std::size_t at = 0; at + 8 < text.size(); at += 8) {
    if (!AreAlnum8(text.data() + at)) return false;
  }
  return AreAlnum8(text.data() + text.size() - 8);
}

}  // namespace bouncesight
