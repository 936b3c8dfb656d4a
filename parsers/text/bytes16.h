// Sixteen bytes at a time, for what is asked of every line: by SSE2, which each amd64 has, so that
// nothing must be found out at run time; elsewhere by a loop that says the same.
//
// Each function reads exactly the sixteen bytes from `at` on, and gives a mask: bit i is byte i's.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "parsers/text/ascii.h"

namespace bouncesight {

#if defined(__SSE2__)

namespace bytes16_detail {

inline __m128i Load(const char* at) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}
inline std::uint32_t MaskOf(__m128i bytes) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
}
inline __m128i Digits(__m128i bytes) {
  const __m128i from_zero = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  return _mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(9)), from_zero);
}

}  // namespace bytes16_detail

// The bytes that are `c`.
inline std::uint32_t EqualMask16(const char* at, char c) {
  using namespace bytes16_detail;
  return MaskOf(_mm_cmpeq_epi8(Load(at), _mm_set1_epi8(c)));
}

// The bytes that are `c`, or differ from it in nothing but the bit that tells the cases of a
// letter.
inline std::uint32_t CaselessMask16(const char* at, char c) {
  using namespace bytes16_detail;
  const __m128i bit = _mm_set1_epi8(0x20);
  return MaskOf(_mm_cmpeq_epi8(_mm_or_si128(Load(at), bit), _mm_or_si128(_mm_set1_epi8(c), bit)));
}

inline std::uint32_t DigitMask16(const char* at) {
  using namespace bytes16_detail;
  return MaskOf(Digits(Load(at)));
}

// The bytes that equal those of `shape`, where '0' stands for any digit.
inline std::uint32_t ShapeMask16(const char* at, const char* shape) {
  using namespace bytes16_detail;
  const __m128i bytes = Load(at);
  const __m128i digits = Digits(bytes);
  const __m128i shaped =
      _mm_or_si128(_mm_andnot_si128(digits, bytes), _mm_and_si128(digits, _mm_set1_epi8('0')));
  return MaskOf(_mm_cmpeq_epi8(shaped, Load(shape)));
}

// Printable ASCII but '#', which may begin an escape.
inline std::uint32_t PlainMask16(const char* at) {
  using namespace bytes16_detail;
  const __m128i bytes = Load(at);  // as signed numbers, those above 127 are below the blank
  const __m128i printable = _mm_cmpgt_epi8(bytes, _mm_set1_epi8(0x1F));
  const __m128i odd = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)),
                                   _mm_cmpeq_epi8(bytes, _mm_set1_epi8('#')));
  return MaskOf(_mm_andnot_si128(odd, printable));
}

#else

namespace bytes16_detail {

template <typename Holds>
std::uint32_t MaskOf(Holds holds) {
  std::uint32_t mask = 0;
  for (unsigned i = 0; i < 16; ++i) mask |= holds(i) ? std::uint32_t{1} << i : 0U;
  return mask;
}

}  // namespace bytes16_detail

inline std::uint32_t EqualMask16(const char* at, char c) {
  return bytes16_detail::MaskOf([=](unsigned i) { return at[i] == c; });
}

inline std::uint32_t CaselessMask16(const char* at, char c) {
  return bytes16_detail::MaskOf([=](unsigned i) { return ((at[i] ^ c) & ~0x20) == 0; });
}

inline std::uint32_t DigitMask16(const char* at) {
  return bytes16_detail::MaskOf([=](unsigned i) { return IsDigit(at[i]); });
}

inline std::uint32_t ShapeMask16(const char* at, const char* shape) {
  return bytes16_detail::MaskOf(
      [=](unsigned i) { return (IsDigit(at[i]) ? '0' : at[i]) == shape[i]; });
}

inline std::uint32_t PlainMask16(const char* at) {
  return bytes16_detail::MaskOf(
      [=](unsigned i) { return at[i] >= ' ' && at[i] < 0x7F && at[i] != '#'; });
}

#endif

}  // namespace bouncesight
