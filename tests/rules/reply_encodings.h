// A reply as mail, web pages and programs write it.
#pragma once

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <iconv.h>

namespace bouncesight {

inline std::string InBase64(std::string_view text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    unsigned bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8U | (at + i < text.size() ? static_cast<std::uint8_t>(text[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += at + i > text.size() ? '=' : kDigits[bits >> (18 - 6 * i) & 63U];
    }
    if (at % 57 == 54) out += '\n';
  }
  return out;
}

// Lines are broken wherever they reach 72 columns, as RFC 2045 wants it.
inline std::string InQuotedPrintable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    char code[4] = {c, 0, 0, 0};
    if (byte < 32 || byte > 126 || c == '=') std::snprintf(code, sizeof code, "=%02X", byte);
    if (c == '\n') {
      out += c;
      column = 0;
      continue;
    }
    if (column > 72) {
      out += "=\n";
      column = 0;
    }
    out += code;
    column += std::string_view(code).size();
  }
  return out;
}

// Empty: a sign that the set does not have.
inline std::string InCharset(const std::string& text, const char* charset) {
  const iconv_t to = iconv_open(charset, "UTF-8");
  std::string out(text.size() * 4 + 16, '\0');
  char* in = const_cast<char*>(text.data());
  char* at = out.data();
  std::size_t in_left = text.size();
  std::size_t left = out.size();
  const bool whole = iconv(to, &in, &in_left, &at, &left) != static_cast<std::size_t>(-1);
  iconv_close(to);
  out.resize(whole ? out.size() - left : 0);
  return out;
}

inline std::string InHtml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A mail message with one part.
inline std::string AsMail(std::string_view charset, std::string_view encoding,
                          std::string_view body) {
  std::string mail =
      "From: MAILER-DAEMON@mx9.example.org\nTo: kim@example.org\nSubject: Undelivered Mail\n"
      "MIME-Version: 1.0\nContent-Type: text/plain; charset=";
  mail.append(charset).append("\nContent-Transfer-Encoding: ").append(encoding).append("\n\n");
  return mail.append(body).append("\n");
}

// The bytes of a Python literal b'…'; empty: it would be one of another kind.
inline std::string InPythonBytes(std::string_view text) {
  const bool plain = std::ranges::all_of(
      text, [](char c) { return c >= ' ' && c < 127 && c != '\'' && c != '\\'; });
  return plain ? "b'" + std::string(text) + "'" : "";
}

}  // namespace bouncesight
