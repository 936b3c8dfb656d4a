#include "metrics/json_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "parsers/text/utf8.h"

namespace bouncesight {

void JsonText::Decimal(double value) {
  if (!std::isfinite(value)) return Null();
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.3f", value);
  Separate();
  text_ += buffer;
}

void JsonText::Shortest(double value) {
  if (!std::isfinite(value)) return Null();
  std::array<char, 32> digits;
  Separate();
  text_.append(digits.data(),
               std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

void AppendJsonString(std::string_view value, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : ToUtf8(value)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || c == '\x7f') {  // DEL, too: harmless in a terminal
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xFU];
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  out += '"';
}

}  // namespace bouncesight
