#include "daemon/kafka/kafka_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/kafka/packed_record.h"
#include "tests/daemon/kafka/kafka_world.h"
#include "tests/daemon/system/captured_log.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Beginning = PartitionPlaces::Beginning;

TEST(KafkaSource, EndsALineWithEachRecord) {
  struct Case {
    const char* what;
    std::string payload, lines;
  };
  const std::vector<Case> cases = {
      {"a line", "one", "one\n"},
      {"a line with its newline", "one\n", "one\n"},
      {"several lines", "one\ntwo\nthree", "one\ntwo\nthree\n"},
      {"an object", "{\"message\":\"one\"}", "{\"message\":\"one\"}\n"},
      {"nothing, as a tombstone", "", ""},
  };
  for (const Case& each : cases) {
    KafkaWorld world;
    world.Start();
    world.kafka.Record(0, 0, each.payload);
    world.Poll();
    EXPECT_EQ(world.streams.text, each.lines) << each.what;
    EXPECT_EQ(world.live().records, 1u) << each.what;
  }
}

TEST(KafkaSource, TellsWhatItPassesOverAndReadsOn) {
  CapturedLog log;
  KafkaWorld world;
  world.Start();
  world.kafka.Record(0, 0, "one");
  world.kafka.Unreadable(0, 1);
  world.kafka.Record(0, 9, "two");
  world.Poll();
  EXPECT_EQ(world.streams.text, "one\ntwo\n");
  EXPECT_THAT(log.text(),
              HasSubstr("partition 0: what stands at offset 1 cannot be read (broken)"));
  EXPECT_THAT(log.text(), Not(HasSubstr("it was deleted and made again")));
  LiveSource live;
  world.source->Describe(live);
  EXPECT_EQ(live.gaps, 1U);
}

TEST(KafkaSource, AsksAgainForPartitionsThatItDidNotGet) {
  KafkaWorld world;
  world.kafka.refused_assignments = 2;
  world.Start();
  for (int turn = 0; turn < 3; ++turn) world.Poll();
  EXPECT_THAT(world.kafka.assigned, ElementsAre(ElementsAre(Beginning{0, -2})));
}

TEST(KafkaSource, ReadsNothingWhileItDoesNotGetItsPartitions) {
  KafkaWorld world;
  world.Start();
  world.kafka.SetPartitions(2);
  world.kafka.refused_assignments = 1;
  world.kafka.Record(0, 7, "of the assignment before, which left out others");
  world.source->Turn();
  EXPECT_EQ(world.streams.text, "");
  world.source->Turn();
  EXPECT_THAT(world.kafka.assigned.back(), ElementsAre(Beginning{0, -2}, Beginning{1, -2}));
}

TEST(KafkaSource, AssignsItsOwnPartitionsOnly) {
  KafkaWorld world;
  world.config.kafka.partitions = *ParsePartitions({"shard 2/3"});
  world.kafka.SetPartitions(6);
  world.Start();
  EXPECT_THAT(world.kafka.assigned, ElementsAre(ElementsAre(Beginning{1, -2}, Beginning{4, -2})));
  EXPECT_EQ(world.live().partitions.open, 2u);
}

TEST(KafkaSource, GoesOnAfterARestartBehindTheLastRecord) {
  KafkaWorld world;
  world.Start();
  world.kafka.Record(0, 0, "one");
  world.kafka.Record(0, 1, "two");
  world.Poll();
  const std::string state = world.source->SaveState();
  world.kafka.Record(0, 2, "counted, and never saved");
  world.Poll();

  world.streams.text.clear();
  world.kafka.assigned.clear();
  world.Start(state);
  EXPECT_THAT(world.kafka.assigned, ElementsAre(ElementsAre(Beginning{0, 1})));
  world.kafka.Record(0, 1, "two");
  world.kafka.Record(0, 2, "three");
  world.Poll();
  EXPECT_EQ(world.streams.text, "three\n");
}

