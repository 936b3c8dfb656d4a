#include "daemon/batch/time_window.h"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

UnixSeconds Utc(const char* stamp) { return CivilSeconds(*ReadCivilTime(stamp)); }

// In Berlin, where clocks are changed and lie ahead of Greenwich.
class TimeWindowTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const char* zone = std::getenv("TZ")) before_ = zone;
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
  }
  void TearDown() override {
    before_.empty() ? unsetenv("TZ") : setenv("TZ", before_.c_str(), 1);
    tzset();
  }

  const UnixSeconds now_ = Utc("2026-11-21T17:30:00Z");  // 18:30 in Berlin

 private:
  std::string before_;
};

TEST_F(TimeWindowTest, ReadsWhatAUserWrites) {
  const struct {
    const char* text;
    const char* wanted;
  } kCases[] = {
      {"2026-11-20", "2026-11-19T23:00:00Z"},
      {"2026-11-20T13:00", "2026-11-20T12:00:00Z"},
      {"2026-11-20 13:00:30", "2026-11-20T12:00:30Z"},
      {"2026-11-20T13:00Z", "2026-11-20T13:00:00Z"},
      {"2026-11-20T13:00+05:30", "2026-11-20T07:30:00Z"},
      {"2026-07-20T13:00", "2026-07-20T11:00:00Z"},
      {"13:00", "2026-11-21T12:00:00Z"},
      {"today", "2026-11-20T23:00:00Z"},
      {"yesterday", "2026-11-19T23:00:00Z"},
      {"now", "2026-11-21T17:30:00Z"},
      {"90m", "2026-11-21T16:00:00Z"},
      {"2h", "2026-11-21T15:30:00Z"},
      {"3d", "2026-11-18T17:30:00Z"},
      {"1d12h", "2026-11-20T05:30:00Z"},
      {"1w", "2026-11-14T17:30:00Z"},
      {"0s", "2026-11-21T17:30:00Z"},
      {"2 hours ago", "2026-11-21T15:30:00Z"},
      {"90 min ago", "2026-11-21T16:00:00Z"},
      {"1 day 2 hours ago", "2026-11-20T15:30:00Z"},
      {"3d ago", "2026-11-18T17:30:00Z"},
      {"1 week", "2026-11-14T17:30:00Z"},
      {"Nov 21 16:49:30", "2026-11-21T15:49:30Z"},
      {"Dec  3 16:49:30", "2025-12-03T15:49:30Z"},
  };
  for (const auto& one : kCases) {
    const Result<UnixSeconds> point = ReadTimeBound(one.text, now_);
    ASSERT_TRUE(point) << one.text;
    EXPECT_EQ(*point, Utc(one.wanted)) << one.text;
  }
}

TEST_F(TimeWindowTest, NamesWhatMayBeWrittenWhereItUnderstandsNothing) {
  for (const char* text :
       {"", "2", "h", "2x", "-2h", "tomorrow", "2026-02-30", "Feb 30 16:49:30", "2 hoursago", "ago",
        "2 months ago", "ago 2h", "99999999999d", "4000000000w", "25:00"}) {
    const Result<UnixSeconds> point = ReadTimeBound(text, now_);
    ASSERT_FALSE(point) << text;
    EXPECT_NE(point.error().message.find("yesterday"), std::string::npos);
  }
}

TEST_F(TimeWindowTest, AStampWithoutAYearIsOfTheYearBeforeTheFilesLastWrite) {
  const struct {
    const char* stamp;
    const char* written;
    const char* wanted;
  } kCases[] = {
      {"Nov 21 16:49:30", "2026-11-21T17:30:00Z", "2026-11-21T15:49:30Z"},
      {"Nov 22 12:00:00", "2026-11-21T17:30:00Z", "2026-11-22T11:00:00Z"},  // a clock that is ahead
      {"Nov 24 12:00:00", "2026-11-21T17:30:00Z", "2025-11-24T11:00:00Z"},
      {"Dec 31 23:59:59", "2026-01-01T00:10:00Z", "2025-12-31T22:59:59Z"},
      {"Jan  1 00:00:30", "2025-12-31T22:59:00Z", "2025-12-31T23:00:30Z"},
      {"Feb 29 12:00:00", "2026-11-21T17:30:00Z", "2024-02-29T11:00:00Z"},
      {"Mar 03 12:00:00", "2020-04-01T00:00:00Z", "2020-03-03T11:00:00Z"},
  };
  for (const auto& one : kCases) {
    const auto point = PointInTime(*ReadCivilTime(one.stamp), Utc(one.written));
    ASSERT_TRUE(point) << one.stamp;
    EXPECT_EQ(*point, Utc(one.wanted)) << one.stamp;
  }
}

TEST_F(TimeWindowTest, TheGateTakesTheFirstMomentAndLeavesTheLast) {
  TimeGate gate({Utc("2026-11-21T15:00:00Z"), Utc("2026-11-21T16:00:00Z")}, StampReader(now_));
  using Side = TimeGate::Side;
  const struct {
    const char* stamp;
    Side wanted;
  } kCases[] = {
      {"Nov 21 15:59:59", Side::kOutside},
      {"Nov 21 16:00:00", Side::kWithin},
      {"2026-11-21T15:59:59.9+00:00", Side::kWithin},
      {"Nov 21 16:59:59", Side::kWithin},
      {"Nov 21 17:00:00", Side::kOutside},
      {"2026-11-21 16:30:00", Side::kWithin},
      {"2026-11-21 16:30:00 +0000", Side::kOutside},
      {"Nov 21 16:30:00+00:00", Side::kOutside},
      {"Nov 21 16:30:00+01:00", Side::kWithin},
      {"1795275000", Side::kWithin},
      {"Nov 20 16:30:00", Side::kOutside},
      {"16:30:00", Side::kUntimed},
      {"", Side::kUntimed},
  };
  for (const auto& one : kCases) EXPECT_EQ(gate.Judge(one.stamp), one.wanted) << one.stamp;
  EXPECT_EQ(gate.untimed(), 2U);
}

TEST_F(TimeWindowTest, TheGateJudgesEveryMinuteOfANightOfChangedClocksAsTheSlowWay) {
  TimeGate gate({}, StampReader(now_));
  for (const char* day : {"2026-03-29", "2026-10-25"}) {
    for (int minute = 0; minute < 24 * 60; ++minute) {
      char stamp[32];
      std::snprintf(stamp, sizeof stamp, "%s %02d:%02d:17", day, minute / 60, minute % 60);
      const UnixSeconds slow = *PointInTime(*ReadCivilTime(stamp), now_);
      TimeGate from({slow, slow + 1}, StampReader(now_));
      from.Judge(std::string(day) + " 00:00:00");
      ASSERT_EQ(from.Judge(stamp), TimeGate::Side::kWithin) << stamp;
      ASSERT_EQ(gate.Judge(stamp), TimeGate::Side::kWithin) << stamp;
    }
  }
}

}  // namespace
}  // namespace bouncesight
