#include "parsers/mta/exim_head.h"

#include <cstddef>

#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// 'd' stands for a digit, 'w' for a letter or digit, everything else for itself.
bool Matches(std::string_view text, std::string_view shape) {
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool same = shape[i] == 'd'   ? IsDigit(text[i])
                      : shape[i] == 'w' ? IsAlnum(text[i])
                                        : text[i] == shape[i];
    if (!same) return false;
  }
  return true;
}

std::string_view TakeTime(std::string_view& text) {
  constexpr std::string_view kStamp = "dddd-dd-dd dd:dd:dd";
  if (!Matches(text, kStamp)) return {};
  std::size_t end = kStamp.size();
  if (end < text.size() && text[end] == '.') {
    ++end;
    while (end < text.size() && IsDigit(text[end])) ++end;
  }
  const std::string_view rest = text.substr(end);
  if (Matches(rest, " +dddd") || Matches(rest, " -dddd")) end += 6;
  if (end < text.size() && text[end] != ' ') return {};
  const std::string_view time = text.substr(0, end);
  text = StripLeft(text.substr(end));
  return time;
}

// "[340] ", as log_selector +pid has it.
void SkipPid(std::string_view& text) {
  if (!text.starts_with('[')) return;
  std::size_t at = 1;
  while (at < text.size() && IsDigit(text[at])) ++at;
  if (at == 1 || !text.substr(at).starts_with("] ")) return;
  text.remove_prefix(at + 2);
}

std::string_view TakeId(std::string_view& text) {
  std::size_t length = 0;
  if (Matches(text, "wwwwww-wwwwww-ww")) length = 16;
  if (Matches(text, "wwwwww-wwwwwwwwwww-wwww")) length = 23;
  if (length == 0 || (length < text.size() && text[length] != ' ')) return {};
  const std::string_view id = text.substr(0, length);
  text = StripLeft(text.substr(length));
  return id;
}

// "[2/3] " or "[2\3] ".
void TakePieceMark(EximHead& head) {
  std::string_view rest = head.text;
  if (!Consume(rest, "[")) return;
  const unsigned piece = TakeNumber(rest, 1000);
  if (piece == 0 || (!Consume(rest, "/") && !Consume(rest, "\\"))) return;
  const unsigned pieces = TakeNumber(rest, 1000);
  if (pieces < piece || !Consume(rest, "] ")) return;
  head.piece = piece;
  head.pieces = pieces;
  head.text = rest;
}

}  // namespace

EximHead SplitEximHead(std::string_view message) {
  EximHead head;
  head.text = message;
  TakePieceMark(head);
  head.time = TakeTime(head.text);
  SkipPid(head.text);
  head.id = TakeId(head.text);
  return head;
}

}  // namespace bouncesight
