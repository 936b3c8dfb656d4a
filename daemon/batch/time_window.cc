#include "daemon/batch/time_window.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "parsers/text/ascii.h"
#include "parsers/text/civil_time.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

// A time with a year always is a point.
UnixSeconds PointOf(const CivilTime& time) { return *PointInTime(time, 0); }

constexpr const char* kForms =
    "write a time as 2026-11-20, 2026-11-20T13:00, 2026-11-20T13:00+01:00, 13:00, today, "
    "yesterday, as the log has it, or how long ago, as 90m, 2h, 3d";

// The seconds of a unit of time, by its letter or its word; 0: no such unit.
UnixSeconds SecondsOf(std::string_view unit) {
  static constexpr std::pair<std::string_view, UnixSeconds> kUnits[] = {{"second", 1},
                                                                        {"minute", 60},
                                                                        {"hour", 3600},
                                                                        {"day", kDaySeconds},
                                                                        {"week", 7 * kDaySeconds}};
  if (unit.size() > 1 && unit.ends_with('s')) unit.remove_suffix(1);
  if (unit == "sec" || unit == "min") unit = unit.substr(0, 1);
  for (const auto& [word, seconds] : kUnits) {
    if (unit == word || unit == word.substr(0, 1)) return seconds;
  }
  return 0;
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

std::optional<UnixSeconds> ReadAge(std::string_view text) {
  UnixSeconds age = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    std::uint32_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    text = Trim(text);
    const std::size_t end =
        std::min(static_cast<std::size_t>(std::ranges::find_if_not(text, IsLetter) - text.begin()),
                 text.size());
    const UnixSeconds unit = SecondsOf(text.substr(0, end));
    if (read.ec != std::errc() || unit == 0) return std::nullopt;
    age += number * unit;
    if (age > 36500 * kDaySeconds) return std::nullopt;
    text = Trim(text.substr(end));
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
  constexpr std::string_view kAgo = " ago";
  const bool ago = trimmed.ends_with(kAgo);
  const auto age = ReadAge(ago ? trimmed.substr(0, trimmed.size() - kAgo.size()) : trimmed);
  if (age) return now - *age;
  if (const std::optional<CivilTime> time = ReadToday(trimmed, now)) return PointOf(*time);
  const std::optional<CivilTime> time = ReadCivilTime(trimmed);
  // What a log without years has is of the last year in which it is past.
  const std::optional<UnixSeconds> point = time ? PointInTime(*time, now) : std::nullopt;
  if (!point) return Error{"'" + std::string(text) + "' is not a time; " + kForms};
  return *point;
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
