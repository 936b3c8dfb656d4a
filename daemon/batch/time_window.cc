#include "daemon/batch/time_window.h"

#include <charconv>

#include "parsers/text/civil_time.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

// A time with a year always is a point.
UnixSeconds PointOf(const CivilTime& time) { return *PointInTime(time, 0); }

constexpr const char* kForms =
    "write a time as 2026-11-20, 2026-11-20T13:00, 2026-11-20T13:00+01:00, 13:00, today, "
    "yesterday, or how long ago, as 90m, 2h, 3d";

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

std::optional<UnixSeconds> ReadAge(std::string_view text) {
  UnixSeconds age = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    std::uint32_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (read.ec != std::errc() || text.empty()) return std::nullopt;
    constexpr std::string_view kUnits = "smhdw";
    constexpr UnixSeconds kSeconds[] = {1, 60, 3600, kDaySeconds, 7 * kDaySeconds};
    const std::size_t unit = kUnits.find(text.front());
    if (unit == std::string_view::npos) return std::nullopt;
    age += number * kSeconds[unit];
    if (age > 36500 * kDaySeconds) return std::nullopt;
    text.remove_prefix(1);
  }
  return age;
}

Result<UnixSeconds> ReadTimeBound(std::string_view text, UnixSeconds now) {
  const std::string_view trimmed = Trim(text);
  if (trimmed == "now") return now;
  if (trimmed == "today") return PointOf(LocalDay(now));
  if (trimmed == "yesterday") {
    // Noon of today less a day is a time of yesterday, whatever the clocks did at night.
    CivilTime noon = LocalDay(now);
    noon.hour = 12;
    return PointOf(LocalDay(PointOf(noon) - kDaySeconds));
  }
  if (const std::optional<UnixSeconds> age = ReadAge(trimmed)) return now - *age;
  if (const std::optional<CivilTime> time = ReadToday(trimmed, now)) return PointOf(*time);
  const std::optional<CivilTime> time = ReadCivilTime(trimmed);
  if (!time || time->year == 0) return Error{"'" + std::string(text) + "' is no time; " + kForms};
  return PointOf(*time);
}

TimeGate::Side TimeGate::Judge(std::string_view stamp, int years_back) {
  const std::optional<UnixSeconds> point = stamps_.Read(stamp, years_back);
  if (!point) {
    ++untimed_;
    return Side::kUntimed;
  }
  return *point >= window_.since && *point < window_.until ? Side::kWithin : Side::kOutside;
}

}  // namespace bouncesight
