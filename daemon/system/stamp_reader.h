// When the lines of a log were written: their stamps as points in time, in any order.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "parsers/text/civil_time.h"
#include "parsers/text/minute_memo.h"

namespace bouncesight {

// Seconds since 1970.
using UnixSeconds = std::int64_t;

// `time` as a point in time: without a zone in this machine's (TZ), without a year in the latest
// that does not put it more than a day after `latest`. nullopt: no year fits.
std::optional<UnixSeconds> PointInTime(const CivilTime& time, UnixSeconds latest);

// Seconds east of Greenwich in this machine's zone (TZ) at `point`.
int LocalOffset(UnixSeconds point);

// The day at `point` in this machine's zone; no time of day.
CivilTime LocalDay(UnixSeconds point);

// Of one file. Not thread-safe: the last answer is kept, since most lines are of the same minute.
class StampReader {
 public:
  // `written` is when the file was last written: its lines are not younger. Stamps without a year
  // are told by it.
  explicit StampReader(UnixSeconds written) : written_(written) {}
  // Of a log in which years turn: `last` is the stamp of its last line.
  StampReader(UnixSeconds written, const CivilTime& last);

  // `years_back`: so many years before the last line of the file; for stamps without a year, in a
  // log in which years turn. nullopt: no stamp, or one that says too little.
  std::optional<UnixSeconds> Read(std::string_view stamp, int years_back = 0);

 private:
  std::optional<UnixSeconds> ReadAnew(std::string_view stamp, int years_back);
  std::optional<UnixSeconds> Resolve(const CivilTime& time);

  std::optional<int> last_year_;  // of the last line, where years turn
  UnixSeconds written_;
  std::optional<CivilTime> known_;  // the quarter of an hour of the last stamp
  UnixSeconds quarter_starts_ = 0;

  MinuteMemo last_;
  int last_years_back_ = 0;
};

}  // namespace bouncesight
