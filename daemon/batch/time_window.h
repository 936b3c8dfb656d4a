// `--since` and `--until`: the span of time whose lines are wanted, and which side of it a line's
// stamp falls on.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/system/stamp_reader.h"
#include "parsers/event/result.h"

namespace bouncesight {

// A time as a user writes it, at `now`:
//   2026-11-20, 2026-11-20T13:00, 2026-11-20 13:00:30+01:00   a date alone is its midnight
//   13:00                today
//   today, yesterday     their midnights
//   now
//   Nov 21 16:49:30      as a log without years has it: the last one that is past
//   90m, 2h, 3d, 1d12h, 2 hours ago   so long ago; s, m, h, d, w, or the words for them
// Times without a zone are local. The Error says what may be written.
Result<UnixSeconds> ReadTimeBound(std::string_view text, UnixSeconds now);

// "1d12h", "2 days": seconds. nullopt: it is none, or longer than a man lives.
std::optional<UnixSeconds> ReadAge(std::string_view text);

struct TimeWindow {
  UnixSeconds since = std::numeric_limits<UnixSeconds>::min();
  UnixSeconds until = std::numeric_limits<UnixSeconds>::max();  // not within

  bool bounded() const {
    return since != std::numeric_limits<UnixSeconds>::min() ||
           until != std::numeric_limits<UnixSeconds>::max();
  }
};

// Judges the stamps of one file, in any order. Not thread-safe.
class TimeGate {
 public:
  enum class Side : std::uint8_t {
    kWithin,
    kOutside,
    kUntimed,  // no stamp, or one that says too little: such lines are left out, and counted
  };

  TimeGate(TimeWindow window, StampReader stamps) : window_(window), stamps_(stamps) {}

  // As StampReader::Read.
  Side Judge(std::string_view stamp, int years_back = 0);
  std::uint64_t untimed() const { return untimed_; }

 private:
  TimeWindow window_;
  StampReader stamps_;
  std::uint64_t untimed_ = 0;
};

}  // namespace bouncesight
