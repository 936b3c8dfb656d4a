#include "parsers/wrap/line_prefix.h"

#include <algorithm>
#include <utility>

#include "parsers/text/text.h"
#include "parsers/text/timestamp.h"
#include "parsers/wrap/syslog_tag.h"

namespace bouncesight {
namespace {

// How far into a line a prefix may reach.
constexpr std::size_t kMostPrefixBytes = 96;
constexpr int kMostPrefixes = 3;

bool BeginsWithStamp(std::string_view text) {
  return TimestampLength(text) != 0 || SpacedDateLength(text) != 0;
}

// Past "ESC [ … m", which colours what follows.
std::string_view SkipColour(std::string_view text) {
  std::string_view rest = text;
  if (!Consume(rest, "\x1B[")) return text;
  const std::size_t end = rest.substr(0, 12).find('m');
  return end == std::string_view::npos ? text : rest.substr(end + 1);
}

std::size_t DigitsAt(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at;
}

// Past "16:49:30 ", or `text`.
std::string_view SkipClock(std::string_view text) {
  const bool clock = text.size() > 9 && text[2] == ':' && text[5] == ':' && text[8] == ' ' &&
                     IsDigit(text[0]) && IsDigit(text[7]);
  return clock ? text.substr(9) : text;
}

// "NAME  | ", where `name` is the length of NAME.
std::string_view BehindBar(std::string_view text, std::size_t name) {
  text = SkipColour(SkipBlanks(text.substr(name)));
  if (!Consume(text, "|")) return {};
  text = SkipColour(text);
  if (!Consume(text, " ")) return {};
  return SkipColour(text);
}

// "PATH:STAMP", "PATH:12:STAMP", "mail.info: STAMP", "mx1: 2026-11-21 16:49:30 …",
// where `path` is the length of PATH.
std::string_view BehindPath(std::string_view line, std::size_t path) {
  std::string_view text = line.substr(path + 1);
  if (text.empty()) return {};
  const std::string_view behind = SkipBlanks(text);
  const bool blank = behind.size() < text.size();
  if (blank && SpacedDateLength(behind) != 0) return behind;  // Exim's, behind a host
  if (path < 3) return {};
  if (blank) {  // "4F1A2B3C4D: to=<…" is much more common than a priority
    text = behind;
    const bool dot = path > 6 && (line[4] == '.' || line[6] == '.');
    if (!dot || !IsPriorityName(line.substr(0, path))) return {};
  }
  const std::size_t number = DigitsAt(text.substr(0, 12));
  if (number > 0 && number < text.size() && text[number] == ':' && text.size() > number + 4 &&
      BeginsWithStamp(text.substr(number + 1))) {
    return text.substr(number + 1);
  }
  return BeginsWithStamp(text) ? text : std::string_view();
}

// One word, or two, and a stamp.
std::string_view BehindWords(std::string_view line, std::size_t first) {
  std::string_view text = line.substr(first + 1);
  if (BeginsWithStamp(text)) return text;
  const std::size_t second = FindNear(text.substr(0, kMostPrefixBytes), ' ');
  if (second + 1 >= text.size()) return {};
  text.remove_prefix(second + 1);
  return BeginsWithStamp(text) ? text : std::string_view();
}

std::string_view BehindName(std::string_view line) {
  const std::string_view head = line.substr(0, kMostPrefixBytes);
  std::string_view rest = SkipColour(head);
  rest = SkipClock(rest);
  // Not by find_first_of, which calls memchr for each byte: Exim's and Coremail's lines come here.
  const auto ends_name = [](char c) { return c == ' ' || c == '|' || c == ':'; };
  const auto name =
      static_cast<std::size_t>(std::find_if(rest.begin(), rest.end(), ends_name) - rest.begin());
  if (name == 0 || name == rest.size()) return {};
  const std::size_t at = head.size() - rest.size();
  if (rest[name] == ':') return BehindPath(line, at + name);
  const std::string_view behind = BehindBar(rest, name);
  if (!behind.empty()) return line.substr(head.size() - behind.size());
  return at == 0 && rest[name] == ' ' ? BehindWords(line, name) : std::string_view();
}

// "[pod/NAME/CONTAINER] ", "[   12.345678 <    0.001234 >] ".
std::string_view BehindBrackets(std::string_view line) {
  const std::string_view head = line.substr(0, kMostPrefixBytes);
  const std::size_t close = FindOrEnd(head, ']');
  if (close + 2 >= head.size() || head[close + 1] != ' ') return {};
  const std::string_view inside = head.substr(1, close - 1);
  const bool delta = FindOrEnd(inside, '.') < inside.size() &&
                     FindOrEnd(inside, ' ') < inside.size() &&
                     inside.find_first_not_of(" .<>0123456789") == std::string_view::npos;
  return delta || inside.starts_with("pod/") ? line.substr(close + 2) : std::string_view();
}

// "@", 24 hexadecimal digits.
LinePrefix BehindTai(std::string_view line) {
  constexpr std::size_t kStamp = 25;
  const auto is_hex = [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); };
  if (line.size() < kStamp + 2 || line[kStamp] != ' ') return {};
  const std::string_view digits = line.substr(1, kStamp - 1);
  if (!std::all_of(digits.begin(), digits.end(), is_hex)) return {};
  return {line.substr(0, kStamp), SkipBlanks(line.substr(kStamp))};
}

// "2026-11-21_16:49:30.12345 ", or a date and time with another stamp behind it.
LinePrefix BehindDate(std::string_view line) {
  std::size_t stamp = UnderscoredDateLength(line);
  const bool underscored = stamp != 0;
  if (!underscored) stamp = SpacedDateLength(line);
  if (stamp == 0) return {};
  const std::string_view behind = SkipBlanks(line.substr(stamp));
  if (!underscored && !BeginsWithStamp(behind)) return {};
  return {line.substr(0, stamp), behind};
}

// "12:LINE" of grep -n, "12 TAB LINE" of cat -n.
std::string_view BehindNumber(std::string_view line) {
  const std::size_t number = DigitsAt(line.substr(0, 12));
  if (number == 0 || number + 1 >= line.size()) return {};
  if (line[number] == '\t') return line.substr(number + 1);
  const std::string_view behind = line.substr(number + 1);
  return line[number] == ':' && BeginsWithStamp(behind) ? behind : std::string_view();
}

// `named`: a name was taken off already. A program's own words may look like one more.
LinePrefix TakeOne(std::string_view line, bool& named) {
  if (line.size() < 10) return {};
  if (IsDigit(line[0])) {
    const LinePrefix date = BehindDate(line);
    if (!date.behind.empty()) return date;
    const std::string_view behind = BehindNumber(line);
    if (!behind.empty()) return {{}, behind};
  }
  switch (line[0]) {
    case '@':
      return BehindTai(line);
    case '[':
      return {{}, BehindBrackets(line)};
    case ' ':
    case '\t':
      return {{}, SkipBlanks(line)};
    case '\xEF':
      return {{}, line.starts_with("\xEF\xBB\xBF") ? line.substr(3) : std::string_view()};
    default:
      return {{}, std::exchange(named, true) ? std::string_view() : BehindName(line)};
  }
}

}  // namespace

LinePrefix TakeLinePrefix(std::string_view line) {
  LinePrefix all;
  bool named = false;
  for (int i = 0; i < kMostPrefixes; ++i) {
    if (i > 0 && BeginsWithStamp(line)) break;
    const LinePrefix one = TakeOne(line, named);
    if (one.behind.empty()) break;
    all.behind = one.behind;
    if (!one.time.empty()) all.time = one.time;
    line = one.behind;
  }
  return all;
}

}  // namespace bouncesight
