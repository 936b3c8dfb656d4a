#include "metrics/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdio>

#include "parsers/text/unseen.h"
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

namespace {

void AppendJsonEscape(std::uint32_t point, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  if (point > 0xFFFF) {  // as UTF-16 has it
    AppendJsonEscape(0xD7C0 + (point >> 10U), out);
    point = 0xDC00 + (point & 0x3FFU);
  }
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += kHex[point >> shift & 0xFU];
}

}  // namespace

void AppendJsonString(std::string_view value, std::string& out) {
  const std::string clean = ToUtf8(value);
  // Nearly all is plain ASCII, which needs no closer look. Bytes above it are negative.
  const auto is_plain = [](char c) { return c >= ' ' && c != '"' && c != '\\' && c != '\x7f'; };
  out += '"';
  for (std::size_t at = 0; at < clean.size();) {
    std::size_t end = at;
    while (end < clean.size() && is_plain(clean[end])) ++end;
    out.append(clean, at, end - at);
    at = end;
    if (at == clean.size()) break;
    const std::size_t unseen = UnseenAt(clean, at);
    if (unseen != 0) {
      AppendJsonEscape(Utf8Point(std::string_view(clean).substr(at, unseen)), out);
    } else {
      if (clean[at] == '"' || clean[at] == '\\') out += '\\';
      out += clean[at];
    }
    at += std::max<std::size_t>(unseen, 1);
  }
  out += '"';
}

}  // namespace bouncesight
