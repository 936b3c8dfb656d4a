#include "daemon/batch/year_turns.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

YearTurns TurnsOf(std::initializer_list<const char*> stamps) {
  YearTurnFinder finder;
  std::uint64_t end = 0;
  for (const char* stamp : stamps) finder.Note(std::string(stamp) + " mx1 x: y", end += 100);
  return finder.Take();
}

TEST(YearTurns, LieWhereTheMonthsRunBackwards) {
  const YearTurns turns = TurnsOf({"Jan  1 10:00:00", "Jun  1 10:00:00", "Jan  2 10:00:00",
                                   "Dec  1 10:00:00", "Nov  1 10:00:00"});
  EXPECT_EQ(turns.YearsBack(100), 2);
  EXPECT_EQ(turns.YearsBack(200), 2);
  EXPECT_EQ(turns.YearsBack(300), 1);
  EXPECT_EQ(turns.YearsBack(400), 1);
  EXPECT_EQ(turns.YearsBack(500), 0);
  EXPECT_EQ(turns.last.month, 11);
}

TEST(YearTurns, AreNoneWhereALineComesLate) {
  EXPECT_TRUE(TurnsOf({"Jun  1 00:00:00", "May 31 23:59:59", "Jun  1 00:00:01"}).ends.empty());
  const YearTurns turns =
      TurnsOf({"Dec 31 23:59:58", "Jan  1 00:00:00", "Dec 31 23:59:59", "Jan  1 00:00:01"});
  EXPECT_EQ(turns.ends.size(), 1u) << "the one year that did turn";
}

TEST(YearTurns, AreNotLookedForInStampsThatHaveAYear) {
  YearTurnFinder finder;
  EXPECT_FALSE(finder.Note("2026-06-01T10:00:00Z mx1 x: y", 100));
  EXPECT_FALSE(finder.Note("2025-01-01T10:00:00Z mx1 x: y", 200));
  EXPECT_TRUE(finder.Take().ends.empty());
}

}  // namespace
}  // namespace bouncesight
