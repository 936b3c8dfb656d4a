#include "parsers/reason/exim_escapes.h"

#include <cstddef>

#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

// The byte that the escape at the start of `text` stands for, and its length; 0: no escape.
std::size_t ReadEscape(std::string_view text, char& byte) {
  if (text.size() < 2) return 0;
  if (std::string_view("nrtbvf").find(text[1]) != std::string_view::npos) {
    byte = ' ';
    return 2;
  }
  if (text.size() < 4 || !IsOctalDigit(text[1]) || !IsOctalDigit(text[2]) || !IsOctalDigit(text[3]))
    return 0;
  const int value = (text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0');
  if (value > 255) return 0;
  byte = value < ' ' || value == 127 ? ' ' : static_cast<char>(value);
  return 4;
}

}  // namespace

std::string_view DecodeEximEscapes(std::string_view text, TextRoom& texts) {
  std::size_t at = text.find('\\');
  if (at == std::string_view::npos) return text;
  char* out = texts.Room(text.size());
  if (out == nullptr) return text;
  std::size_t size = text.copy(out, at);
  while (at < text.size()) {
    char byte = text[at];
    const std::size_t length = byte == '\\' ? ReadEscape(text.substr(at), byte) : 0;
    out[size++] = byte;
    at += length == 0 ? 1 : length;
  }
  return texts.Commit(size);
}

}  // namespace bouncesight
