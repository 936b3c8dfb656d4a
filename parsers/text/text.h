// Small steps over text that several parsers take. All are pure, bounded by their input and
// inlined: they run for every line.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace bouncesight {

inline bool IsDigit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

inline bool IsAlnum(char c) {
  const auto lower = static_cast<unsigned char>(c | 0x20);
  return IsDigit(c) || static_cast<unsigned char>(lower - 'a') < 26;
}

// The position of `c` in text, or text.size().
inline std::size_t FindOrEnd(std::string_view text, char c) {
  const void* at = text.empty() ? nullptr : std::memchr(text.data(), c, text.size());
  return at == nullptr ? text.size()
                       : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

// The same for a `c` that is probably near: eight bytes a step, in line. A call of memchr costs as
// much as several steps.
inline std::size_t FindNear(std::string_view text, char c) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  const std::uint64_t pattern = kOnes * static_cast<unsigned char>(c);
  std::size_t at = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (; at + 8 <= text.size(); at += 8) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, text.data() + at, 8);
      bytes ^= pattern;
      const std::uint64_t zeros = (bytes - kOnes) & ~bytes & (kOnes << 7);
      if (zeros != 0) return at + static_cast<std::size_t>(std::countr_zero(zeros)) / 8;
    }
  }
  while (at < text.size() && text[at] != c) ++at;
  return at;
}

// Takes `prefix` off `text` if it stands there.
inline bool Consume(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Takes `suffix` off `text` if it stands there.
inline bool ConsumeEnd(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

inline std::string_view SkipBlanks(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return text.substr(at);
}

inline std::string_view TrimEnd(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

inline std::string_view Trim(std::string_view text) { return TrimEnd(SkipBlanks(text)); }

inline bool AllDigits(std::string_view text) {
  for (const char c : text) {
    if (!IsDigit(c)) return false;
  }
  return !text.empty();
}

// Takes what stands before `separator` off `text`, and the separator with it. False, and nothing
// taken: there is none.
inline bool TakeUntil(std::string_view& text, std::string_view separator, std::string_view& taken) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return false;
  taken = text.substr(0, at);
  text.remove_prefix(at + separator.size());
  return true;
}

// "12.5" or "12": a plain decimal number, the whole of `text`. -1: it is none.
double ParseSeconds(std::string_view text);

}  // namespace bouncesight
