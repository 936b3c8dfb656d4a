#include "parsers/text/minute_memo.h"

#include <string>

#include <gtest/gtest.h>

#include "parsers/text/civil_time.h"

namespace bouncesight {
namespace {

std::int64_t SecondsOf(std::string_view stamp) {
  const std::optional<CivilTime> time = ReadCivilTime(stamp);
  return time ? CivilSeconds(*time) - time->zone.value_or(0) : -1;
}

TEST(MinuteMemo, KnowsTheStampsOfOneMinuteByTheirSeconds) {
  const struct {
    const char* remembered;
    const char* asked;
    bool known;
  } cases[] = {
      {"2026-11-21T17:00:05.123456+00:00", "2026-11-21T17:00:05.123456+00:00", true},
      {"2026-11-21T17:00:05.123456+00:00", "2026-11-21T17:00:59.000001+00:00", true},
      {"2026-11-21T17:00:05.123456+00:00", "2026-11-21T17:00:00.999999+00:00", true},
      {"2026-11-21T17:00:05+01:00", "2026-11-21T17:00:41+01:00", true},
      {"Nov 21 17:00:05", "Nov 21 17:00:58", true},
      {"Nov  1 17:00:05", "Nov  1 17:00:00", true},
      {"2026-11-21T17:00:60Z", "2026-11-21T17:00:01Z", true},  // a leap second

      {"2026-11-21T17:00:05.123456+00:00", "2026-11-21T17:01:05.123456+00:00", false},
      {"2026-11-21T17:00:05.123456+00:00", "2026-11-21T18:00:05.123456+00:00", false},
      {"2026-11-21T17:00:05.123456+00:00", "2025-11-21T17:00:05.123456+00:00", false},
      {"2026-11-21T17:00:05.123456+00:00", "2026-11-21T17:00:05.123456+01:00", false},
      {"2026-11-21T17:00:05.123456+00:00", "2026-11-21T17:00:05.12345+00:00", false},
      {"2026-11-21T17:00:05.123456+00:00", "2026-11-21T17:00:05.1234x6+00:00", false},
      {"2026-11-21T17:00:05+01:00", "2026-11-21T17:00:05.12345", false},  // as long, without a zone
      {"2026-11-21T17:00:05.12Z", "2026-11-21T17:00:05.123", false},
      {"2026-11-21T17:00:05Z", "2026-11-21T17:00:60Z", false},
      {"2026-11-21T17:00:05Z", "2026-11-21T17:00:5xZ", false},
      {"2026-11-21T17:00:05Z", "2026-11-21T17:00:05z", false},
      {"Nov 21 17:00:05", "Nov 22 17:00:05", false},
      {"Nov 21 17:00:05", "Dec 21 17:00:05", false},
      {"Nov 21 17:00:05", "", false},
      {"1795280405.123", "1795280406.123", false},  // seconds at no place of their own
      {"", "", false},
  };
  for (const auto& one : cases) {
    MinuteMemo memo;
    memo.Remember(one.remembered, SecondsOf(one.remembered));
    const std::optional<std::int64_t> read = memo.Read(one.asked);
    EXPECT_EQ(read.has_value(), one.known) << one.asked << " after " << one.remembered;
    if (read) {
      EXPECT_EQ(*read, SecondsOf(one.asked)) << one.asked;
    }
  }
}

TEST(MinuteMemo, ForgetsWhereTheNextStampHasNoPlaceForSeconds) {
  MinuteMemo memo;
  memo.Remember("Nov 21 17:00:05", 5);
  memo.Remember("1795280405", 7);
  EXPECT_EQ(memo.Read("Nov 21 17:00:05"), std::nullopt);
  memo.Remember("Nov 21 17:00:05", 5);
  memo.Remember("2026-11-21T17:00:05" + std::string(40, ' '), 7);
  EXPECT_EQ(memo.Read("Nov 21 17:00:05"), std::nullopt);
}

}  // namespace
}  // namespace bouncesight
