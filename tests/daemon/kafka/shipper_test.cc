#include "daemon/kafka/shipper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/kafka/ship_world.h"
#include "tests/daemon/system/captured_log.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// What a shipper that starts from `state` sends.
std::string SentFrom(ShipWorld& world, const std::string& state) {
  world.topic.arrived.clear();
  world.Start(state);
  world.Turn();
  return world.topic.text();
}

TEST(Shipper, SendsWhatIsInTheFileWithItsPlace) {
  ShipWorld world;
  world.file = "one\ntwo\nbegun";
  world.Start();
  world.Turn();
  ASSERT_EQ(world.topic.arrived.size(), 1U);
  const ShipRecord& record = world.topic.arrived.front().record;
  EXPECT_EQ(record.payload, "one\ntwo\n");
  EXPECT_EQ(record.range, (ByteRange{0, 8}));
  EXPECT_EQ(record.lines, 2U);
  EXPECT_THAT(record.stream, StartsWith("mail/"));
}

TEST(Shipper, GoesOnAfterACrashFromWhatWasAcknowledged) {
  ShipWorld world;
  world.file = "one\ntwo\n";
  world.Start();
  world.Turn();
  const std::string before = world.shipper->SaveState();
  world.topic.AcknowledgeAll();
  world.Turn();
  const std::string after = world.shipper->SaveState();
  world.file += "three\n";
  EXPECT_EQ(SentFrom(world, before), "one\ntwo\nthree\n");
  EXPECT_EQ(SentFrom(world, after), "three\n");
}

TEST(Shipper, DoesNotPassARecordThatIsNotAcknowledgedWhenALaterOneIs) {
  ShipWorld world;
  world.turn = 4;
  world.file = "one\ntwo\nsix\n";
  world.Start();
  world.Turn();
  ASSERT_EQ(world.topic.under_way.size(), 3U);
  world.topic.Acknowledge(1);
  world.topic.Acknowledge(2);
  world.Turn();
  EXPECT_EQ(world.live().records, 0U);
  EXPECT_EQ(SentFrom(world, world.shipper->SaveState()), "one\ntwo\nsix\n");
}

TEST(Shipper, BeginsAgainWhereItBeganFirstWhenNothingWasEverAcknowledged) {
  ShipWorld world;
  world.file = "old\n";
  world.first = 4;  // start: end
  world.Start();
  world.file += "new\n";
  world.Turn();
  const std::string state = world.shipper->SaveState();
  world.first = world.file.size();  // where a first look would begin by now
  EXPECT_EQ(SentFrom(world, state), "new\n");
}

TEST(Shipper, ReadsNoFurtherThanTheClientHasRoom) {
  ShipWorld world;
  world.turn = 4;
  world.topic.room = 2;
  for (int i = 0; i < 100; ++i) world.file += "abc\n";
  world.Start();
  for (int i = 0; i < 50; ++i) world.Turn();
  EXPECT_EQ(world.topic.arrived.size(), 2U);
  EXPECT_EQ(world.live().lag_bytes, 400U);
  for (int i = 0; i < 60; ++i) {
    world.topic.AcknowledgeAll();
    world.Turn();
  }
  EXPECT_EQ(world.topic.text(), world.file);
  EXPECT_EQ(world.live().lag_bytes, 0U);
  EXPECT_EQ(world.live().lines, 100U);
}

TEST(Shipper, StartsOverWithANewClientWhenOneHasFailed) {
  const CapturedLog log;
  ShipWorld world;
  world.turn = 4;
  world.file = "one\ntwo\n";
  world.Start();
  world.Turn();
  world.topic.Acknowledge(0);
  world.Turn();
  world.topic.failure = "the record was refused";
  world.Turn();
  EXPECT_FALSE(world.live().up);
  EXPECT_EQ(world.live().failures, 1U);
  EXPECT_EQ(world.live().lag_bytes, 4U);
  world.topic.failure.clear();
  world.topic.arrived.clear();
  world.Turn();
  EXPECT_EQ(world.topic.sinks, 1);  // not at once
  world.clock.Advance(std::chrono::seconds(1));
  world.Turn();
  world.topic.AcknowledgeAll();
  world.Turn();
  EXPECT_EQ(world.topic.sinks, 2);
  EXPECT_EQ(world.topic.text(), "two\n");
  EXPECT_EQ(world.live().lag_bytes, 0U);
  EXPECT_THAT(log.text(), HasSubstr("the record was refused"));
}

TEST(Shipper, SaysWhyItHasNoNewClient) {
  const CapturedLog log;
  ShipWorld world;
  world.file = "one\n";
  world.Start();
  world.Turn();
  world.topic.failure = "the record was refused";
  world.Turn();
  world.topic.failure.clear();
  world.no_sink = "the certificate cannot be read";
  for (int i = 0; i < 5; ++i) {
    world.clock.Advance(std::chrono::seconds(30));
    world.Turn();
  }
  const std::string text = log.text();
  EXPECT_THAT(text, HasSubstr("source mail: cannot send to the topic topic: the certificate"));
  EXPECT_EQ(text.find("the certificate"), text.rfind("the certificate"));
  world.no_sink.clear();
  world.clock.Advance(std::chrono::seconds(30));
  world.Turn();
  EXPECT_EQ(world.topic.text(), "one\none\n");
}

