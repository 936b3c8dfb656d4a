#include "daemon/history/history.h"

#include <fstream>

#include <gmock/gmock.h>

#include "daemon/history/history_reader.h"
#include "tests/daemon/history/history_world.h"
#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {
namespace {

class ScarceDisk final : public RealFileSystem {
 public:
  std::int64_t FreeBytes(const std::string& /*directory*/) override { return free; }
  std::int64_t free = 1L << 30;
};

class HistoryTest : public testing::Test {
 protected:
  std::unique_ptr<History> Open() {
    return std::make_unique<History>(fs_, clock_, folder_.database(), HistoryBounds{},
                                     AddressVeil(AddressVeil::Mode::kHidden), 0);
  }
  std::int64_t Now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock_.Wall().time_since_epoch())
        .count();
  }
  Batches Some(std::size_t count, const std::string& reply = "550 5.1.1 no such user") {
    return BatchOf(std::vector<Happening>(count, Happening{.time = Now(), .reply = reply}), false,
                   Now());
  }
  std::uint64_t Rows() {
    const auto extent = HistoryReader(folder_.database()).Extent();
    return extent ? extent->failures : 0;
  }

  HistoryFolder folder_;
  ScarceDisk fs_;
  FakeClock clock_;
};

TEST_F(HistoryTest, WritesOnItsThreadBeforeTheCommitGoesOn) {
  const auto history = Open();
  history->Start();
  history->Take(1, Some(3));
  EXPECT_EQ(Rows(), 3U);
  EXPECT_TRUE(history->Describe().up);
  EXPECT_EQ(history->Describe().rows, 3U);
  history->Take(2, Some(2));
  EXPECT_TRUE(history->Stop(std::chrono::seconds(5)));
  EXPECT_EQ(Rows(), 5U);
}

TEST_F(HistoryTest, StandsStillWhileTheDatabaseIsLockedAndThenGoesOn) {
  const auto history = Open();
  history->Take(1, Some(1));
  ASSERT_TRUE(history->Turn());
  {
    Sqlite other(folder_.database(), Sqlite::Mode::kReadWrite);
    other.Run("BEGIN IMMEDIATE");
    ASSERT_TRUE(other.ok());
    history->Take(2, Some(2));
    EXPECT_FALSE(history->Turn());
    EXPECT_FALSE(history->Describe().up);
    EXPECT_EQ(history->Describe().failures, 1U);
    EXPECT_GT(history->Describe().queued_bytes, 0U);
    history->Take(3, Some(4));
  }
  clock_.Advance(std::chrono::seconds(31));
  EXPECT_TRUE(history->Turn());
  EXPECT_EQ(Rows(), 7U);
  EXPECT_TRUE(history->Describe().up);
  EXPECT_EQ(history->Describe().queued_bytes, 0U);
}

TEST_F(HistoryTest, LeavesTheLastRoomOfItsDiskToTheCounters) {
  const auto history = Open();
  history->Take(1, Some(1));
  ASSERT_TRUE(history->Turn());
  fs_.free = History::kRoomToWrite - 1;
  history->Take(2, Some(2));
  EXPECT_FALSE(history->Turn());
  EXPECT_FALSE(history->Describe().up);
  fs_.free = History::kRoomToWrite;  // not enough to begin again
  clock_.Advance(std::chrono::seconds(31));
  EXPECT_FALSE(history->Turn());
  EXPECT_EQ(Rows(), 1U);
  fs_.free = History::kRoomToBegin;
  clock_.Advance(std::chrono::seconds(31));
  EXPECT_TRUE(history->Turn());
  EXPECT_TRUE(history->Describe().up);
  EXPECT_EQ(Rows(), 3U);
}

TEST_F(HistoryTest, DoesNotCleanUpInTheLastRoomEither) {
  const auto history = Open();
  ASSERT_TRUE(history->Turn());
  fs_.free = History::kRoomToWrite - 1;
  clock_.Advance(std::chrono::seconds(31));
  EXPECT_FALSE(history->Turn());
  EXPECT_FALSE(history->Describe().up);
}

TEST_F(HistoryTest, WaitsLongerEachTimeThatAWriteFails) {
  const auto history = Open();
  history->Take(1, Some(1));
  ASSERT_TRUE(history->Turn());
  Sqlite other(folder_.database(), Sqlite::Mode::kReadWrite);
  other.Run(
      "CREATE TRIGGER refuse BEFORE INSERT ON failure_rows BEGIN SELECT RAISE(ABORT, 'no'); END");
  ASSERT_TRUE(other.ok());
  history->Take(2, Some(1));
  for (int second = 0; second < 60; ++second) {
    clock_.Advance(std::chrono::seconds(1));
    history->Turn();
  }
  EXPECT_LE(history->Describe().failures, 8U);
}

TEST_F(HistoryTest, LeavesABrokenFileAloneAndBeginsAnewOnceItIsMovedAway) {
  const std::string junk(20'000, 'x');
  std::ofstream(folder_.database()) << junk;
  const auto history = Open();
  history->Take(1, Some(1));
  EXPECT_FALSE(history->Turn());
  EXPECT_FALSE(history->Describe().up);
  EXPECT_EQ(std::filesystem::file_size(folder_.database()), junk.size());
  std::filesystem::rename(folder_.database(), folder_.database() + ".broken");
  clock_.Advance(std::chrono::seconds(31));
  EXPECT_TRUE(history->Turn());
  EXPECT_EQ(Rows(), 1U);
}

TEST_F(HistoryTest, DropsAndCountsRowsBeyondItsMemoryAndKeepsTheSums) {
  const auto history = Open();
  const std::string words = "550 5.1.1 no such user " + std::string(400, 'n');
  std::uint64_t given = 0;
  for (std::uint64_t commit = 1; history->Describe().dropped_rows == 0; ++commit) {
    ASSERT_LT(commit, 100U);
    history->Take(commit, Some(5000, words));
    given += 5000;
    ASSERT_LE(history->Describe().queued_bytes, History::kMostQueued);
  }
  ASSERT_TRUE(history->Turn());
  EXPECT_EQ(Rows(), given - 5000);
  std::uint64_t sum = 0;
  ASSERT_TRUE(HistoryReader(folder_.database()).EachTotal({}, [&](const HistoryTotal& total) {
    sum += total.results;
  }));
  EXPECT_EQ(sum, given);
}

TEST_F(HistoryTest, NotesNothingThatIsOlderThanItKeeps) {
  const auto batches = BatchOf({{.time = kNoon - 31 * 86400LL}, {.time = kNoon - 29 * 86400LL}});
  EXPECT_EQ(batches.front()->rows(), 1U);
}

TEST_F(HistoryTest, TakesATimeOfTheFarFutureForTomorrow) {
  const auto batches = BatchOf({{.time = kNoon + 400 * 86400LL}});
  ASSERT_EQ(batches.front()->rows(), 1U);
  EXPECT_EQ(batches.front()->Entry(0).time, kNoon + 86400);
}

}  // namespace
}  // namespace bouncesight
