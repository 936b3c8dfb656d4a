#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/config.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Result<Config> ParseSource(const std::string& keys) {
  return ParseConfig("sources:\n  - {name: fleet, type: kafka, " + keys + "}\n", "f");
}

TEST(KafkaConfig, ReadsEveryKey) {
  const auto config = ParseSource(
      "brokers: [\"kafka1.example.com:9092\", \"[2001:db8::1]:9092\"], topic: mail.lines, "
      "partitions: [0, 4-7], start: beginning, client: {sasl.username: ann, retries: 3}");
  ASSERT_TRUE(config) << config.error().message;
  const SourceConfig& source = config->sources.front();
  EXPECT_EQ(source.type, SourceType::kKafka);
  EXPECT_EQ(source.start, FirstSight::kBeginning);
  EXPECT_THAT(source.kafka.brokers, ElementsAre("kafka1.example.com:9092", "[2001:db8::1]:9092"));
  EXPECT_EQ(source.kafka.topic, "mail.lines");
  EXPECT_TRUE(source.kafka.partitions.Holds(5));
  EXPECT_FALSE(source.kafka.partitions.Holds(1));
  EXPECT_THAT(source.kafka.client, ElementsAre(Pair("retries", "3"), Pair("sasl.username", "ann")));
}

TEST(KafkaConfig, TakesAllPartitionsUnlessTold) {
  const auto config = ParseSource("brokers: \"127.0.0.1:9092\", topic: mail");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->sources.front().kafka.partitions, PartitionChoice{});
  EXPECT_EQ(config->sources.front().start, FirstSight::kEnd);
}

TEST(KafkaConfig, SaysWhatIsWrongAndWhatToDo) {
  const std::string well = "brokers: [\"b:9092\"], topic: mail";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"topic: mail", "sources.brokers: name a broker"},
      {"brokers: [kafka1], topic: mail", "`kafka1`: write HOST:PORT"},
      {"brokers: [\"a:9092,b:9092\"], topic: mail", "write HOST:PORT"},
      {"brokers: [\"a:0\"], topic: mail", "write HOST:PORT"},
      {"brokers: [\"ssl://a:9093\"], topic: mail", "write HOST:PORT"},
      {"brokers: [\"b:9092\"]", "sources.topic: name the topic"},
      {"brokers: [\"b:9092\"], topic: \"mail logs\"", "a topic has letters"},
      {well + ", partitions: some", "sources.partitions: `some`: write all, [0, 2, 4-7]"},
      {well + ", partitions: shard 5/4", "counted from 1"},
      {well + ", client: [a]", "write `name: value` pairs"},
      {well + ", client: {sasl.username: [a]}", "a plain name and a value"},
      {well + ", client: {bootstrap.servers: c}", "name the brokers under `brokers`"},
      {well + ", client: {auto.offset.reset: latest}", "write `start: end`"},
      {well + ", client: {enable.auto.commit: true}", "positions lie in the state"},
      {well + ", listen: [a]", "unknown key"},
      {well + ", start: middle", "unknown value"},
  };
  for (const auto& [keys, complaint] : cases) {
    const auto config = ParseSource(keys);
    ASSERT_FALSE(config) << keys;
    EXPECT_THAT(config.error().message, HasSubstr(complaint)) << keys;
    EXPECT_THAT(config.error().message, HasSubstr("f:2: ")) << keys;
  }
}

TEST(KafkaConfig, RefusesTwoSourcesThatShareAPartition) {
  const auto parse = [](const std::string& one, const std::string& other) {
    const std::string keys = ", type: kafka, brokers: [\"b:9092\"], topic: mail, partitions: ";
    return ParseConfig(
        "sources:\n  - {name: a" + keys + one + "}\n  - {name: b" + keys + other + "}\n", "f");
  };
  EXPECT_TRUE(parse("shard 1/2", "shard 2/2"));
  EXPECT_TRUE(parse("[0-3]", "[4-7]"));
  const auto both = parse("shard 1/2", "[0]");
  ASSERT_FALSE(both);
  EXPECT_THAT(both.error().message, HasSubstr("source a follows partitions of the topic mail"));
}

TEST(KafkaConfig, KnowsWhichPropertiesAreSecret) {
  for (const char* name : {"sasl.password", "ssl.key.password", "sasl.oauthbearer.client.secret",
                           "ssl.key.pem", "ssl.keystore.password"}) {
    EXPECT_TRUE(IsSecretProperty(name)) << name;
  }
  EXPECT_FALSE(IsSecretProperty("sasl.username"));
  EXPECT_FALSE(IsSecretProperty("ssl.ca.location"));
}

}  // namespace
}  // namespace bouncesight
