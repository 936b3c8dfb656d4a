#include "parsers/bounce_text_notice.h"

#include <cstddef>

#include "parsers/bounce_text_scan.h"

namespace bouncesight {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// What a Chinese notification puts between the address and the reason.
constexpr std::string_view kChinese[] = {"由於以下原因被退回", "由于以下原因被退回"};

// What stands behind the words, up to an empty line; and in front of them, from the address on.
bool Split(std::string_view& text, std::size_t words, std::size_t length, Reason& outer) {
  std::string_view behind = text.substr(words + length);
  if (!ConsumeMark(behind, ":")) return false;
  if (outer.recipient.empty()) {
    const std::string_view before = text.substr(0, words);
    const std::size_t line = before.rfind('\n');
    outer.recipient = FindAddress(line == kNone ? before : before.substr(line + 1));
  }
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
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = FindOrEnd(rest, '\n');
    std::string_view line = Strip(rest.substr(0, end));
    if (line.starts_with("--- ")) return false;
    std::string_view after = line;
    std::string_view address;
    if (line.starts_with('<') && TakeAddress(after, address) && ConsumeMark(after, ",:;")) {
      if (outer.recipient.empty()) outer.recipient = address;
      // qmail gives the reason from the next line on.
      std::string_view reason = rest.substr(static_cast<std::size_t>(after.data() - rest.data()));
      reason = StripLeft(reason);
      text = Strip(reason.substr(0, reason.find("\n\n")));
      return true;
    }
    rest.remove_prefix(end == rest.size() ? end : end + 1);
  }
  return false;
}

}  // namespace bouncesight
