#include "parsers/wrap/syslog_tag.h"

#include <algorithm>

#include "parsers/text/text.h"

namespace bouncesight {
namespace {

// Long enough for any real tag; keeps the look for one from crossing a long line.
constexpr std::size_t kMaxTag = 128;

// Past ": " and "<Info>: ", which stand apart from a tag without a colon of its own.
std::string_view BehindColon(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with('<')) {
    rest.remove_prefix(std::min(FindOrEnd(rest.substr(0, 12), '>') + 1, rest.size()));
  }
  return Consume(rest, ": ") ? SkipBlanks(rest) : text;
}

// A word of digits, or "-".
bool TakeProcess(std::string_view& text) {
  const std::string_view word = FirstWord(text);
  if (word.empty() || (word != "-" && !AllDigits(word))) return false;
  text = AfterWord(text, word);
  return true;
}

}  // namespace

std::string_view FirstWord(std::string_view text) {
  std::string_view head = text.substr(0, kMaxTag);
  head = head.substr(0, FindNear(head, ' '));
  return head.substr(0, FindNear(head, '\t'));
}

std::string_view AfterWord(std::string_view text, std::string_view word) {
  text.remove_prefix(word.size());
  return SkipBlanks(text);
}

bool ReadTag(std::string_view word, std::string_view& program) {
  if (word.size() < 2 || word.ends_with("::")) return false;  // an IPv6 address ends like that
  const bool colon = word.back() == ':';
  if (colon) word.remove_suffix(1);
  if (word.back() != ']') {
    program = word;
    return colon;
  }
  if (word.size() < 4) return false;  // "p[1]"
  std::size_t open = word.size() - 2;
  while (open > 0 && IsDigit(word[open])) --open;
  if (open == 0 || word[open] != '[' || open + 2 == word.size()) return false;
  program = word.substr(0, open);
  return true;
}

std::string_view TagWord(std::string_view text) {
  const std::string_view word = FirstWord(text);
  const std::size_t close = word.find("]:");
  std::string_view program;
  if (close == word.npos || close + 2 == word.size()) return word;
  return ReadTag(word.substr(0, close + 2), program) ? word.substr(0, close + 2) : word;
}

bool TakeTag(std::string_view& text, std::string_view& program) {
  const std::string_view word = TagWord(text);
  if (!ReadTag(word, program)) return false;
  text = AfterWord(text, word);
  if (word.back() == ']') text = BehindColon(text);
  return true;
}

bool TakeLooseTag(std::string_view& text, std::string_view& program) {
  const std::string_view word = FirstWord(text);
  std::string_view rest = AfterWord(text, word);
  if (rest.starts_with('[')) {
    const std::size_t close = FindOrEnd(rest.substr(0, 12), ']');
    if (close < 2 || close >= rest.size() || !AllDigits(rest.substr(1, close - 1))) return false;
    rest.remove_prefix(close + 1);
  }
  if (word.empty() || !Consume(rest, ": ")) return false;
  program = word;
  text = SkipBlanks(rest);
  return true;
}

bool TakeNewTag(std::string_view& text, std::string_view& program) {
  const std::string_view word = FirstWord(text);
  std::string_view rest = AfterWord(text, word);
  if (word.empty() || !TakeProcess(rest)) return false;
  rest = AfterWord(rest, FirstWord(rest));  // MSGID
  if (!rest.starts_with('[') && !rest.starts_with("- ")) return false;
  if (!SkipStructuredData(rest)) return false;
  program = word;
  text = SkipBlanks(rest);
  return true;
}

bool SkipStructuredData(std::string_view& text) {
  if (Consume(text, "-")) return true;
  while (!text.empty() && text.front() == '[') {
    bool quoted = false;
    std::size_t at = 1;
    for (; at < text.size(); ++at) {
      if (text[at] == '\\') {
        ++at;
      } else if (text[at] == '"') {
        quoted = !quoted;
      } else if (text[at] == ']' && !quoted) {
        break;
      }
    }
    if (at >= text.size()) return false;
    text.remove_prefix(at + 1);
  }
  return true;
}

bool IsPriorityName(std::string_view word) {
  if (word.size() > 15) return false;  // "authpriv.notice"
  std::size_t dot = FindNear(word, '.');
  if (dot == word.size()) dot = FindNear(word, ':');
  if (dot == word.size()) return false;
  const std::string_view facility = word.substr(0, dot);
  const std::string_view level = word.substr(dot + 1);
  // A host may be called example.info.
  constexpr std::string_view kFacilities[] = {"mail", "daemon", "user", "syslog",
                                              "kern", "auth",   "news", "authpriv"};
  constexpr std::string_view kLevels[] = {"info",  "notice", "warn",  "warning", "err",
                                          "error", "crit",   "alert", "emerg",   "debug"};
  const bool local = facility.size() == 6 && facility.starts_with("local") && IsDigit(facility[5]);
  return (local || std::ranges::find(kFacilities, facility) != std::end(kFacilities)) &&
         std::ranges::find(kLevels, level) != std::end(kLevels);
}

}  // namespace bouncesight
