#include "parsers/mta/exim_head.h"

#include <cstddef>

#include "parsers/text/bytes16.h"
#include "parsers/text/scan.h"
#include "parsers/text/word8.h"

namespace bouncesight {
namespace {

// 'd' stands for a digit, everything else for itself.
bool Matches(std::string_view text, std::string_view shape) {
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (!(shape[i] == 'd' ? IsDigit(text[i]) : text[i] == shape[i])) return false;
  }
  return true;
}

std::string_view TakeTime(std::string_view& text) {
  constexpr const char* kMinute = "0000-00-00 00:00";
  std::size_t end = 16;
  if (text.size() < end || ShapeMask16(text.data(), kMinute) != 0xFFFF) return {};
  if (!Matches(text.substr(end), ":dd")) return {};
  end += 3;
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

// "1rNWxH-0004Ym-2S", or "1rNWxH-00000004Ymk-2Sab" since Exim 4.97.
std::size_t IdLength(std::string_view text) {
  constexpr std::size_t kOld = 16, kNew = 23;
  if (text.size() < kOld || text[6] != '-' || !AllAlnum(text.substr(0, 6))) return 0;
  const auto behind = [text](std::size_t middle, std::size_t last) {
    const std::size_t dash = 7 + middle;
    return text.size() >= dash + 1 + last && text[dash] == '-' &&
           AllAlnum(text.substr(7, middle)) && AllAlnum(text.substr(dash + 1, last));
  };
  return behind(6, 2) ? kOld : behind(11, 4) ? kNew : 0;
}

std::string_view TakeId(std::string_view& text) {
  const std::size_t length = IdLength(text);
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