TEST(Shipper, WakesForTheReportsOfEachClient) {
  ShipWorld world;
  world.file = "one\n";
  world.Start();
  int woken = 0;
  world.shipper->OnNews([&] { ++woken; });
  world.topic.ring();
  EXPECT_EQ(woken, 1);
  world.Turn();
  world.topic.failure = "the record was refused";
  world.topic.ring = nullptr;
  world.Turn();
  world.topic.failure.clear();
  world.clock.Advance(std::chrono::seconds(1));
  world.Turn();
  ASSERT_EQ(world.topic.sinks, 2);
  world.topic.ring();
  EXPECT_EQ(woken, 2);
}

TEST(Shipper, StartsOverWithWhatComesAfterTheAcknowledgedWhenASendFails) {
  const CapturedLog log;
  ShipWorld world;
  world.turn = 4;
  world.file = "one\ntwo\nsix\n";
  world.topic.refused = "two\n";
  world.Start();
  world.Turn();
  EXPECT_EQ(world.topic.text(), "one\n");
  EXPECT_EQ(world.live().failures, 1U);
  EXPECT_FALSE(world.live().up);
  EXPECT_THAT(log.text(), HasSubstr("this record is refused"));
  world.topic.refused.clear();
  world.topic.failure.clear();
  world.topic.arrived.clear();
  world.clock.Advance(std::chrono::seconds(1));
  for (int i = 0; i < 3; ++i) {
    world.Turn();
    world.topic.AcknowledgeAll();
  }
  world.Turn();
  EXPECT_EQ(world.topic.text(), "one\ntwo\nsix\n");
  EXPECT_EQ(world.live().lag_bytes, 0U);
}

TEST(Shipper, SendsWhatWaitedForRoomBeforeTheLogThatFollows) {
  ShipWorld world;
  world.turn = 4;
  world.topic.room = 1;
  world.file = "one\ntwo\n";
  world.Start();
  for (int i = 0; i < 3; ++i) world.Turn();
  ASSERT_EQ(world.topic.text(), "one\n");
  world.file = "six\n";  // cut, and begun anew
  for (int i = 0; i < 5; ++i) {
    world.topic.AcknowledgeAll();
    world.Turn();
  }
  EXPECT_EQ(world.topic.text(), "one\ntwo\nsix\n");
  EXPECT_EQ(world.topic.arrived[2].record.range, (ByteRange{0, 4}));
  EXPECT_NE(world.topic.arrived[2].record.stream, world.topic.arrived[1].record.stream);
}

TEST(Shipper, TellsApartTwoLogsThatBeginWithTheSameLineOverACrash) {
  ShipWorld world;
  world.file = "same\none\n";
  world.Start();
  world.Turn();
  world.topic.AcknowledgeAll();
  world.Turn();
  const std::string before = world.shipper->SaveState();
  world.file = "same\n";
  world.Turn();
  ASSERT_EQ(world.topic.arrived.size(), 2U);
  const std::string first = world.topic.arrived[0].record.stream;
  const std::string second = world.topic.arrived[1].record.stream;
  EXPECT_NE(first, second);

  EXPECT_EQ(SentFrom(world, before), "same\n");
  EXPECT_EQ(world.topic.arrived[0].record.stream, second) << "what comes again has the same name";
  world.topic.AcknowledgeAll();
  world.Turn();
  const std::string after = world.shipper->SaveState();
  world.file += "two\n";
  EXPECT_EQ(SentFrom(world, after), "two\n");
  EXPECT_EQ(world.topic.arrived[0].record.stream, second);
}

TEST(Shipper, TakesTheStateOfVersionsThatDidNotTellLogsApart) {
  ShipWorld world;
  world.file = "one\ntwo\n";
  ByteWriter state;
  state.Raw("p");
  state.Number(1);
  state.String("4");  // the follower's
  EXPECT_EQ(SentFrom(world, state.Take()), "two\n");
}

TEST(Shipper, TellsOnceThatNothingIsThereToBeSent) {
  const CapturedLog log;
  ShipWorld world;
  world.Start();
  for (int i = 0; i < 130; ++i) {
    world.Turn();
    world.clock.Advance(std::chrono::seconds(1));
  }
  const std::string text = log.text();
  EXPECT_THAT(text, HasSubstr("source mail: nothing was there to be sent to the topic topic"));
  EXPECT_EQ(text.find("nothing was there"), text.rfind("nothing was there"));
  EXPECT_EQ(world.live().last_acknowledged_timestamp_seconds, 0);
}

