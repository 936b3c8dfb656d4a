#include "parsers/text/civil_time.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "parsers/text/ascii.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

// Days since 1970-01-01. The year is taken to start in March, so that a leap day is its last.
std::int64_t DaysOf(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// Takes `digits` digits off `text`.
bool TakeDigits(std::string_view& text, std::size_t digits, int& value) {
  if (text.size() < digits || !AllDigits(text.substr(0, digits))) return false;
  std::from_chars(text.data(), text.data() + digits, value);
  text.remove_prefix(digits);
  return true;
}

// "Nov ", in any case.
bool TakeMonth(std::string_view& text, int& month, char separator = ' ') {
  constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
  if (text.size() < 4 || text[3] != separator) return false;
  std::array<char, 3> low;
  for (std::size_t i = 0; i < low.size(); ++i) low[i] = ToLower(text[i]);
  const std::size_t at = kMonths.find(std::string_view(low.data(), low.size()));
  if (at == std::string_view::npos || at % 3 != 0) return false;
  month = static_cast<int>(at / 3) + 1;
  text = SkipBlanks(text.substr(4));
  return true;
}

// "5 " or "05 ".
bool TakeDay(std::string_view& text, int& day) {
  const std::size_t digits = text.size() > 1 && IsDigit(text[1]) ? 2 : 1;
  return TakeDigits(text, digits, day) && Consume(text, " ");
}

// "16:49:30" or "16:49", and a fraction, which is dropped.
bool TakeClock(std::string_view& text, CivilTime& time) {
  if (!TakeDigits(text, 2, time.hour) || !Consume(text, ":")) return false;
  if (!TakeDigits(text, 2, time.minute)) return false;
  if (!Consume(text, ":")) return true;
  if (!TakeDigits(text, 2, time.second)) return false;
  if (text.size() > 1 && (text[0] == '.' || text[0] == ',') && IsDigit(text[1])) {
    text.remove_prefix(1);
    while (!text.empty() && IsDigit(text[0])) text.remove_prefix(1);
  }
  return true;
}

// "Z", "UTC", "+0100", "+01:00", "+01". Other names of zones are not in the stamp's power to
// define: those are taken for the writer's local time.
bool TakeZone(std::string_view text, CivilTime& time) {
  if (text.empty()) return true;
  if (text == "Z" || text == "z" || text == "UTC" || text == "GMT") {
    time.zone = 0;
    return true;
  }
  const bool west = text[0] == '-';
  if (!west && text[0] != '+') {
    if (text.size() > 6) return false;
    for (const char c : text) {
      if (!IsUpper(c)) return false;
    }
    return true;
  }
  text.remove_prefix(1);
  int hours = 0;
  int minutes = 0;
  if (!TakeDigits(text, 2, hours)) return false;
  Consume(text, ":");
  if (!text.empty() && !TakeDigits(text, 2, minutes)) return false;
  if (!text.empty() || hours > 15 || minutes > 59) return false;
  time.zone = (west ? -60 : 60) * (hours * 60 + minutes);
  return true;
}

bool IsPossible(const CivilTime& time) {
  // A year that is not said may be a leap year. A leap second is one.
  return IsDate(time.year == 0 ? 2000 : time.year, time.month, time.day) && time.hour < 24 &&
         time.minute < 60 && time.second < 61;
}

bool ReadClockAndZone(std::string_view text, CivilTime& time) {
  return TakeClock(text, time) && TakeZone(SkipBlanks(text), time);
}

// "2026-11-21", "2026-11-21T16:49:30Z", "2026-11-21 16:49:30 +0100", "2026/11/21 16:49:30".
bool ReadIso(std::string_view text, CivilTime& time) {
  const std::string_view separator = text.substr(4, 1);
  if (!TakeDigits(text, 4, time.year) || !Consume(text, separator)) return false;
  if (!TakeDigits(text, 2, time.month) || !Consume(text, separator)) return false;
  if (!TakeDigits(text, 2, time.day)) return false;
  if (text.empty()) return true;
  if (text[0] != 'T' && text[0] != 't' && text[0] != ' ' && text[0] != '_') return false;
  return ReadClockAndZone(text.substr(1), time);
}

// "16:49:30 2026", "16:49:30 UTC 2026", and what ReadClockAndZone reads.
bool ReadClockAndYear(std::string_view text, CivilTime& time) {
  const std::size_t blank = text.rfind(' ');
  if (blank != std::string_view::npos) {
    std::string_view year = text.substr(blank + 1);
    if (year.size() == 4 && TakeDigits(year, 4, time.year)) text = Trim(text.substr(0, blank));
  }
  return ReadClockAndZone(text, time);
}

// "Nov 21 16:49:30", "Nov 21 2026 16:49:30", "Nov 21 16:49:30 2026".
bool ReadSyslog(std::string_view text, CivilTime& time) {
  if (!TakeMonth(text, time.month) || !TakeDay(text, time.day)) return false;
  std::string_view rest = text;
  if (TakeDigits(rest, 4, time.year) && Consume(rest, " ")) {
    text = rest;
  } else {
    time.year = 0;
  }
  return ReadClockAndYear(text, time);
}

// "2013 Jun 10 06:27:30.123".
bool ReadYearFirst(std::string_view text, CivilTime& time) {
  return TakeDigits(text, 4, time.year) && Consume(text, " ") && TakeMonth(text, time.month) &&
         TakeDay(text, time.day) && ReadClockAndZone(text, time);
}

// "21 Nov 2026 16:49:30", "21-Nov-2026 16:49:30 +0100".
bool ReadDayFirst(std::string_view text, CivilTime& time) {
  const std::size_t digits = text.size() > 1 && IsDigit(text[1]) ? 2 : 1;
  if (!TakeDigits(text, digits, time.day) || text.empty()) return false;
  const char separator = text[0];
  if (separator != ' ' && separator != '-') return false;
  text.remove_prefix(1);
  if (!TakeMonth(text, time.month, separator)) return false;
  return TakeDigits(text, 4, time.year) && Consume(text, " ") && ReadClockAndZone(text, time);
}

// "1795280970", "1795280970.123", and 13, 16 or 19 digits.
bool ReadEpoch(std::string_view text, CivilTime& time) {
  const std::string_view whole = text.substr(0, FindOrEnd(text, '.'));
  const bool scaled = whole.size() == 13 || whole.size() == 16 || whole.size() == 19;
  if (!AllDigits(whole) || (whole.size() != 10 && !scaled)) return false;
  if (whole.size() < text.size() && !AllDigits(text.substr(whole.size() + 1))) return false;
  std::int64_t seconds = 0;
  std::from_chars(whole.data(), whole.data() + 10, seconds);
  time = CivilOfSeconds(seconds);
  return true;
}

// "@" and 16 hexadecimal digits of TAI seconds, then 8 of nanoseconds (cr.yp.to/libtai/tai64.html).
// qmail's writers add 10 seconds to Unix time, whatever leap seconds there were since.
bool ReadTai(std::string_view text, CivilTime& time) {
  constexpr std::uint64_t kZero = (std::uint64_t{1} << 62U) + 10;
  if (text.size() != 25 && text.size() != 17) return false;
  std::uint64_t seconds = 0;
  const auto read = std::from_chars(text.data() + 1, text.data() + 17, seconds, 16);
  if (read.ec != std::errc() || read.ptr != text.data() + 17) return false;
  if (seconds < kZero || seconds - kZero > 0xFFFFFFFFFU) return false;
  time = CivilOfSeconds(static_cast<std::int64_t>(seconds - kZero));
  return true;
}

// "Sat 2026-11-21 16:49:30 UTC", "Sat Nov 21 16:49:30 2026", "Sat, 21 Nov 2026 16:49:30" without
// the first word.
std::string_view WithoutWeekday(std::string_view text) {
  if (text[3] == ',' && text[4] == ' ') return text.substr(5);
  const bool date = text.size() > 8 && IsDigit(text[4]) && text[8] == '-';
  const bool month = text.size() > 8 && IsLetter(text[4]) && text[7] == ' ';
  return (date || month) && text[3] == ' ' ? text.substr(4) : text;
}

// What has digits in front; ten bytes at least, or of an optional part before it.
bool ReadDigitFirst(std::string_view text, CivilTime& time) {
  if (text.size() < 5) return false;
  if (text[4] == '-' || text[4] == '/') return ReadIso(text, time);
  if (!IsDigit(text[1]) || !IsDigit(text[2])) return ReadDayFirst(text, time);
  return text[4] == ' ' ? ReadYearFirst(text, time) : ReadEpoch(text, time);
}

}  // namespace

