#include "daemon/batch/time_window.h"

#include <charconv>
#include <ctime>

#include "parsers/text/text.h"

namespace bouncesight {
namespace {

constexpr UnixSeconds kDay = 86400;
constexpr const char* kForms =
    "write a time as 2026-11-20, 2026-11-20T13:00, 2026-11-20T13:00+01:00, 13:00, today, "
    "yesterday, or how long ago, as 90m, 2h, 3d";

// Local time of this machine; the daylight saving that holds then.
UnixSeconds LocalPoint(const CivilTime& time) {
  std::tm parts{};
  parts.tm_year = time.year - 1900;
  parts.tm_mon = time.month - 1;
  parts.tm_mday = time.day;
  parts.tm_hour = time.hour;
  parts.tm_min = time.minute;
  parts.tm_sec = time.second;
  parts.tm_isdst = -1;
  return std::mktime(&parts);
}

UnixSeconds PointOfYear(const CivilTime& time) {
  return time.zone ? CivilSeconds(time) - *time.zone : LocalPoint(time);
}

CivilTime LocalDay(UnixSeconds now) {
  const std::time_t seconds = now;
  std::tm parts{};
  localtime_r(&seconds, &parts);
  CivilTime day;
  day.year = parts.tm_year + 1900;
  day.month = parts.tm_mon + 1;
  day.day = parts.tm_mday;
  return day;
}

// "1d12h": seconds. nullopt: it is none, or longer than a man lives.
std::optional<UnixSeconds> ReadAge(std::string_view text) {
  UnixSeconds age = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    std::uint32_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (read.ec != std::errc() || text.empty()) return std::nullopt;
    constexpr std::string_view kUnits = "smhdw";
    constexpr UnixSeconds kSeconds[] = {1, 60, 3600, kDay, 7 * kDay};
    const std::size_t unit = kUnits.find(text.front());
    if (unit == std::string_view::npos) return std::nullopt;
    age += number * kSeconds[unit];
    if (age > 36500 * kDay) return std::nullopt;
    text.remove_prefix(1);
  }
  return age;
}

// "13:00" is a time of today.
std::optional<CivilTime> ReadToday(std::string_view text, UnixSeconds now) {
  if (text.size() < 5 || text[2] != ':') return std::nullopt;
  constexpr std::string_view kAnyDay = "2000-01-01T";
  const std::optional<CivilTime> clock = ReadCivilTime(std::string(kAnyDay).append(text));
  if (!clock) return std::nullopt;
  CivilTime time = LocalDay(now);
  time.hour = clock->hour;
  time.minute = clock->minute;
  time.second = clock->second;
  time.zone = clock->zone;
  return time;
}

}  // namespace

std::optional<UnixSeconds> PointInTime(const CivilTime& time, UnixSeconds latest) {
  if (time.year != 0) return PointOfYear(time);
  CivilTime dated = time;
  const int newest = LocalDay(latest + kDay).year;
  for (int year = newest; year > newest - 9; --year) {  // a leap day may be eight years back
    dated.year = year;
    if (!IsDate(year, time.month, time.day)) continue;
    const UnixSeconds point = PointOfYear(dated);
    if (point <= latest + kDay) return point;
  }
  return std::nullopt;
}

Result<UnixSeconds> ReadTimeBound(std::string_view text, UnixSeconds now) {
  const std::string_view trimmed = Trim(text);
  if (trimmed == "now") return now;
  if (trimmed == "today") return PointOfYear(LocalDay(now));
  if (trimmed == "yesterday") {
    // Noon of today less a day is a time of yesterday, whatever the clocks did at night.
    CivilTime noon = LocalDay(now);
    noon.hour = 12;
    return PointOfYear(LocalDay(PointOfYear(noon) - kDay));
  }
  if (const std::optional<UnixSeconds> age = ReadAge(trimmed)) return now - *age;
  if (const std::optional<CivilTime> time = ReadToday(trimmed, now)) return PointOfYear(*time);
  const std::optional<CivilTime> time = ReadCivilTime(trimmed);
  if (!time || time->year == 0) return Error{"'" + std::string(text) + "' is no time; " + kForms};
  return PointOfYear(*time);
}

TimeGate::TimeGate(TimeWindow window, UnixSeconds written, const CivilTime& last)
    : TimeGate(window, written) {
  const std::optional<UnixSeconds> point = PointInTime(last, written);
  if (point) last_year_ = LocalDay(*point).year;
}

TimeGate::Side TimeGate::Judge(std::string_view stamp, int years_back) {
  std::optional<CivilTime> time = ReadCivilTime(stamp);
  if (time && time->year == 0 && last_year_) {
    time->year = *last_year_ - years_back;
    if (!IsDate(time->year, time->month, time->day)) time.reset();
  }
  const std::optional<UnixSeconds> point = time ? Resolve(*time) : std::nullopt;
  if (!point) {
    ++untimed_;
    return Side::kUntimed;
  }
  return *point >= window_.since && *point < window_.until ? Side::kWithin : Side::kOutside;
}

// Local time needs the zone's table, which is slow to ask. Clocks are changed at whole quarters of
// an hour, so that the answer holds for the stamp's quarter.
std::optional<UnixSeconds> TimeGate::Resolve(const CivilTime& time) {
  if (time.year != 0 && time.zone) return CivilSeconds(time) - *time.zone;
  CivilTime quarter = time;
  quarter.minute -= quarter.minute % 15;
  quarter.second = 0;
  if (!known_ || quarter != *known_) {
    const std::optional<UnixSeconds> starts = PointInTime(quarter, written_);
    if (!starts) return std::nullopt;
    known_ = quarter;
    quarter_starts_ = *starts;
  }
  return quarter_starts_ + time.minute % 15 * 60 + time.second;
}

}  // namespace bouncesight
