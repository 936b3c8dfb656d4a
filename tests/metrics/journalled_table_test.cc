#include "metrics/journalled_table.h"

#include <random>

#include <gtest/gtest.h>

#include "tests/metrics/number_table.h"

namespace bouncesight {
namespace {

const RuleNames kNames;

TEST(JournalledTable, GivesAllFirstAndThenOnlyWhatChanged) {
  NumberTable table(1000);
  for (std::size_t i = 0; i < 1000; ++i) table.Set(i, i + 1);
  EXPECT_TRUE(table.Take(kNames, false).whole);
  EXPECT_TRUE(table.Take(kNames, false).empty());
  table.Set(7, 70);
  table.Set(7, 71);
  table.Set(8, 0);
  const TablePiece changes = table.Take(kNames, false);
  EXPECT_FALSE(changes.whole);
  EXPECT_EQ(changes.bytes, (std::string{"\x07\x47\x08\x00", 4}));
}

TEST(JournalledTable, IsTheSameAfterARestartFromAnyPieces) {
  std::mt19937 random(15);
  NumberTable table(64);
  std::vector<std::string> pieces;
  for (int commit = 0; commit < 500; ++commit) {
    for (std::uint32_t changes = random() % 30; changes > 0; --changes) {
      table.Set(random() % 64, random() % 4);
    }
    TablePiece piece = table.Take(kNames, commit % 50 == 0);
    if (piece.whole) pieces.clear();
    if (!piece.empty()) pieces.push_back(std::move(piece.bytes));
    NumberTable restored(64);
    ASSERT_TRUE(restored.Restore(pieces, kNames));
    ASSERT_EQ(restored.numbers(), table.numbers()) << commit;
    EXPECT_TRUE(restored.Take(kNames, false).whole);
  }
}

}  // namespace
}  // namespace bouncesight