TEST(KafkaSource, LeavesOutWhatAShipperRepeats) {
  KafkaWorld world;
  world.Start();
  world.kafka.Record(0, 0, "one\ntwo\n", "100-108");
  world.Poll();
  const std::string state = world.source->SaveState();

  world.Start(state);
  world.kafka.Record(0, 1, "two\nthree\n", "104-114");
  world.kafka.Record(0, 2, "two\n", "104-108");
  world.kafka.Record(0, 3, "two\n", "0-4", "mail/cd/0");
  world.Poll();
  EXPECT_EQ(world.streams.text, "one\ntwo\nthree\ntwo\n");
  EXPECT_EQ(world.live().repeated_bytes, 8u);
}

TEST(KafkaSource, CountsLinesThatComeBehindLaterOnes) {
  KafkaWorld world;
  world.Start();
  world.kafka.Record(0, 0, "one\n", "0-4");
  world.kafka.Record(0, 1, "four\n", "14-19");
  world.Poll();
  const std::string state = world.source->SaveState();

  world.Start(state);
  world.kafka.Record(0, 2, "two\nthree\nfour\nfive\n", "4-24");
  world.Poll();
  EXPECT_EQ(world.streams.text, "one\nfour\ntwo\nthree\nfive\n");
  EXPECT_EQ(world.live().repeated_bytes, 5u);
}

TEST(KafkaSource, TakesALineThatStandsForAllBeforeItByItsEnd) {
  KafkaWorld world;
  world.Start();
  world.kafka.Record(0, 0, "a failure\n", "0-500");
  world.kafka.Record(0, 1, "a failure\n", "300-500");
  world.kafka.Record(0, 2, "the next\n", "400-700");
  world.kafka.Record(0, 3, "after a restart\n", "800-900");
  world.kafka.Record(0, 4, "a failure that came late\n", "700-800");
  world.Poll();
  EXPECT_EQ(world.streams.text, "a failure\nthe next\nafter a restart\na failure that came late\n");
}

TEST(KafkaSource, CountsAllOfARecordWhoseRangeCannotBeRead) {
  KafkaWorld world;
  world.Start();
  std::int64_t offset = 0;
  for (const char* range : {"x", "9-8", "1-", "-3", "1-2-3"}) {
    world.kafka.Record(0, offset++, "one", range);
  }
  world.Poll();
  EXPECT_EQ(world.streams.text, "one\none\none\none\none\n");
}

TEST(KafkaSource, CountsWhatWasDeletedAndGoesOn) {
  const CapturedLog log;
  KafkaWorld world;
  world.Start();
  world.kafka.Record(0, 0, "one");
  world.Poll();
  world.kafka.OutOfRange(0);
  world.Poll();
  EXPECT_THAT(world.kafka.assigned.back(), ElementsAre(Beginning{0, -2}));
  world.kafka.Record(0, 8, "nine");
  world.Poll();
  EXPECT_EQ(world.live().lost_records, 7u);
  EXPECT_EQ(world.streams.text, "one\nnine\n");
  EXPECT_THAT(log.text(), HasSubstr("7 records were deleted from the topic mail"));

  world.Start(world.source->SaveState());
  EXPECT_EQ(world.live().lost_records, 7u) << "kept over a restart";
}

TEST(KafkaSource, DropsWhatAnEarlierAssignmentStillHeld) {
  KafkaWorld world;
  world.Start();
  world.kafka.Record(0, 0, "one");
  world.kafka.OutOfRange(0);
  world.kafka.Record(0, 1, "of the assignment before");
  world.Poll();
  EXPECT_EQ(world.streams.text, "one\n");
}

TEST(KafkaSource, ReadsATopicThatWasMadeAgainFromItsStart) {
  const CapturedLog log;
  KafkaWorld world;
  world.Start();
  world.kafka.Record(0, 0, "one");
  world.Poll();
  world.kafka.sight = {TopicSight::Trouble::kMissing, "no topic mail", {}};
  world.Poll();
  EXPECT_EQ(world.live().partitions.missing, 1u);
  EXPECT_EQ(world.live().partitions.open, 0u);
  world.kafka.SetPartitions(1);
  world.Poll();
  EXPECT_THAT(world.kafka.assigned.back(), ElementsAre(Beginning{0, 0}));
  world.kafka.Record(0, 0, "another one");
  world.Poll();
  world.kafka.Record(0, 0, "another one");
  world.Poll();
  EXPECT_EQ(world.streams.text, "one\nanother one\n");
  EXPECT_THAT(log.text(), HasSubstr("error: source fleet: no topic mail"));
  EXPECT_THAT(log.text(), HasSubstr("it was deleted and made again"));
}

