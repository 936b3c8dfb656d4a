// Letters beyond ASCII without capital and accent, so that "Boîte", "BOÎTE" and "boite" are one
// word to a pattern, as are "Ящик" and "ящик". Servers lose accents, and Hyperscan folds the case
// of ASCII only.
#pragma once

#include <string>
#include <string_view>

namespace bouncesight {

// What a letter of two bytes in UTF-8 becomes: "e" for an E with any accent, "ss", "ae", "oe" where
// two letters are written as one, a small letter for a capital of the Russian alphabet. Empty: not
// such a letter (U+00C0 to U+017F, U+0401, U+0410 to U+042F, U+0451). The view is constant data.
std::string_view FoldedLetter(char first, char second);

// True for a combining accent (U+0300 to U+033F), which folding drops.
bool IsCombiningAccent(char first, char second);

// The same for a whole text: a pattern is folded as the words are.
std::string FoldLetters(std::string_view text);

}  // namespace bouncesight
