#include "parsers/reason/bounce_text_notice.h"

#include <cstddef>

#include "parsers/reason/bounce_text_scan.h"

namespace bouncesight {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// What a Chinese notification puts between the address and the reason.
constexpr std::string_view kChinese[] = {"由於以下原因被退回", "由于以下原因被退回"};

// The address in "The message to ADDR" or "你發送到 ADDR", which may have a report in front of it
// that names the sender too.
std::string_view RecipientIn(std::string_view before) {
  std::size_t start = 0;
  for (const std::string_view words : {"essage to ", "發送到", "发送到"}) {
    const std::size_t at = before.rfind(words);
    if (at != kNone && at > start) start = at;
  }
  return FindAddress(before.substr(start));
}

// What stands behind the words, up to an empty line; and the address in front of them.
bool Split(std::string_view& text, std::size_t words, std::size_t length, Reason& outer) {
  std::string_view behind = text.substr(words + length);
  if (!ConsumeMark(behind, ":")) return false;
  if (outer.recipient.empty()) outer.recipient = RecipientIn(text.substr(0, words));
  text = Strip(behind.substr(0, behind.find("\n\n")));
  return true;
}

}  // namespace

bool PeelBouncedBecause(std::string_view& text, Reason& outer) {
  constexpr std::string_view kEnglish = "is bounced because";
  const std::size_t english = FindNoCase(text, kEnglish);
  if (english != kNone && Split(text, english, kEnglish.size(), outer)) return true;
  for (const std::string_view words : kChinese) {
    const std::size_t at = text.find(words);
    if (at != kNone && Split(text, at, words.size(), outer)) return true;
  }
  return false;
}

bool PeelNotice(std::string_view& text, Reason& outer) {
  if (!StartsWithNoCase(text, "Hi. This is the ")) return false;
  // Behind this mark stands the message that came back, with addresses of its own.
  std::string_view rest = text.substr(0, text.find("--- Below this line"));
  for (std::size_t at = rest.find('<'); at != kNone; at = rest.find('<')) {
    rest.remove_prefix(at);
    std::string_view behind = rest;
    std::string_view address;
    if (TakeAddress(behind, address) && ConsumeMark(behind, ",:;") && !behind.empty()) {
      if (outer.recipient.empty()) outer.recipient = address;
      text = Strip(behind.substr(0, behind.find("\n\n")));
      return true;
    }
    rest.remove_prefix(1);
  }
  return false;
}

}  // namespace bouncesight