TEST(KafkaSource, ReadsPartitionsThatComeLater) {
  KafkaWorld world;
  world.config.start = FirstSight::kEnd;
  world.Start();
  world.kafka.End(0, 5);
  world.Poll();
  EXPECT_TRUE(world.source->caught_up());
  world.kafka.SetPartitions(2);
  world.Poll();
  EXPECT_THAT(world.kafka.assigned.back(), ElementsAre(Beginning{0, 5}, Beginning{1, -2}));
}

TEST(KafkaSource, TellsEachTroubleOnceAndWhenItHasPassed) {
  const CapturedLog log;
  KafkaWorld world;
  world.kafka.sight = {TopicSight::Trouble::kAway, "no broker answers", {}};
  world.Start();
  EXPECT_TRUE(world.source->caught_up()) << "nothing that could be waited for";
  EXPECT_EQ(world.live().partitions.away, 1u);
  world.Poll();
  world.kafka.sight = {TopicSight::Trouble::kDenied, "the brokers refuse us", {}};
  world.Poll();
  EXPECT_EQ(world.live().partitions.denied, 1u);
  world.kafka.SetPartitions(1);
  world.Poll();
  EXPECT_EQ(world.live().partitions.open, 1u);
  EXPECT_EQ(log.text(),
            "error: source fleet: no broker answers\nerror: source fleet: the brokers refuse us\n"
            "info: source fleet: the topic mail can be read now\n"
            "info: source fleet: partitions of the topic mail: 1\n");
}

TEST(KafkaSource, SaysWhichPartitionsAreNotThere) {
  const CapturedLog log;
  KafkaWorld world;
  world.config.kafka.partitions = *ParsePartitions({"0-3"});
  world.kafka.SetPartitions(2);
  world.kafka.sight.partitions[1].has_leader = false;
  world.Start();
  const KafkaPartitions seen = world.live().partitions;
  EXPECT_EQ(seen.open, 1u);
  EXPECT_EQ(seen.away, 1u);
  EXPECT_EQ(seen.missing, 2u);
  EXPECT_THAT(log.text(), HasSubstr("2 of those under `partitions` are not among them"));
}

TEST(KafkaSource, NotesInKafkaWhatTheStateHasHad) {
  KafkaWorld world;
  world.Start();
  world.kafka.Record(0, 0, "one");
  world.Poll();
  world.source->SaveState();
  EXPECT_THAT(world.kafka.noted, IsEmpty()) << "this record may not be written yet";
  world.source->SaveState();
  EXPECT_THAT(world.kafka.noted, ElementsAre(ElementsAre(Beginning{0, 1})));
  world.source->SaveState();
  EXPECT_EQ(world.kafka.noted.size(), 1u) << "nothing new";
}

TEST(KafkaSource, BeginsAnewWithAnotherTopicOrAStateThatIsTorn) {
  KafkaWorld world;
  world.Start();
  world.kafka.Record(0, 0, "one");
  world.Poll();
  const std::string state = world.source->SaveState();
  for (std::size_t size = 0; size < state.size(); ++size) {
    EXPECT_FALSE(world.source->RestoreState(state.substr(0, size))) << size;
  }
  world.config.kafka.topic = "other";
  KafkaSource other(world.config, std::make_unique<FakeFeed>(world.kafka), world.clock,
                    world.streams);
  EXPECT_FALSE(other.RestoreState(state));
}

TEST(PackedRecord, WritesARangeAsItReadsIt) {
  const ByteRange range{0, 18'446'744'073'709'551'615U};
  EXPECT_EQ(ParseRange(RangeText(range)), range);
  EXPECT_EQ(ParseRange("12-12"), (ByteRange{12, 12}));
  EXPECT_EQ(ParseRange("12-18446744073709551616"), std::nullopt);
}

}  // namespace
}  // namespace bouncesight