bool IsDate(int year, int month, int day) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const int leap = month == 2 && IsLeap(year) ? 1 : 0;
  return day <= kDays[static_cast<std::size_t>(month - 1)] + leap;
}

bool IsRfc3339(std::string_view stamp) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00", kZone = "00:00";
  const auto has_shape = [](std::string_view text, std::string_view shape) {
    return std::equal(text.begin(), text.end(), shape.begin(), shape.end(),
                      [](char c, char as) { return as == '0' ? IsDigit(c) : c == as; });
  };
  if (!has_shape(stamp.substr(0, kShape.size()), kShape) || !ReadCivilTime(stamp)) return false;
  std::string_view rest = stamp.substr(kShape.size());
  if (Consume(rest, ".")) {
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits == 0) return false;
    rest.remove_prefix(digits);
  }
  return rest == "Z" || ((Consume(rest, "+") || Consume(rest, "-")) && has_shape(rest, kZone));
}

std::int64_t CivilSeconds(const CivilTime& time) {
  return DaysOf(time.year, time.month, time.day) * kDaySeconds + time.hour * 3600 +
         time.minute * 60 + time.second;
}

CivilTime CivilOfSeconds(std::int64_t seconds) {
  const std::int64_t days = (seconds >= 0 ? seconds : seconds - kDaySeconds + 1) / kDaySeconds;
  const auto rest = static_cast<int>(seconds - days * kDaySeconds);
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;  // from March
  CivilTime time;
  time.day = static_cast<int>(day_of_year - (153 * month + 2) / 5) + 1;
  time.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  time.year = static_cast<int>(year + era * 400 + (time.month <= 2 ? 1 : 0));
  time.hour = rest / 3600;
  time.minute = rest / 60 % 60;
  time.second = rest % 60;
  time.zone = 0;
  return time;
}

std::optional<CivilTime> ReadCivilTime(std::string_view stamp) {
  stamp = Trim(stamp);
  if (stamp.size() < 10) return std::nullopt;
  CivilTime time;
  bool good = false;
  if (stamp[0] == '@') {
    good = ReadTai(stamp, time) || ReadEpoch(stamp.substr(1), time);
  } else if (!IsDigit(stamp[0])) {
    stamp = WithoutWeekday(stamp);
    good =
        !stamp.empty() && IsDigit(stamp[0]) ? ReadDigitFirst(stamp, time) : ReadSyslog(stamp, time);
  } else {
    good = ReadDigitFirst(stamp, time);
  }
  if (!good || !IsPossible(time)) return std::nullopt;
  return time;
}

}  // namespace bouncesight
