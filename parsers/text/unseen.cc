#include "parsers/text/unseen.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

constexpr std::string_view kUnseenMark = "\xEF\xBF\xBD";

struct Span {
  std::uint32_t first, last;
};

// Beside what IsSteering tells.
constexpr Span kUnseen[] = {
    {0x180E, 0x180E},    // the Mongolian vowel separator
    {0x200B, 0x200D},    // zero width: space, non-joiner, joiner
    {0x2060, 0x206F},    // word joiner, invisible signs of mathematics, old marks of direction
    {0xFFF9, 0xFFFB},    // interlinear annotation
    {0xE0000, 0xE007F},  // tags
};

// Scripts whose letters change their form with their neighbours', from Arabic to Khmer.
constexpr Span kJoiningScripts[] = {
    {0x0620, 0x109F}, {0x1780, 0x18AA}, {0xA840, 0xABFF}, {0xFB50, 0xFDFF}, {0xFE70, 0xFEFC}};

bool IsJoiner(std::uint32_t point) { return point == 0x200C || point == 0x200D; }
bool IsPicture(std::uint32_t point) {
  return (point >= 0x1F000 && point <= 0x1FAFF) || (point >= 0x2600 && point <= 0x27BF) ||
         point == 0xFE0F;
}

template <std::size_t kSize>
bool IsIn(const Span (&spans)[kSize], std::uint32_t point) {
  return std::ranges::any_of(
      spans, [point](Span span) { return point >= span.first && point <= span.last; });
}

// The character before `at`; 0: none, or no UTF-8.
std::uint32_t PointBefore(std::string_view text, std::size_t at) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(at, 4); ++length) {
    const std::string_view character = text.substr(at - length, length);
    if (Utf8SequenceLength(character) == length) return Utf8Point(character);
  }
  return 0;
}

bool Joins(std::string_view text, std::size_t at, std::uint32_t joiner) {
  const std::uint32_t before = PointBefore(text, at);
  return IsIn(kJoiningScripts, before) || (joiner == 0x200D && IsPicture(before));
}

bool IsC0(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }

}  // namespace

bool IsSteering(std::string_view character) {
  const auto byte = [character](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return IsC0(character[0]);
  if (character.size() == 2)
    return (byte(0) == 0xC2 && byte(1) < 0xA0) || (byte(0) == 0xD8 && byte(1) == 0x9C);
  if (character.size() != 3) return false;
  if (byte(0) == 0xEF) return byte(1) == 0xBB && byte(2) == 0xBF;
  if (byte(0) != 0xE2) return false;
  if (byte(1) == 0x80)
    return (byte(2) >= 0xA8 && byte(2) <= 0xAE) || byte(2) == 0x8E || byte(2) == 0x8F;
  return byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;
}

std::size_t UnseenAt(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const std::size_t length = Utf8SequenceLength(text.substr(at, 4));
  if (length == 0) return 0;
  const std::string_view character = text.substr(at, length);
  if (IsSteering(character)) return length;
  const std::uint32_t point = Utf8Point(character);
  if (!IsIn(kUnseen, point) || (IsJoiner(point) && Joins(text, at, point))) return 0;
  return length;
}

std::string ShownLine(std::string_view text) {
  const std::string clean = ToUtf8(text);
  std::string shown;
  shown.reserve(clean.size());
  for (std::size_t at = 0; at < clean.size();) {
    const std::size_t unseen = UnseenAt(clean, at);
    if (unseen == 0) {
      shown += clean[at++];
      continue;
    }
    shown += IsC0(clean[at]) ? std::string_view(" ") : kUnseenMark;
    at += unseen;
  }
  return shown;
}

std::uint32_t Utf8Point(std::string_view character) {
  const unsigned lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead;
  std::uint32_t point = lead & (0x7FU >> character.size());
  for (std::size_t i = 1; i < character.size(); ++i)
    point = point << 6U | (static_cast<unsigned char>(character[i]) & 0x3FU);
  return point;
}

std::string EscapeOf(std::string_view character) {
  const bool one = character.size() == 1;
  const std::uint32_t point = one ? static_cast<unsigned char>(character[0]) : Utf8Point(character);
  const char* const form = one ? "\\x%02x" : point > 0xFFFF ? "\\U%08x" : "\\u%04x";
  std::array<char, 12> escape;
  std::snprintf(escape.data(), escape.size(), form, static_cast<unsigned>(point));
  return escape.data();
}

std::string SpelledLine(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = Utf8SequenceLength(text.substr(at, 4));
    const std::string_view character = text.substr(at, std::max<std::size_t>(length, 1));
    if (length == 0 || UnseenAt(text, at) != 0) {
      line += EscapeOf(character);
    } else {
      line += character;
    }
    at += character.size();
  }
  return line;
}

}  // namespace bouncesight
