// What a time stamp says: the date and the time of day, and the zone where one stands there. A
// stamp may leave out the year (RFC 3164) or the zone; only its reader can tell those.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bouncesight {

inline constexpr std::int64_t kHourSeconds = 3600;
inline constexpr std::int64_t kDaySeconds = 24 * kHourSeconds;

struct CivilTime {
  int year = 0;  // 0: not said
  int month = 1, day = 1;
  int hour = 0, minute = 0, second = 0;  // fractions are dropped
  std::optional<int> zone;               // seconds east of Greenwich; none: not said

  friend bool operator==(const CivilTime&, const CivilTime&) = default;
};

// Reads the whole of `stamp`, in any form that a log has it (timestamp.h), and Exim's "2026-11-21
// 16:49:30.123 +0100", seconds since 1970 (with a fraction, or in milli-, micro- or nanoseconds),
// TAI64N ("@4000…") and a date with nothing behind it. nullopt: not a time, or no such day exists.
// Linear in the stamp, does not allocate.
std::optional<CivilTime> ReadCivilTime(std::string_view stamp);

// "2026-11-21T17:00:05.25+01:00": a whole stamp of RFC 3339, with "T" and a zone.
bool IsRfc3339(std::string_view stamp);

// Seconds since 1970-01-01, as if the time were one of Greenwich; the zone is not looked at. The
// Gregorian calendar, any year.
std::int64_t CivilSeconds(const CivilTime& time);

// The way back, with zone 0.
CivilTime CivilOfSeconds(std::int64_t seconds);

// False for the 30th of February, and in most years its 29th.
bool IsDate(int year, int month, int day);

}  // namespace bouncesight
