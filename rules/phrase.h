// A phrase: what a text must hold for a pattern to match, or, of a simple pattern, all of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "parsers/text/ascii.h"

namespace bouncesight {

struct PhraseItem {
  enum class Kind : std::uint8_t {
    kByte,      // itself; case does not matter in ASCII
    kBoundary,  // the start or end of a word
    kStart,     // of the text
    kEnd,       // of the text
    kGap,       // anything, or nothing
    kMargin,    // any bytes, `value` of them or more: at either end of a phrase
  };
  Kind kind = Kind::kByte;
  std::uint8_t value = 0;  // of a byte or a margin

  friend bool operator==(PhraseItem, PhraseItem) = default;
};
using Phrase = std::vector<PhraseItem>;

// Whether a word of ASCII begins or ends at `at`: what `\b` is, and kBoundary.
inline bool IsWordBoundary(std::string_view text, std::size_t at) {
  const auto in_word = [](char c) { return IsAlnum(c) || c == '_'; };
  const bool before = at > 0 && in_word(text[at - 1]);
  return before != (at < text.size() && in_word(text[at]));
}

}  // namespace bouncesight
