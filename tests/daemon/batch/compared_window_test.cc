#include "daemon/batch/compared_window.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

constexpr UnixSeconds kNow = 1795262400;  // 2026-11-21T12:00:00Z
constexpr UnixSeconds kHour = 3600, kDay = 86400;

TEST(ComparedWindow, ReadsEachFormOfAPeriod) {
  struct Sample {
    std::string_view period;
    UnixSeconds since, until;
  };
  const TimeWindow open{kNow - 6 * kHour, TimeWindow().until};
  for (const Sample& sample : {Sample{"before", kNow - 12 * kHour, kNow - 6 * kHour},
                               {"1d", kNow - kDay - 6 * kHour, kNow - kDay},
                               {"1w", kNow - 7 * kDay - 6 * kHour, kNow - 7 * kDay},
                               {"2026-11-01T00:00Z..2026-11-02T00:00Z", 1793491200, 1793577600}}) {
    const Result<TimeWindow> window = ComparedWindow(sample.period, open, kNow);
    ASSERT_TRUE(window.has_value()) << sample.period;
    EXPECT_EQ(window->since, sample.since) << sample.period;
    EXPECT_EQ(window->until, sample.until) << sample.period;
  }
}

TEST(ComparedWindow, SaysWhatToWriteWhereItCannotBe) {
  const TimeWindow day{kNow - kDay, kNow};
  struct Sample {
    std::string_view period, words;
    TimeWindow window;
  };
  for (const Sample& sample : {Sample{"1d", "needs --since", {}},
                               {"last week", "FROM..TO", day},
                               {"0d", "not a period", day},
                               {"2026-11-02..2026-11-01", "ends before it begins", day},
                               {"x..today", "not a time", day},
                               {"1d", "in the future", {kNow + kDay, TimeWindow().until}}}) {
    const Result<TimeWindow> window = ComparedWindow(sample.period, sample.window, kNow);
    ASSERT_FALSE(window.has_value()) << sample.period;
    EXPECT_NE(window.error().message.find(sample.words), std::string::npos)
        << window.error().message;
  }
}

}  // namespace
}  // namespace bouncesight
