// A phrase: what a text must hold for a pattern to match, or, of a simple pattern, all of it.
#pragma once

#include <cstdint>
#include <vector>

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

}  // namespace bouncesight