TEST(Shipper, TellsOnceThatBrokersAcknowledgeNothing) {
  const CapturedLog log;
  ShipWorld world;
  world.file = "one\n";
  world.Start();
  world.Turn();
  world.topic.AcknowledgeAll();
  world.Turn();
  EXPECT_GT(world.live().last_acknowledged_timestamp_seconds, 0);
  world.clock.Advance(std::chrono::hours(1));  // a quiet one
  world.file += "two\n";
  for (int i = 0; i < 50; ++i) {
    world.Turn();
    world.clock.Advance(std::chrono::seconds(1));
  }
  EXPECT_EQ(log.text(), "");
  for (int i = 0; i < 90; ++i) {
    world.Turn();
    world.clock.Advance(std::chrono::seconds(1));
  }
  const std::string text = log.text();
  EXPECT_THAT(
      text,
      HasSubstr("have acknowledged nothing of what is sent to the topic topic; 4 bytes wait"));
  EXPECT_EQ(text.find("acknowledged nothing"), text.rfind("acknowledged nothing"));
}

TEST(Shipper, WaitsForATopicBeforeItReads) {
  ShipWorld world;
  world.file = "one\n";
  world.topic.sight = {TopicSight::Trouble::kMissing, "there is no such topic", {}};
  world.Start();
  world.Turn();
  EXPECT_TRUE(world.topic.arrived.empty());
  EXPECT_FALSE(world.live().up);
  world.topic.SetPartitions(3);
  world.Turn();
  EXPECT_EQ(world.topic.text(), "one\n");
  EXPECT_TRUE(world.live().up);
}

TEST(Shipper, StaysWithItsPartitionWhenTheTopicGrows) {
  ShipWorld world;
  world.turn = 4;
  world.file = "one\n";
  world.topic.SetPartitions(5);
  world.Start();
  world.Turn();
  world.topic.SetPartitions(64);
  world.file += "two\n";
  world.Turn();
  world.file += "six\n";
  const std::string state = world.shipper->SaveState();
  world.Start(state);
  world.Turn();
  ASSERT_GE(world.topic.arrived.size(), 3U);
  const std::int32_t first = world.topic.arrived.front().partition;
  for (const auto& each : world.topic.arrived) EXPECT_EQ(each.partition, first);
}

TEST(Shipper, ReadsNoFurtherThanAReaderRemembersWhileTheStateIsNotSaved) {
  ShipWorld world;
  world.file.assign(Shipper::kMostUnsaved + (8 << 20), '\n');
  world.topic.room = 1'000'000;
  world.Start();
  world.Turn();
  EXPECT_GE(world.topic.text().size(), Shipper::kMostUnsaved);
  EXPECT_LT(world.topic.text().size(), Shipper::kMostUnsaved + (1 << 20));
  static_cast<void>(world.shipper->SaveState());
  world.Turn();
  EXPECT_EQ(world.topic.text().size(), world.file.size());
}

TEST(Shipper, ReadsAgainAllThatAFailureThrewAwayWhileTheStateIsNotSaved) {
  const CapturedLog log;
  ShipWorld world;
  world.file.assign(Shipper::kMostUnsaved, '\n');
  world.topic.room = 1'000'000;
  world.Start();
  for (int i = 0; i < 3; ++i) {
    world.topic.arrived.clear();
    world.Turn();
    EXPECT_EQ(world.topic.text().size(), world.file.size()) << "failures: " << i;
    world.topic.failure = "the record was refused";
    world.Turn();
    world.topic.failure.clear();
    world.clock.Advance(std::chrono::minutes(5));
  }
}

TEST(Shipper, TellsAnOutageOnceAndItsEnd) {
  const CapturedLog log;
  ShipWorld world;
  world.Start();
  world.Turn();
  world.topic.sight = {TopicSight::Trouble::kAway, "no broker answers", {}};
  for (int i = 0; i < 5; ++i) world.Turn();
  const std::string away = log.text();
  EXPECT_THAT(away, HasSubstr("source mail: cannot send: no broker answers"));
  EXPECT_EQ(away.find("no broker"), away.rfind("no broker"));
  world.topic.SetPartitions(1);
  for (int i = 0; i < 5; ++i) world.Turn();
  const std::string back = log.text().substr(away.size());
  EXPECT_THAT(back, HasSubstr("lines go to the topic topic again"));
  EXPECT_EQ(back.find("again"), back.rfind("again"));
}

TEST(Shipper, ItsPlaceGoesOnWhereNothingIsToBeSent) {
  ShipWorld world;
  world.config.output->send = OutputConfig::Send::kFailures;
  world.file = "a line of no failure\n";
  world.Start();
  world.Turn();
  const std::string before = world.shipper->SaveState();
  world.file += "another one\n";
  world.Turn();
  EXPECT_TRUE(world.topic.arrived.empty());
  EXPECT_NE(world.shipper->SaveState(), before);
}

TEST(Shipper, TakesNoStateOfAnotherKind) {
  const CapturedLog log;
  ShipWorld world;
  world.Start();
  for (const std::string state : {"", "q", "p", "p\x05", "pabc"}) {
    EXPECT_FALSE(world.shipper->RestoreState(state)) << state;
  }
}

TEST(Shipper, TakesTheLastAcknowledgementsAtTheEnd) {
  ShipWorld world;
  world.file = "one\n";
  world.Start();
  world.Turn();
  world.topic.AcknowledgeAll();
  world.shipper->Farewell();
  EXPECT_EQ(SentFrom(world, world.shipper->SaveState()), "");
}

}  // namespace
}  // namespace bouncesight
