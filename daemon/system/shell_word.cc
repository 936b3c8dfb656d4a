#include "daemon/system/shell_word.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>

#include "parsers/text/ascii.h"
#include "parsers/text/unseen.h"
#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

bool IsPlainInShell(char c) {
  constexpr std::string_view kSigns = "_-./:@%+,";
  return IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80 || kSigns.find(c) != kSigns.npos;
}

// Bytes of what must be spelled at `at`; 0: it may be shown.
std::size_t HiddenAt(std::string_view name, std::size_t at) {
  const bool good = Utf8SequenceLength(name.substr(at, 4)) != 0;
  return good ? UnseenAt(name, at) : 1;
}

std::string Spelled(std::string_view name) {
  std::string word = "$'";
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t hidden = HiddenAt(name, at);
    for (std::size_t i = at; i < at + hidden; ++i) {
      std::array<char, 5> octal;  // three digits at most, whatever follows
      std::snprintf(octal.data(), octal.size(), "\\%03o", static_cast<unsigned char>(name[i]));
      word += octal.data();
    }
    if (hidden != 0) {
      at += hidden;
      continue;
    }
    const std::size_t length = Utf8SequenceLength(name.substr(at, 4));
    if (name[at] == '\'' || name[at] == '\\') word += '\\';
    word += name.substr(at, length);
    at += length;
  }
  return word + "'";
}

std::string SingleQuoted(std::string_view name) {
  std::string word = "'";
  for (const char c : name) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

}  // namespace

std::string ShellWord(std::string_view name) {
  if (name.size() > 1 && name.front() == '-') return ShellWord("./" + std::string(name));
  for (std::size_t at = 0; at < name.size();) {
    if (HiddenAt(name, at) != 0) return Spelled(name);
    at += Utf8SequenceLength(name.substr(at, 4));
  }
  const bool plain = !name.empty() && std::ranges::all_of(name, IsPlainInShell);
  return plain ? std::string(name) : SingleQuoted(name);
}

}  // namespace bouncesight
