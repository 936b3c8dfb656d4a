#include "parsers/text/timestamp.h"

#include "parsers/text/text.h"

namespace bouncesight {
namespace {

// `shape` against the start of text: 0 a digit, # a digit or a blank, A a letter, else itself.
bool Fits(std::string_view text, std::string_view shape) {
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = text[i];
    switch (shape[i]) {
      case '0':
        if (!IsDigit(c)) return false;
        break;
      case '#':
        if (!IsDigit(c) && c != ' ') return false;
        break;
      case 'A':
        if (!IsLetter(c)) return false;
        break;
      default:
        if (c != shape[i]) return false;
    }
  }
  return true;
}

bool EndsAt(std::string_view line, std::size_t at) {
  return at >= line.size() || line[at] == ' ' || line[at] == '\t';
}

// The end of ".123" or ",123" at `at`, or `at`.
std::size_t AfterFraction(std::string_view line, std::size_t at) {
  if (at + 1 >= line.size() || (line[at] != '.' && line[at] != ',') || !IsDigit(line[at + 1])) {
    return at;
  }
  ++at;
  while (at < line.size() && IsDigit(line[at])) ++at;
  return at;
}

// The end of "Z", "+00:00" or "+0000" at `at`, or `at`.
std::size_t AfterZone(std::string_view line, std::size_t at) {
  if (at >= line.size()) return at;
  if (line[at] == 'Z') return at + 1;
  if (line[at] != '+' && line[at] != '-') return at;
  if (Fits(line.substr(at + 1), "00:00")) return at + 6;
  if (Fits(line.substr(at + 1), "0000")) return at + 5;
  return at;
}

// The fixed part of `length` bytes, then a fraction and a zone: its end, if the stamp ends there.
std::size_t Ended(std::string_view line, std::size_t length) {
  const std::size_t end = AfterZone(line, AfterFraction(line, length));
  return EndsAt(line, end) ? end : 0;
}

// The end of " UTC", " CEST" and the like at `at`, or `at`.
std::size_t AfterZoneName(std::string_view line, std::size_t at) {
  if (at + 1 >= line.size() || line[at] != ' ') return at;
  std::size_t end = at + 1;
  while (end < line.size() && IsUpper(line[end])) ++end;
  return end - at > 2 && end - at < 7 && EndsAt(line, end) ? end : at;
}

// " 2026" behind a clock, with a zone's name before it or not: its end; `at` without one.
std::size_t AfterLastYear(std::string_view line, std::size_t at) {
  const std::size_t zone = AfterZoneName(line, at);
  return Fits(line.substr(zone), " 0000") && EndsAt(line, zone + 5) ? zone + 5 : at;
}

// "Sat Nov 21 16:49:30 2026".
std::size_t WeekdayFirst(std::string_view line) {
  for (const std::string_view shape : {"AAA AAA #0 00:00:00", "AAA AAA 0 00:00:00"}) {
    if (!Fits(line, shape)) continue;
    const std::size_t end = AfterLastYear(line, AfterFraction(line, shape.size()));
    return EndsAt(line, end) ? end : 0;
  }
  return 0;
}

// The end of " +0100" behind a stamp that ends at `end`, or `end`.
std::size_t WithLooseZone(std::string_view line, std::size_t end) {
  if (end == 0 || end >= line.size()) return end;
  const std::size_t zone = AfterZone(line, end + 1);
  return zone > end + 1 && EndsAt(line, zone) ? zone : end;
}

// "21 Nov 2026 16:49:30", with a zone behind a blank or without one.
std::size_t DayFirst(std::string_view line) {
  std::size_t length = 0;
  for (const std::string_view shape :
       {"00 AAA 0000 00:00:00", "0 AAA 0000 00:00:00", "00-AAA-0000 00:00:00"}) {
    if (Fits(line, shape)) length = shape.size();
  }
  return length == 0 ? 0 : WithLooseZone(line, Ended(line, length));
}

std::size_t LetterFirst(std::string_view line) {
  if (line[3] == ',' && line[4] == ' ') {
    const std::size_t length = DayFirst(line.substr(5));
    return length == 0 ? 0 : length + 5;
  }
  if (line[3] != ' ') return 0;
  if (IsLetter(line[4])) return WeekdayFirst(line);
  if (Fits(line, "AAA #0 00:00:00")) return Ended(line, 15);
  if (Fits(line, "AAA #0 0000 00:00:00")) return Ended(line, 20);
  if (Fits(line, "AAA 0 00:00:00")) return Ended(line, 14);
  if (Fits(line, "AAA 0 0000 00:00:00")) return Ended(line, 19);
  if (Fits(line, "AAA 0000-00-00 00:00:00")) {
    const std::size_t end = AfterZoneName(line, AfterFraction(line, 23));
    return EndsAt(line, end) ? end : 0;
  }
  return 0;
}

std::size_t DigitFirst(std::string_view line) {
  if (Fits(line, "0000-00-00T00:00:00")) return Ended(line, 19);
  if (Fits(line, "0000/00/00 00:00:00")) return Ended(line, 19);
  if (Fits(line, "0000 AAA #0 00:00:00")) return Ended(line, 20);
  if (Fits(line, "0000 AAA 0 00:00:00")) return Ended(line, 19);
  if (Fits(line, "0000000000")) return Ended(line, 10);
  return DayFirst(line);
}

}  // namespace

std::size_t TimestampLength(std::string_view line) {
  if (line.size() < 10) return 0;
  return IsDigit(line[0]) ? DigitFirst(line) : LetterFirst(line);
}

std::size_t SpacedDateLength(std::string_view line) {
  if (!Fits(line, "0000-00-00 00:00:00")) return 0;
  return WithLooseZone(line, Ended(line, 19));
}

std::size_t UnderscoredDateLength(std::string_view line) {
  return Fits(line, "0000-00-00_00:00:00") ? Ended(line, 19) : 0;
}

}  // namespace bouncesight
