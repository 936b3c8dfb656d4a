#include "daemon/kafka/partition_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bouncesight {
namespace {

using Verdict = PartitionPlaces::Verdict;

constexpr std::int64_t kOldest = PartitionPlaces::kOldestOffset;
constexpr std::int64_t kEnd = PartitionPlaces::kEndOffset;

std::int64_t BeginningOf(const PartitionPlaces& places, std::int32_t partition) {
  for (const auto& beginning : places.Beginnings()) {
    if (beginning.partition == partition) return beginning.offset;
  }
  ADD_FAILURE() << "partition " << partition << " is not assigned";
  return -99;
}

// Partition 0, of which the records before `next` were counted in an earlier life; the last one had
// the mark 7.
PartitionPlaces Restored(std::int64_t next) {
  PartitionPlaces places(FirstSight::kEnd);
  places.Restore({{0, next, 7}}, 1, {});
  EXPECT_TRUE(places.SetPartitions(1, {0}));
  return places;
}

TEST(PartitionPlaces, BeginsWhereTheConfigurationSaysOnFirstSight) {
  PartitionPlaces at_end(FirstSight::kEnd), at_oldest(FirstSight::kBeginning);
  EXPECT_TRUE(at_end.SetPartitions(2, {0, 1}));
  EXPECT_TRUE(at_oldest.SetPartitions(2, {0, 1}));
  EXPECT_EQ(BeginningOf(at_end, 1), kEnd);
  EXPECT_EQ(BeginningOf(at_oldest, 1), kOldest);
  EXPECT_FALSE(at_end.SetPartitions(2, {0, 1})) << "nothing new";
}

TEST(PartitionPlaces, KnowsItsPlaceOnceTheEndIsMet) {
  PartitionPlaces places(FirstSight::kEnd);
  places.SetPartitions(1, {0});
  EXPECT_EQ(places.Next(0), std::nullopt);
  EXPECT_FALSE(places.at_ends());
  EXPECT_EQ(places.OnEnd(0, 41), Verdict::kTake);
  EXPECT_EQ(places.Next(0), 41);
  EXPECT_TRUE(places.at_ends());
}

TEST(PartitionPlaces, ReadsAPartitionByWhichTheTopicGrewFromItsStart) {
  PartitionPlaces places(FirstSight::kEnd);
  places.SetPartitions(2, {0, 1});
  EXPECT_TRUE(places.SetPartitions(3, {0, 1, 2}));
  EXPECT_EQ(BeginningOf(places, 1), kEnd);
  EXPECT_EQ(BeginningOf(places, 2), kOldest);
}

TEST(PartitionPlaces, TakesAPartitionThatWasAnothersAsTheConfigurationSays) {
  PartitionPlaces places(FirstSight::kEnd);
  places.SetPartitions(4, {0});
  EXPECT_TRUE(places.SetPartitions(4, {0, 3}));
  EXPECT_EQ(BeginningOf(places, 3), kEnd);
}

TEST(PartitionPlaces, CountsEachRecordOnce) {
  PartitionPlaces places(FirstSight::kBeginning);
  places.SetPartitions(1, {0});
  EXPECT_EQ(places.OnRecord(0, 5, 1), Verdict::kTake);
  places.Counted(0, 5, 1);
  EXPECT_EQ(places.OnRecord(0, 5, 1), Verdict::kDrop);
  EXPECT_EQ(places.OnRecord(0, 8, 1), Verdict::kTake) << "compacted away in between";
  EXPECT_EQ(places.counts().lost_records, 0u) << "what was there before we came is not a loss";
}

TEST(PartitionPlaces, LooksAtItsLastRecordAndGoesOnBehindIt) {
  PartitionPlaces places = Restored(10);
  EXPECT_EQ(BeginningOf(places, 0), 9);
  EXPECT_EQ(places.OnRecord(0, 9, 7), Verdict::kDrop);
  EXPECT_EQ(places.OnRecord(0, 10, 1), Verdict::kTake);
  EXPECT_EQ(places.counts(), PartitionPlaces::Counts{});
}

TEST(PartitionPlaces, GoesOnWhereItsLastRecordWasCompactedAway) {
  PartitionPlaces places = Restored(10);
  EXPECT_EQ(places.OnRecord(0, 12, 1), Verdict::kTake);
  EXPECT_EQ(places.counts(), PartitionPlaces::Counts{});
}

TEST(PartitionPlaces, KnowsATopicThatWasMadeAgain) {
  struct Case {
    const char* what;
    std::function<Verdict(PartitionPlaces&)> comes;
  };
  const std::vector<Case> cases = {
      {"it has another record there", [](auto& places) { return places.OnRecord(0, 9, 8); }},
      {"it is shorter by one", [](auto& places) { return places.OnEnd(0, 9); }},
      {"it is shorter still", [](auto& places) { return places.OnOutOfRange(0); }},
  };
  for (const Case& each : cases) {
    PartitionPlaces places = Restored(10);
    EXPECT_EQ(each.comes(places), Verdict::kAssign) << each.what;
    EXPECT_EQ(BeginningOf(places, 0), kOldest) << each.what;
    EXPECT_EQ(places.OnRecord(0, 0, 1), Verdict::kTake) << each.what;
    EXPECT_EQ(places.counts(), (PartitionPlaces::Counts{0, 1})) << each.what;
    places.Counted(0, 0, 1);
    EXPECT_EQ(places.Next(0), 1) << each.what;
  }
}

TEST(PartitionPlaces, CountsExactlyWhatWasDeletedUnread) {
  PartitionPlaces places = Restored(10);
  EXPECT_EQ(places.OnRecord(0, 9, 7), Verdict::kDrop);
  EXPECT_EQ(places.OnOutOfRange(0), Verdict::kAssign);
  EXPECT_EQ(BeginningOf(places, 0), kOldest);
  EXPECT_EQ(places.OnRecord(0, 25, 1), Verdict::kTake);
  EXPECT_EQ(places.counts(), (PartitionPlaces::Counts{15, 0}));
}

TEST(PartitionPlaces, CountsWhatWasDeletedOfAPartitionThatIsEmptyNow) {
  PartitionPlaces places = Restored(10);
  EXPECT_EQ(places.OnOutOfRange(0), Verdict::kAssign);
  EXPECT_EQ(places.OnEnd(0, 14), Verdict::kTake);
  EXPECT_EQ(places.counts(), (PartitionPlaces::Counts{4, 0}));
  EXPECT_EQ(places.Next(0), 14);
}

TEST(PartitionPlaces, LosesNothingWhereOnlyItsLastRecordWasDeleted) {
  PartitionPlaces places = Restored(10);
  EXPECT_EQ(places.OnOutOfRange(0), Verdict::kAssign);
  EXPECT_EQ(places.OnRecord(0, 10, 1), Verdict::kTake);
  EXPECT_EQ(places.counts(), PartitionPlaces::Counts{});
}

TEST(PartitionPlaces, LooksAgainAfterTheTopicWasAway) {
  PartitionPlaces places(FirstSight::kBeginning);
  places.SetPartitions(1, {0});
  places.OnRecord(0, 0, 3);
  places.Counted(0, 0, 3);
  EXPECT_EQ(BeginningOf(places, 0), 1);
  places.Doubt();
  EXPECT_EQ(BeginningOf(places, 0), 0);
  EXPECT_EQ(places.OnRecord(0, 0, 3), Verdict::kDrop);
}

TEST(PartitionPlaces, KeepsThePlacesOfPartitionsThatAreNotItsOwnAnyMore) {
  PartitionPlaces places = Restored(10);
  places.SetPartitions(2, {1});
  EXPECT_EQ(places.Next(0), std::nullopt);
  EXPECT_EQ(places.Beginnings().size(), 1u);
  EXPECT_TRUE(places.SetPartitions(2, {0, 1}));
  EXPECT_EQ(places.Next(0), 10);
}

TEST(RecordMark, TellsRecordsApart) {
  const std::uint64_t mark = RecordMark(1'764'000'000'000, "a line");
  EXPECT_EQ(RecordMark(1'764'000'000'000, "a line"), mark);
  EXPECT_NE(RecordMark(1'764'000'000'001, "a line"), mark);
  EXPECT_NE(RecordMark(1'764'000'000'000, "b line"), mark);
  EXPECT_NE(RecordMark(1'764'000'000'000, std::string(100, 'x')),
            RecordMark(1'764'000'000'000, std::string(101, 'x')));
  EXPECT_NE(RecordMark(0, ""), 0u);
}

}  // namespace
}  // namespace bouncesight
