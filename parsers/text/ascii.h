// The letters and digits of ASCII, whatever the locale: one place for what every reader of bytes
// asks of a byte. Bytes above 127 are none of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace bouncesight {

// What find() and its kin answer where nothing is.
inline constexpr std::size_t kNotFound = std::string_view::npos;

constexpr bool IsDigit(char c) { return static_cast<unsigned char>(c - '0') < 10; }
constexpr bool IsOctalDigit(char c) { return static_cast<unsigned char>(c - '0') < 8; }
constexpr bool IsUpper(char c) { return static_cast<unsigned char>(c - 'A') < 26; }
constexpr bool IsLower(char c) { return static_cast<unsigned char>(c - 'a') < 26; }
constexpr bool IsLetter(char c) { return IsLower(static_cast<char>(c | 0x20)); }
constexpr bool IsAlnum(char c) { return IsDigit(c) || IsLetter(c); }
constexpr bool IsHexDigit(char c) {
  return IsDigit(c) || static_cast<unsigned char>((c | 0x20) - 'a') < 6;
}
constexpr char ToLower(char c) { return IsUpper(c) ? static_cast<char>(c | 0x20) : c; }

inline std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), ToLower);
  return lower;
}

// The same in `buffer`, cut at its end: nothing is allocated.
inline std::string_view LowerCase(std::string_view text, std::span<char> buffer) {
  text = text.substr(0, buffer.size());
  std::transform(text.begin(), text.end(), buffer.begin(), ToLower);
  return {buffer.data(), text.size()};
}

constexpr bool IsAscii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

// At least one, and nothing else.
constexpr bool AllDigits(std::string_view text) {
  for (const char c : text) {
    if (!IsDigit(c)) return false;
  }
  return !text.empty();
}

}  // namespace bouncesight
