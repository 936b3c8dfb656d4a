#include "parsers/reason/html_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "parsers/text/scan.h"
#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

struct Named {
  std::string_view name;
  std::string_view character;
};
constexpr Named kNamed[] = {
    {"lt;", "<"},     {"gt;", ">"},     {"amp;", "&"},    {"quot;", "\""},  {"apos;", "'"},
    {"nbsp;", " "},   {"copy;", "©"},   {"ndash;", "–"},  {"mdash;", "—"},  {"lsquo;", "‘"},
    {"rsquo;", "’"},  {"ldquo;", "“"},  {"rdquo;", "”"},  {"hellip;", "…"}, {"auml;", "ä"},
    {"ouml;", "ö"},   {"uuml;", "ü"},   {"Auml;", "Ä"},   {"Ouml;", "Ö"},   {"Uuml;", "Ü"},
    {"szlig;", "ß"},  {"eacute;", "é"}, {"egrave;", "è"}, {"agrave;", "à"}, {"ccedil;", "ç"},
    {"ntilde;", "ñ"}, {"oacute;", "ó"}, {"iacute;", "í"}, {"aacute;", "á"}, {"atilde;", "ã"},
    {"otilde;", "õ"}, {"ecirc;", "ê"},
};

// "#60;" and "#x3C;", at the start of `text`. 0: no reference to a character that may be shown.
std::uint32_t TakeNumbered(std::string_view& text) {
  std::string_view rest = text;
  if (!Consume(rest, "#")) return 0;
  const bool hex = Consume(rest, "x") || Consume(rest, "X");
  std::uint32_t point = 0;
  while (!rest.empty() && rest[0] != ';' && point < 0x110000) {
    const char c = ToLower(rest[0]);
    const bool digit = IsDigit(c);
    if (!digit && !(hex && c >= 'a' && c <= 'f')) return 0;
    point = point * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit ? c - '0' : c - 'a' + 10);
    rest.remove_prefix(1);
  }
  if (!Consume(rest, ";") || point < 0x20 || (point >= 0xD800 && point < 0xE000)) return 0;
  if (point >= 0x110000) return 0;
  text = rest;
  return point;
}

// Behind an '&'. False, and nothing taken: it is not a reference.
bool TakeReference(std::string_view& text, std::string& out) {
  if (const std::uint32_t point = TakeNumbered(text); point != 0) {
    AppendUtf8(point == 0xA0 ? ' ' : point, out);
    return true;
  }
  for (const Named& row : kNamed) {
    if (!Consume(text, row.name)) continue;
    out += row.character;
    return true;
  }
  return false;
}

bool IsBlock(std::string_view name) {
  static constexpr std::string_view kBlocks[] = {
      "br", "p",  "div", "tr", "li",  "ul",         "ol",   "table", "h1",    "h2",     "h3",
      "h4", "hr", "dt",  "dd", "pre", "blockquote", "body", "html",  "title", "center", "tbody"};
  return std::ranges::find(kBlocks, name) != std::end(kBlocks);
}

std::string TagName(std::string_view tag) {
  Consume(tag, "/");
  std::string name;
  while (!tag.empty() && IsAlnum(tag[0]) && name.size() < 16) {
    name += ToLower(tag[0]);
    tag.remove_prefix(1);
  }
  return name;
}

bool IsOutlookLine(std::string_view tag) {
  return FindNoCase(tag, "class=mso") != kNotFound || FindNoCase(tag, "class=\"mso") != kNotFound;
}

// True if nothing but a few blanks follows the last line end.
bool AtLineStart(std::string_view text) {
  constexpr std::size_t kMostBlanks = 64;
  for (std::size_t i = 0; i < kMostBlanks && !text.empty(); ++i) {
    if (text.back() == '\n') return true;
    if (text.back() != ' ') return false;
    text.remove_suffix(1);
  }
  return text.empty();
}

// Takes a tag off `text`, which starts with '<', and a style sheet or script with its content.
// False: what stands there is text, such as an address. `is_line`: the paragraph is one of
// Outlook's, which makes one of each line.
bool TakeTag(std::string_view& text, std::string& out, bool& is_line) {
  if (text.starts_with("<!--")) {
    const std::size_t end = text.find("-->");
    text.remove_prefix(end == kNotFound ? text.size() : end + 3);
    return true;
  }
  const std::size_t close = text.find('>');
  if (close == kNotFound || close < 2) return false;
  const std::string_view tag = text.substr(1, close - 1);
  const std::string name = TagName(tag);
  if (name.empty() && tag[0] != '!' && tag[0] != '?') return false;
  if (tag.find('@') != kNotFound && tag.find('=') == kNotFound) return false;
  text.remove_prefix(close + 1);
  if (name == "td" || name == "th") out += ' ';
  const bool opens = tag[0] != '/';
  if (name == "p" && opens) is_line = IsOutlookLine(tag);
  const bool is_open_line = name == "p" && opens && is_line && AtLineStart(out);
  if (IsBlock(name) && !is_open_line) out += '\n';
  // Two line ends: what follows a paragraph or table is a part of its own.
  if (!opens && ((name == "p" && !is_line) || name == "table")) out += '\n';
  if (tag[0] != '/' && (name == "style" || name == "script" || name == "title")) {
    const std::size_t end = FindNoCase(text, "</" + name);
    text.remove_prefix(end == kNotFound ? text.size() : end);
  }
  return true;
}

}  // namespace

bool LooksLikeHtml(std::string_view text) {
  static constexpr std::string_view kTags[] = {
      "<html", "<!doctype html", "<body", "<br>",  "<br/", "<br ", "<p>", "<p ", "<div", "<table",
      "<td",   "<pre>",          "<span", "<font", "</a>", "<b>",  "<li>"};
  return std::ranges::any_of(
      kTags, [text](std::string_view tag) { return FindNoCase(text, tag) != kNotFound; });
}

std::string HtmlToText(std::string_view html) {
  std::string out;
  std::size_t preformatted = 0;
  bool is_line = false;
  while (!html.empty()) {
    const char c = html[0];
    if (c == '<') {
      if (StartsWithNoCase(html, "<pre")) ++preformatted;
      if (StartsWithNoCase(html, "</pre") && preformatted > 0) --preformatted;
      if (TakeTag(html, out, is_line)) continue;
    }
    html.remove_prefix(1);
    if (c == '&' && TakeReference(html, out)) continue;
    const bool blank = preformatted == 0 && (c == '\n' || c == '\r' || c == '\t');
    out += blank ? ' ' : c;
  }
  return out;
}

std::string ResolveReferences(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t amp = FindOrEnd(text, '&');
    out += text.substr(0, amp);
    text.remove_prefix(amp);
    if (text.empty()) break;
    text.remove_prefix(1);
    if (!TakeReference(text, out)) out += '&';
  }
  return out;
}

}  // namespace bouncesight
