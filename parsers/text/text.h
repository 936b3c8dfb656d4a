// parsers/text: bytes and words, before anybody asks what they mean. The room looks into no other.
//
//   ascii.h          what a byte is: digit, letter, hexadecimal; lower case
//   text.h           the small steps that run for every line, inlined; literal.h: with literals
//   scan.h           more of them, for less regular lines; addresses out of lists, durations
//   endpoint.h       "mx.example.com[192.0.2.1]:25"
//   ip_network.h     addresses and networks as numbers
//   timestamp.h      where a time stamp ends; civil_time.h what it says; minute_memo.h
//   bytes16.h        sixteen bytes at a time; word8.h: eight; hash.h: the hash functions
//   utf8.h           well-formed UTF-8, and what to do with the rest
//   charset.h        any encoding to clean UTF-8; charset_guess.h, recode.h
//   text_room.h      room for text that does not stand in the line as it should read
//   columns.h        how wide text is on a terminal; padding, cutting, wrapping
//
// Everything works on views, reads no byte past their end and takes time linear in them; only what
// gives a std::string or a vector allocates, and what says so in its header. Nothing fails: what is
// not there comes back empty, false or npos. A view that is handed out points into the text that
// was given, or into a TextRoom, and lives as long as that.
//
// This file: small steps over text that several parsers take.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "parsers/text/ascii.h"

namespace bouncesight {

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

namespace text_detail {

template <typename Word>
bool SameWord(const char* a, const char* b) {
  Word left = 0, right = 0;
  std::memcpy(&left, a, sizeof left);
  std::memcpy(&right, b, sizeof right);
  return left == right;
}

}  // namespace text_detail

// As ==, for what is short and mostly the same as the last time, such as a host: in line, eight
// bytes a step and loads that overlap, where == calls memcmp.
inline bool SameBytes(std::string_view a, std::string_view b) {
  using text_detail::SameWord;
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  const char *const one = a.data(), *const other = b.data();
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) {
      if (!SameWord<std::uint64_t>(one + at, other + at)) return false;
    }
    return SameWord<std::uint64_t>(one + size - 8, other + size - 8);
  }
  if (size >= 4) {
    return SameWord<std::uint32_t>(one, other) &&
           SameWord<std::uint32_t>(one + size - 4, other + size - 4);
  }
  return size == 0 || (one[0] == other[0] && one[size / 2] == other[size / 2] &&
                       one[size - 1] == other[size - 1]);
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

// "<a@example.com>" and "<a@example.com" without their brackets.
inline std::string_view WithoutBrackets(std::string_view address) {
  if (address.starts_with('<')) {
    address.remove_prefix(1);
    if (address.ends_with('>')) address.remove_suffix(1);
  }
  return address;
}

inline std::string_view Trim(std::string_view text) { return TrimEnd(SkipBlanks(text)); }

// Takes what stands before `separator` off `text`, and the separator with it. False, and nothing
// taken: there is none.
inline bool TakeUntil(std::string_view& text, std::string_view separator, std::string_view& taken) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return false;
  taken = text.substr(0, at);
  text.remove_prefix(at + separator.size());
  return true;
}

// "12.5" or "12": a plain decimal number, the whole of `text`. -1: it is not one.
double ParseSeconds(std::string_view text);

}  // namespace bouncesight
