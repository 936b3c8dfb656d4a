#include "parsers/reason/bounce_text_scan.h"

#include <algorithm>
#include <cstdint>

#include "parsers/event/smtp_reply.h"

namespace bouncesight {
namespace {

// U+FF01 to U+FF5E are the ASCII marks 0x21 to 0x7E, three bytes long. 0: no such character.
char FullWidthMark(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xEF') return 0;
  const auto high = static_cast<unsigned char>(text[1]);
  const auto low = static_cast<unsigned char>(text[2]);
  if (low < 0x80 || low > 0xBF) return 0;
  if (high == 0xBC && low > 0x80) return static_cast<char>(low - 0x80 + 0x20);
  if (high == 0xBD && low < 0x9F) return static_cast<char>(low - 0x80 + 0x60);
  return 0;
}

bool IsLocalByte(char c) {
  return IsAlnum(c) || std::string_view(".!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool IsDomainByte(char c) { return IsAlnum(c) || c == '.' || c == '-' || c == '_'; }

// A sentence's end is none of the domain's.
std::string_view WithoutFinalDots(std::string_view address) {
  while (address.ends_with('.')) address.remove_suffix(1);
  return address;
}

}  // namespace

bool ConsumeMark(std::string_view& text, std::string_view marks) {
  const std::string_view rest = StripLeft(text);
  if (rest.empty()) return false;
  const char wide = FullWidthMark(rest);
  const char mark = wide != 0 ? wide : rest[0];
  if (marks.find(mark) == std::string_view::npos) return false;
  text = StripLeft(rest.substr(wide != 0 ? 3 : 1));
  return true;
}

bool TakeAddress(std::string_view& text, std::string_view& address) {
  if (text.starts_with("<<")) return false;  // a reply in a transcript
  if (text.starts_with('<')) {
    const std::size_t close = ClosingAngle(text);
    if (close == std::string_view::npos) return false;
    const std::string_view inside = text.substr(1, close - 1);
    if (inside.find('@') == std::string_view::npos) return false;
    address = inside;
    text.remove_prefix(close + 1);
    return true;
  }
  std::size_t at = 0;
  while (at < text.size() && IsLocalByte(text[at])) ++at;
  if (at == 0 || at == text.size() || text[at] != '@') return false;
  std::size_t end = at + 1;
  while (end < text.size() && IsDomainByte(text[end])) ++end;
  const std::string_view found = WithoutFinalDots(text.substr(0, end));
  if (found.size() < at + 2) return false;
  address = found;
  text.remove_prefix(found.size());
  return true;
}

std::string_view FindAddress(std::string_view text) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t start = at;
    while (start > 0 && IsLocalByte(text[start - 1])) --start;
    while (start < at && text[start] == '\'') ++start;  // "'ann@example.com'"
    std::string_view rest = text.substr(start);
    std::string_view address;
    if (TakeAddress(rest, address)) return address;
  }
  return {};
}

std::size_t QuotationEnd(std::string_view text, char quote) {
  for (std::size_t at = text.find(quote); at != std::string_view::npos;
       at = text.find(quote, at + 1)) {
    const std::string_view behind = SkipBlanks(text.substr(at + 1));
    if (!behind.empty() && std::string_view(",.;:)]}").find(behind[0]) == std::string_view::npos)
      continue;
    // A list of the reply's lines: "550-…", "550 …".
    std::string_view next = SkipBlanks(behind.substr(std::min<std::size_t>(1, behind.size())));
    const bool more = behind.starts_with(',') && next.size() > 4 && IsQuote(next[0]) &&
                      next.substr(1, 3) == text.substr(0, 3) && IsDigit(next[1]);
    if (!more) return at;
  }
  return text.size();
}

bool IsPort(std::string_view text, std::size_t at) {
  if (at < 2 || text[at - 1] != ':' || text[at - 2] == ' ') return false;
  const std::string_view number = text.substr(at, 3);
  const char before = text[at - 2];
  return IsDigit(before) || before == ']' || number == "465" || number == "587";
}

bool IsReply(std::string_view text) {
  const std::uint16_t code = ReplyCodeAt(text);
  return code >= 200 && code < 600 && text.size() > 3 && !IsAlnum(text[3]);
}

bool IsRefusal(std::string_view text) { return IsReply(text) && text[0] >= '4'; }

}  // namespace bouncesight
