#include <gtest/gtest.h>

#include "daemon/kafka/client_setup.h"

namespace bouncesight {
namespace {

using Trouble = TopicSight::Trouble;

constexpr const char* kBrokers = "192.0.2.1:9092";

TEST(ClientTrouble, IsTheSameHoweverOftenItWasTried) {
  ClientTrouble trouble;
  trouble.Note(
      RD_KAFKA_RESP_ERR__TRANSPORT,
      "192.0.2.1:9092/bootstrap: Connect to ipv4#192.0.2.1:9092 failed: Connection refused "
      "(after 0ms in state CONNECT)");
  const TopicSight first = trouble.Sight(kBrokers, "no answer");
  trouble.Note(
      RD_KAFKA_RESP_ERR__TRANSPORT,
      "192.0.2.1:9092/bootstrap: Connect to ipv4#192.0.2.1:9092 failed: Connection refused "
      "(after 7ms in state CONNECT, 30 identical error(s) suppressed)");
  EXPECT_EQ(trouble.Sight(kBrokers, "no answer"), first);
  EXPECT_EQ(first.trouble, Trouble::kAway);
  EXPECT_NE(first.words.find("Connection refused; it is tried again"), std::string::npos);
}

TEST(ClientTrouble, SaysOfAllBrokersWhyTheLastIsAway) {
  ClientTrouble trouble;
  trouble.Note(RD_KAFKA_RESP_ERR__RESOLVE, "Failed to resolve 'kafka1.example.com:9092'");
  trouble.Note(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "1/1 brokers are down");
  EXPECT_NE(trouble.Sight(kBrokers, "no answer").words.find("Failed to resolve"),
            std::string::npos);
}

TEST(ClientTrouble, TellsARefusalFromAnAbsence) {
  ClientTrouble trouble;
  trouble.Note(RD_KAFKA_RESP_ERR__AUTHENTICATION, "SASL authentication failed");
  const TopicSight sight = trouble.Sight(kBrokers, "no answer");
  EXPECT_EQ(sight.trouble, Trouble::kDenied);
  EXPECT_NE(sight.words.find("`sasl.…`"), std::string::npos);
}

}  // namespace
}  // namespace bouncesight
