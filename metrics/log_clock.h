// The time of a log by its own stamps, in seconds: for what has happened how long ago. Stamps
// without a year go on from the ones before; those without a zone are all of one. One thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "parsers/text/minute_memo.h"

namespace bouncesight {

class LogClock {
 public:
  // The time that `stamp` says; the latest one where it says none. Linear in the stamp.
  std::int64_t Read(std::string_view stamp);
  std::int64_t latest() const { return latest_; }  // 0: no stamp was read yet

  // For the state: goes on where another one stood.
  int year() const { return year_; }
  void Set(int year, std::int64_t latest) {
    year_ = year;
    latest_ = latest;
    last_.Forget();
  }

 private:
  static constexpr std::int64_t kHalfYear = std::int64_t{183} * 86400;

  std::int64_t ReadAnew(std::string_view stamp);

  int year_ = 2000;  // of stamps without one: a leap year, so that each day exists
  std::int64_t latest_ = 0;
  MinuteMemo last_;
};

}  // namespace bouncesight
