#include "metrics/json_text.h"

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

void JsonText::String(std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  Separate();
  text_ += '"';
  for (const char c : ToUtf8(value)) {
    const auto byte = static_cast<unsigned char>(c);
    // "<" and DEL too: harmless inside HTML and in a terminal.
    if (byte < ' ' || c == '<' || c == '\x7f') {
      text_ += "\\u00";
      text_ += kHex[byte >> 4];
      text_ += kHex[byte & 0xFU];
    } else {
      if (c == '"' || c == '\\') text_ += '\\';
      text_ += c;
    }
  }
  text_ += '"';
}

}  // namespace bouncesight
