#include "metrics/log_clock.h"

#include <algorithm>
#include <optional>

#include "parsers/text/civil_time.h"

namespace bouncesight {

std::int64_t LogClock::Read(std::string_view stamp) {
  constexpr std::int64_t kHalfYear = std::int64_t{183} * 86400;
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
  return seconds;
}

}  // namespace bouncesight
