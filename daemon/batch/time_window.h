// `--since` and `--until`: the span of time whose lines are wanted, and which side of it a line's
// stamp falls on.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/event/result.h"
#include "parsers/text/civil_time.h"

namespace bouncesight {

// Seconds since 1970.
using UnixSeconds = std::int64_t;

// `time` as a point in time: without a zone in this machine's (TZ), without a year in the latest
// that does not put it more than a day after `latest`. nullopt: no year fits.
std::optional<UnixSeconds> PointInTime(const CivilTime& time, UnixSeconds latest);

// A time as a user writes it, at `now`:
//   2026-11-20, 2026-11-20T13:00, 2026-11-20 13:00:30+01:00   a date alone is its midnight
//   13:00          today                      today, yesterday   their midnights          now
//   90m, 2h, 3d, 1d12h   so long ago; s, m, h, d, w
// Times without a zone are local. The Error says what may be written.
Result<UnixSeconds> ReadTimeBound(std::string_view text, UnixSeconds now);

struct TimeWindow {
  UnixSeconds since = std::numeric_limits<UnixSeconds>::min();
  UnixSeconds until = std::numeric_limits<UnixSeconds>::max();  // not within

  bool bounded() const {
    return since != std::numeric_limits<UnixSeconds>::min() ||
           until != std::numeric_limits<UnixSeconds>::max();
  }
};

// Judges the stamps of one file, in any order. Not thread-safe: the last answer is kept.
class TimeGate {
 public:
  enum class Side : std::uint8_t {
    kWithin,
    kOutside,
    kUntimed,  // no stamp, or one that says too little: such lines are left out, and counted
  };

  // `written` is when the file was last written: its lines are not younger. Stamps without a year
  // are told by it.
  TimeGate(TimeWindow window, UnixSeconds written) : window_(window), written_(written) {}
  // Of a log in which years turn: `last` is the stamp of its last line.
  TimeGate(TimeWindow window, UnixSeconds written, const CivilTime& last);

  // `years_back`: so many years before the last line of the file; for stamps without a year, in a
  // log in which years turn.
  Side Judge(std::string_view stamp, int years_back = 0);
  std::uint64_t untimed() const { return untimed_; }

 private:
  std::optional<UnixSeconds> Resolve(const CivilTime& time);

  std::optional<int> last_year_;  // of the last line, where years turn

  TimeWindow window_;
  UnixSeconds written_;
  std::uint64_t untimed_ = 0;
  std::optional<CivilTime> known_;  // the quarter of an hour of the last stamp
  UnixSeconds quarter_starts_ = 0;
};

}  // namespace bouncesight
