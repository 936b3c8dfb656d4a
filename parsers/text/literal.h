// Comparisons with words that stand in the program, for what runs for every line. Their length is
// known when they are compiled, so each is a load or two in line. starts_with and == are two calls,
// strlen and memcmp, wherever a compiler has used up what it may inline in one source, as in the
// groups of a release: 15 % of the time of a mixed log.
//
// "words" are literals: they end in a NUL that does not count.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace bouncesight {

template <std::size_t size>
[[gnu::always_inline]] inline bool StartsWith(std::string_view text, const char (&words)[size]) {
  return text.size() >= size - 1 && std::memcmp(text.data(), words, size - 1) == 0;
}

template <std::size_t size>
[[gnu::always_inline]] inline bool Is(std::string_view text, const char (&words)[size]) {
  return text.size() == size - 1 && std::memcmp(text.data(), words, size - 1) == 0;
}

// As text.h's, which takes any prefix.
template <std::size_t size>
[[gnu::always_inline]] inline bool Consume(std::string_view& text, const char (&words)[size]) {
  if (!StartsWith(text, words)) return false;
  text.remove_prefix(size - 1);
  return true;
}

}  // namespace bouncesight
