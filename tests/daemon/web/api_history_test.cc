#include "daemon/web/api_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(ApiHistory, OffersPeriodsWhoseTimelineFitsAPage) {
  for (const char* name : {"1h", "24h", "7d", "30d"}) {
    const auto period = FindPeriod(name);
    ASSERT_TRUE(period) << name;
    EXPECT_EQ(period->seconds % period->step, 0) << name;
    EXPECT_EQ(period->step % 300, 0) << "the history's totals are of five minutes";
    EXPECT_LE(period->seconds / period->step, 60) << name;
  }
  EXPECT_FALSE(FindPeriod("2h"));
  EXPECT_FALSE(FindPeriod(""));
}

}  // namespace
}  // namespace bouncesight
