#include "metrics/log_clock.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

constexpr std::int64_t kDay = 86400;

TEST(LogClock, GoesOnWithinAMinuteAsFromOneToTheNext) {
  LogClock clock;
  const std::int64_t began = clock.Read("Nov 21 17:00:05");
  EXPECT_EQ(clock.Read("Nov 21 17:00:59"), began + 54);
  EXPECT_EQ(clock.Read("Nov 21 17:00:00"), began - 5);  // late
  EXPECT_EQ(clock.latest(), began + 54);
  EXPECT_EQ(clock.Read("Nov 21 17:01:00"), began + 55);
  EXPECT_EQ(clock.Read("no stamp"), clock.latest());
}

TEST(LogClock, CountsTheYearsThatItsStampsLeaveOut) {
  LogClock clock;
  const std::int64_t december = clock.Read("Dec 31 23:59:59");
  EXPECT_EQ(clock.Read("Jan  1 00:00:01"), december + 2);
  EXPECT_EQ(clock.Read("Jan  1 00:00:02"), december + 3);
  // A line of the old year that comes late is taken for one of the new, and so is what follows it.
  EXPECT_EQ(clock.Read("Dec 31 23:59:58"), december + 365 * kDay - 1);
  EXPECT_EQ(clock.Read("Jan  1 00:00:02"), december + 365 * kDay + 3);
}

// The minute may be that of the last stamp, and the year another one all the same.
TEST(LogClock, KnowsAStampOfTheLastMinuteForOneOfTheNextYear) {
  LogClock clock;
  const std::int64_t may = clock.Read("May  1 12:00:30");
  clock.Set(2000, may + 200 * kDay);
  clock.Read("May  1 12:00:30");
  EXPECT_EQ(clock.Read("May  1 12:00:31"), may + 365 * kDay + 1);
}

TEST(LogClock, ForgetsWhatItReadWhereAStateSetsIt) {
  LogClock clock;
  const std::int64_t before = clock.Read("Nov 21 17:00:05");
  clock.Set(2001, 0);
  EXPECT_EQ(clock.Read("Nov 21 17:00:05"), before + 365 * kDay);
}

}  // namespace
}  // namespace bouncesight
