#include "rules/letter_fold.h"

namespace bouncesight {
namespace {

// From U+00C0 and again from U+00E0; '*' stands for a sign or for two letters in one.
constexpr std::string_view kLatin1 = "aaaaaa*ceeeeiiiidnooooo*ouuuuyt*";
// From U+0100 to U+017F.
constexpr std::string_view kExtended =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiijjjjkkkllllllllllnnnnnnnnnoooooo**rrrrrrssss"
    "sssstttttt"
    "uuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatin1.size() == 32 && kExtended.size() == 128);

// U+0430 to U+044F, two bytes each.
constexpr std::string_view kRussian = "абвгдежзийклмнопрстуфхцчшщъыьэюя";

std::string_view FoldedLatin(int code) {
  if (code == 0xc6 || code == 0xe6) return "ae";
  if (code == 0x152 || code == 0x153) return "oe";
  if (code == 0xdf) return "ss";
  if (code == 0xff) return "y";
  const std::string_view letter = code < 0x100
                                      ? kLatin1.substr(static_cast<std::size_t>(code & 0x1f), 1)
                                      : kExtended.substr(static_cast<std::size_t>(code - 0x100), 1);
  return letter == "*" ? std::string_view() : letter;
}

}  // namespace

std::string_view FoldedLetter(char first, char second) {
  const int lead = static_cast<unsigned char>(first);
  const int tail = static_cast<unsigned char>(second);
  if ((tail & 0xc0) != 0x80) return {};
  const int code = ((lead & 0x1f) << 6) | (tail & 0x3f);
  if (lead >= 0xc3 && lead <= 0xc5) return FoldedLatin(code);
  if (code == 0x401 || code == 0x451) return kRussian.substr(10, 2);
  if ((lead == 0xd0 || lead == 0xd1) && code >= 0x410 && code <= 0x42f) {
    return kRussian.substr(static_cast<std::size_t>(code - 0x410) * 2, 2);
  }
  return {};
}

bool IsCombiningAccent(char first, char second) {
  return first == '\xcc' && (static_cast<unsigned char>(second) & 0xc0) == 0x80;
}

std::string FoldLetters(std::string_view text) {
  std::string folded;
  for (std::size_t at = 0; at < text.size();) {
    const char second = at + 1 < text.size() ? text[at + 1] : '\0';
    const std::string_view letter = FoldedLetter(text[at], second);
    if (!letter.empty()) {
      folded += letter;
      at += 2;
    } else if (IsCombiningAccent(text[at], second)) {
      at += 2;
    } else {
      folded += text[at++];
    }
  }
  return folded;
}

}  // namespace bouncesight
