#include "parsers/event/smtp_reply.h"

#include <charconv>

#include "parsers/text/text.h"

namespace bouncesight {
namespace {

// At most three digits, no more following: RFC 3463 allows 0 to 999.
bool ReadNumber(std::string_view text, std::size_t& at, std::uint16_t& number) {
  std::size_t end = at;
  unsigned value = 0;
  while (end < text.size() && end < at + 4 && IsDigit(text[end])) {
    value = value * 10 + static_cast<unsigned>(text[end] - '0');
    ++end;
  }
  if (end == at || end == at + 4) return false;
  at = end;
  number = static_cast<std::uint16_t>(value);
  return true;
}

// qmail and its kin put the code at the end: "no such mailbox (#5.1.1)".
EnhancedCode QmailCode(std::string_view text) {
  for (std::size_t at = text.find("(#"); at != std::string_view::npos;
       at = text.find("(#", at + 2)) {
    std::size_t length = 0;
    const EnhancedCode code = ParseEnhancedCode(SkipBlanks(text.substr(at + 2)), length);
    if (code.present()) return code;
  }
  return {};
}

}  // namespace

std::string_view FormatEnhancedCode(EnhancedCode code, EnhancedCodeText& buffer) {
  if (!code.present()) return {};
  char* at = buffer.data();
  char* const end = at + buffer.size();
  at = std::to_chars(at, end, code.status_class).ptr;
  *at++ = '.';
  at = std::to_chars(at, end, code.subject).ptr;
  *at++ = '.';
  at = std::to_chars(at, end, code.detail).ptr;
  return {buffer.data(), static_cast<std::size_t>(at - buffer.data())};
}

std::string_view PhaseName(Phase phase) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "", "connect", "ehlo", "tls", "auth", "mail", "rcpt", "data", "end_of_data", "quit"};
  return kNames[static_cast<std::size_t>(phase)];
}

EnhancedCode ParseEnhancedCode(std::string_view text, std::size_t& length) {
  length = 0;
  if (text.size() < 5 || text[1] != '.') return {};
  if (text[0] != '2' && text[0] != '4' && text[0] != '5') return {};
  EnhancedCode code;
  std::size_t at = 2;
  if (!ReadNumber(text, at, code.subject) || at >= text.size() || text[at] != '.') return {};
  ++at;
  if (!ReadNumber(text, at, code.detail)) return {};
  if (at < text.size() &&
      (IsDigit(text[at]) || (text[at] == '.' && at + 1 < text.size() && IsDigit(text[at + 1])))) {
    return {};
  }
  code.status_class = static_cast<std::uint8_t>(text[0] - '0');
  length = at;
  return code;
}

std::uint16_t ReplyCodeAt(std::string_view text) {
  if (text.size() < 3 || !IsDigit(text[0]) || !IsDigit(text[1]) || !IsDigit(text[2])) return 0;
  if (text.size() > 3 && (IsDigit(text[3]) || text[3] == '.')) return 0;
  return static_cast<std::uint16_t>((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
}

Reply ParseReply(std::string_view text) {
  Reply reply;
  reply.text = text;
  std::string_view rest = SkipBlanks(text);
  reply.code = ReplyCodeAt(rest);
  if (reply.code != 0) {
    rest.remove_prefix(3);
    if (!rest.empty() && (rest[0] == '-' || rest[0] == ':')) rest.remove_prefix(1);
    rest = SkipBlanks(rest);
  }
  // Some servers put a '#' or a bracket before the code: "550 #5.1.0 …", "550 [5.7.1] …".
  if (!rest.empty() && (rest[0] == '#' || rest[0] == '[' || rest[0] == '(')) rest.remove_prefix(1);
  std::size_t length = 0;
  reply.enhanced = ParseEnhancedCode(rest, length);
  if (!reply.enhanced.present()) reply.enhanced = QmailCode(rest);
  return reply;
}

}  // namespace bouncesight
