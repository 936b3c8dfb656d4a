#include "metrics/log_clock.h"

#include <algorithm>
#include <optional>

#include "parsers/text/civil_time.h"

namespace bouncesight {

// Half a year back a stamp without a year belongs to the next one, in whatever minute it is.
std::int64_t LogClock::Read(std::string_view stamp) {
  const std::optional<std::int64_t> seconds = last_.Read(stamp);
  if (!seconds || *seconds + kHalfYear < latest_) return ReadAnew(stamp);
  latest_ = std::max(latest_, *seconds);
  return *seconds;
}

std::int64_t LogClock::ReadAnew(std::string_view stamp) {
  std::optional<CivilTime> time = ReadCivilTime(stamp);
  if (!time) return latest_;
  const bool yearless = time->year == 0;
  if (yearless) time->year = year_;
  std::int64_t seconds = CivilSeconds(*time) - time->zone.value_or(0);
  if (yearless && seconds + kHalfYear < latest_) {  // December is over
    time->year = ++year_;
    seconds = CivilSeconds(*time);
  }
  latest_ = std::max(latest_, seconds);
  last_.Remember(stamp, seconds);
  return seconds;
}

}  // namespace bouncesight
