#include "metrics/safe_text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "parsers/text/unseen.h"
#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

bool StartsFormula(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  if (std::string_view("\t\r\n").find(text.front()) != std::string_view::npos) return true;
  constexpr std::array<std::string_view, 8> kSigns = {
      "=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
  for (const std::string_view sign : kSigns) {
    if (text.substr(first).starts_with(sign)) return true;
  }
  return false;
}

std::string_view EntityOf(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  const std::string clean = ToUtf8(text);
  for (std::size_t at = 0; at < clean.size();) {
    const std::string_view entity = EntityOf(clean[at]);
    const std::size_t unseen = clean[at] == '\n' ? 0 : UnseenAt(clean, at);
    if (unseen != 0) {
      out += kReplacement;
    } else if (!entity.empty()) {
      out += entity;
    } else {
      out += clean[at];
    }
    at += std::max<std::size_t>(unseen, 1);
  }
  return out;
}

std::string CsvField(std::string_view text) {
  std::string out;
  const bool quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
  const std::string clean = ToUtf8(text);
  if (quoted) out += '"';
  if (StartsFormula(text)) out += '\'';
  for (std::size_t at = 0; at < clean.size();) {
    const char c = clean[at];
    const std::size_t unseen = c == '\t' || c == '\r' || c == '\n' ? 0 : UnseenAt(clean, at);
    if (c == '"') out += '"';
    if (unseen != 0) {
      out += kReplacement;
    } else {
      out += c;
    }
    at += std::max<std::size_t>(unseen, 1);
  }
  if (quoted) out += '"';
  return out;
}

}  // namespace bouncesight
