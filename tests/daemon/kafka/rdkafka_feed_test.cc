#include "daemon/kafka/rdkafka_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/kafka/asked_watch.h"
#include "tests/daemon/kafka/fake_rdkafka.h"
#include "tests/daemon/system/captured_log.h"
#include "tests/daemon/system/no_threads.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;

// What is told where the first polls of a feed fail so.
std::string ToldOf(rd_kafka_resp_err_t error) {
  const CapturedLog log;
  KafkaConfig config;
  config.topic = "mail";
  config.brokers = {"192.0.2.1:9092"};
  FakeRdKafka kafka(1, error, 5);
  kafka.only = "consume_batch_queue";
  kafka.partitions.resize(1);
  const auto feed = RdKafkaFeed::Open(config, AskedWatch::Make);
  EXPECT_TRUE(feed);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE((*feed)->Poll().empty());
  return log.text();
}

TEST(RdKafkaFeed, TellsOnceWhyBrokersGiveNothing) {
  const std::string text = ToldOf(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  EXPECT_THAT(text, HasSubstr("the topic mail cannot be read, partition 0: "));
  EXPECT_THAT(text, HasSubstr("; give its user the right to read it"));
  EXPECT_EQ(text.find("the topic mail"), text.rfind("the topic mail"));
  EXPECT_THAT(ToldOf(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE), HasSubstr("cannot be read"));
}

TEST(RdKafkaFeed, LeavesBrokersThatGoToTheWatch) {
  EXPECT_EQ(ToldOf(RD_KAFKA_RESP_ERR__TRANSPORT), "");
  EXPECT_EQ(ToldOf(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART), "");
}

TEST(RdKafkaFeed, SaysThatTheSystemGivesNoThreadForTheWatch) {
  KafkaConfig config;
  config.topic = "mail";
  const FakeRdKafka kafka(0, 0);
  const NoThreads none;
  const auto feed = RdKafkaFeed::Open(config);
  ASSERT_FALSE(feed);
  EXPECT_THAT(feed.error().message,
              HasSubstr("the topic mail cannot be watched: the system gives"));
}

}  // namespace
}  // namespace bouncesight
