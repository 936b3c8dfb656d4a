// Addresses, host names, URLs and ids in free text: how long each is at the start of a view. All
// functions are pure, linear and do not allocate; 0 means "none starts here".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bouncesight {

// Classes of bytes, as flags of kByteClass.
inline constexpr std::uint8_t kLetter = 1;
inline constexpr std::uint8_t kDigit = 2;
inline constexpr std::uint8_t kDot = 4;
inline constexpr std::uint8_t kHyphen = 8;  // and underscore
inline constexpr std::uint8_t kBlank = 16;  // and control bytes
inline constexpr std::uint8_t kHigh = 32;   // not ASCII
inline constexpr std::uint8_t kDelimiter =
    64;  // what no address holds unquoted: < > ( ) [ ] , ; : "
inline constexpr std::uint8_t kRun = kLetter | kDigit | kDot | kHyphen;

constexpr std::array<std::uint8_t, 256> MakeByteClasses() {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t c = 0; c < 256; ++c) {
    if (c <= ' ' || c == 0x7f) table[c] = kBlank;
    if (c >= 0x80) table[c] = kHigh;
    if (c >= '0' && c <= '9') table[c] = kDigit;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) table[c] = kLetter;
  }
  table['.'] = kDot;
  table['-'] = table['_'] = kHyphen;
  for (const char c : {'<', '>', '(', ')', '[', ']', ',', ';', ':', '"'}) {
    table[static_cast<std::uint8_t>(c)] = kDelimiter;
  }
  return table;
}
inline constexpr auto kByteClasses = MakeByteClasses();
inline std::uint8_t ByteClass(char c) { return kByteClasses[static_cast<std::uint8_t>(c)]; }

// "192.0.2.1", each number at most 255, no digit or further number after it.
std::size_t Ipv4Length(std::string_view text);
// "2001:db8::1", "::ffff:192.0.2.1"; eight groups or one "::", at least two colons and a digit.
std::size_t Ipv6Length(std::string_view text);

// "mx.example.com". The last label must be a known top-level domain, or any sentence that lacks a
// blank ("does not exist.Please try") would be a host; a capitalised word glued on is cut off.
// `text` must be a run of letters, digits, dots, hyphens and underscores, without dots at its ends.
std::size_t HostLength(std::string_view text);

// The length of a URL whose scheme or host starts `text`: up to a blank, quote, bracket or
// backslash, without the sentence's punctuation at its end.
std::size_t UrlLength(std::string_view text);

// A queue id, a session id, base64, hexadecimal: nothing that a person would write. `run` as for
// HostLength, dots allowed anywhere.
bool IsOpaqueId(std::string_view run);

}  // namespace bouncesight
