#include "parsers/text/civil_time.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

std::string Read(std::string_view stamp) {
  const std::optional<CivilTime> time = ReadCivilTime(stamp);
  if (!time) return "none";
  char text[80];
  std::snprintf(text, sizeof text, "%d-%d-%d %d:%d:%d", time->year, time->month, time->day,
                time->hour, time->minute, time->second);
  return text + (time->zone ? " " + std::to_string(*time->zone / 60) : std::string());
}

TEST(CivilTime, ReadsEveryFormThatALogHas) {
  const struct {
    const char* stamp;
    const char* wanted;
  } kCases[] = {
      {"Nov 21 16:49:30", "0-11-21 16:49:30"},
      {"Nov  5 06:09:03", "0-11-5 6:9:3"},
      {"Nov 05 06:09:03.123456", "0-11-5 6:9:3"},
      {"Nov 21 2026 16:49:30", "2026-11-21 16:49:30"},
      {"nov 21 16:49:30+02:00", "0-11-21 16:49:30 120"},
      {"2026-11-21T16:49:30.123456+00:00", "2026-11-21 16:49:30 0"},
      {"2026-11-21T16:49:30+0100", "2026-11-21 16:49:30 60"},
      {"2026-11-21T16:49:30,5-03:30", "2026-11-21 16:49:30 -210"},
      {"2026-11-21T16:49:30Z", "2026-11-21 16:49:30 0"},
      {"2026-11-21T16:49:30", "2026-11-21 16:49:30"},
      {"2026-11-21T16:49", "2026-11-21 16:49:0"},
      {"2026-11-21", "2026-11-21 0:0:0"},
      {"2026-11-21 16:49:30.250 +0800", "2026-11-21 16:49:30 480"},
      {"2013 Jun 10 06:27:30.123", "2013-6-10 6:27:30"},
      {"2026/11/21 16:49:30", "2026-11-21 16:49:30"},
      {"2026/11/21 16:49:30.5", "2026-11-21 16:49:30"},
      {"2026/11/21", "2026-11-21 0:0:0"},
      {"Sat 2026-11-21 16:49:30 UTC", "2026-11-21 16:49:30 0"},
      {"Sat 2026-11-21 16:49:30 CET", "2026-11-21 16:49:30"},
      {"21 Nov 2026 16:49:30", "2026-11-21 16:49:30"},
      {"1-Nov-2026 16:49:30.5 +0100", "2026-11-1 16:49:30 60"},
      {"Sat, 21 Nov 2026 16:49:30 +0100", "2026-11-21 16:49:30 60"},
      {"2026-11-21_16:49:30.12345", "2026-11-21 16:49:30"},
      {"1795280970", "2026-11-21 17:9:30 0"},
      {"1795280970.123456", "2026-11-21 17:9:30 0"},
      {"1795280970123", "2026-11-21 17:9:30 0"},
      {"1795280970123456", "2026-11-21 17:9:30 0"},
      {"@400000006b01d05430f19f64", "2026-11-21 17:9:30 0"},
      {"2024-02-29T00:00:00Z", "2024-2-29 0:0:0 0"},
      {"2016-12-31T23:59:60Z", "2016-12-31 23:59:60 0"},
  };
  for (const auto& one : kCases) EXPECT_EQ(Read(one.stamp), one.wanted) << one.stamp;
}

TEST(CivilTime, RefusesWhatNamesNoMoment) {
  for (const char* stamp : {"",
                            "21 Nov",
                            "21 Nov 2026",
                            "Sat, 1",
                            "Sat, 21 Nvo 2026 16:49:30",
                            "10:15:01",
                            "2026-02-29T00:00:00Z",
                            "2026-13-01",
                            "2026-00-10",
                            "2026-11-31",
                            "2026-11-21T24:00:00",
                            "2026-11-21T16:60:00",
                            "2026-11-21T16:49:30+",
                            "2026-11-21T",
                            "2026-11-21 16:49:30 +99:00",
                            "2026-11-21 16:49:30 lower",
                            "Foo 21 16:49:30",
                            "anf 21 16:49:30",
                            "Nov 21",
                            "17952809701",
                            "1795280970.x",
                            "@4000000000000000000000zz",
                            "@400000000",
                            "----------",
                            "2026-11-21x16:49:30"}) {
    EXPECT_EQ(Read(stamp), "none") << stamp;
  }
}

TEST(CivilTime, NoPrefixOfAStampReadsBeyondItsEnd) {
  for (const std::string stamp : {"2026-11-21T16:49:30.123456+00:00", "Nov 21 2026 16:49:30",
                                  "@400000006b01d05430f19f64", "Sat 2026-11-21 16:49:30 UTC"}) {
    for (std::size_t size = 0; size < stamp.size(); ++size) {
      // A copy of just that size: the sanitizers see a byte too many.
      const std::string cut = stamp.substr(0, size);
      ReadCivilTime(std::string_view(cut.data(), cut.size()));
    }
  }
}

TEST(CivilTime, KnowsAWholeStampOfRfc3339) {
  for (const std::string_view stamp :
       {"2026-11-21T16:49:30Z", "2026-11-21T16:49:30.25+01:00", "2026-11-21T16:49:30-00:00"}) {
    EXPECT_TRUE(IsRfc3339(stamp)) << stamp;
  }
  for (const std::string_view stamp :
       {"", "2026-11-21T16:49:30", "2026-11-21 16:49:30Z", "2026-11-21T16:49:30+0100",
        "2026-11-21T16:49:30.Z", "2026-02-30T16:49:30Z", "2026-11-21T16:49:30Zx", "Nov 21 16:49:30",
        "2026-11-21T16:49:30,250+01:00"}) {
    EXPECT_FALSE(IsRfc3339(stamp)) << stamp;
  }
}

TEST(CivilTime, SecondsAndBackAreTheSame) {
  for (std::int64_t seconds = -70'000'000'000; seconds < 70'000'000'000; seconds += 98'765'432) {
    ASSERT_EQ(CivilSeconds(CivilOfSeconds(seconds)), seconds);
  }
  EXPECT_EQ(CivilSeconds({1970, 1, 1, 0, 0, 0, 0}), 0);
  EXPECT_EQ(CivilSeconds({2000, 3, 1, 0, 0, 0, 0}), 951'868'800);
}

}  // namespace
}  // namespace bouncesight
