#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/config.h"
#include "daemon/config/output_config.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kFile = "sources: [{name: mail, type: file, paths: [/var/log/mail.log]}]\n";

Result<Config> ParseOutput(const std::string& keys, const std::string& sources = kFile) {
  return ParseConfig(sources + "outputs:\n  - {type: kafka, " + keys + "}\n", "f");
}

TEST(OutputConfig, ReadsEveryKey) {
  const auto config = ParseOutput(
      "brokers: [\"kafka1.example.com:9092\"], topic: mail, send: failures, host: mx1.example.com, "
      "client: {compression.codec: zstd}");
  ASSERT_TRUE(config) << config.error().message;
  const OutputConfig& output = config->outputs.front();
  EXPECT_EQ(output.kafka.topic, "mail");
  EXPECT_EQ(output.send, OutputConfig::Send::kFailures);
  EXPECT_EQ(output.host, "mx1.example.com");
  EXPECT_EQ(output.kafka.client.at("compression.codec"), "zstd");
}

TEST(OutputConfig, SendsAllLinesUnlessTold) {
  const auto config = ParseOutput("brokers: \"b:9092\", topic: mail");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->outputs.front().send, OutputConfig::Send::kLines);
}

TEST(OutputConfig, SaysWhatIsWrongAndWhatToDo) {
  const std::string well = "brokers: [\"b:9092\"], topic: mail";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"topic: mail", "f:3: outputs.brokers: name a broker"},
      {"brokers: [\"b:9092\"]", "outputs.topic: name the topic"},
      {well + ", send: everything", "unknown value"},
      {well + ", partitions: all", "unknown key"},
      {well + ", name: mail", "unknown key"},
      {well + ", host: \"mx 1\"", "write a host's name"},
      {well + ", client: {acks: 1}", "it is always `all`"},
      {well + ", client: {delivery.report.only.error: true}", "moves by what is acknowledged"},
      {well + ", client: {message.timeout.ms: 1000}", "tried until it is acknowledged"},
      {well + ", client: {enable.idempotence: false}", "it is always on"},
      {well + ", client: {bootstrap.servers: c}", "name the brokers under `brokers`"},
      {well + "}\n  - {type: kafka, brokers: [\"c:9092\"], topic: mail", "is the topic of another"},
  };
  for (const auto& [keys, complaint] : cases) {
    const auto config = ParseOutput(keys);
    ASSERT_FALSE(config) << keys;
    EXPECT_THAT(config.error().message, HasSubstr(complaint)) << keys;
  }
}

TEST(OutputConfig, RefusesATopicThatASourceReads) {
  const auto config =
      ParseOutput("brokers: [\"b:9092\"], topic: mail",
                  "sources:\n  - {name: mail, type: file, paths: [/var/log/mail.log]}\n"
                  "  - {name: fleet, type: kafka, brokers: [\"b:9092\"], topic: mail}\n");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("is read by the source fleet"));
}

TEST(OutputConfig, RefusesToSendWhereNothingLiesInFiles) {
  const auto config =
      ParseOutput("brokers: [\"b:9092\"], topic: mail",
                  "sources: [{name: relay, type: syslog, listen: \"udp://127.0.0.1:5514\"}]\n");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("no source is of type file"));
}

TEST(OutputConfig, SendsEachSourceOfFilesToEachTopic) {
  const auto config = ParseOutput(
      "brokers: [\"b:9092\"], topic: mail}\n  - {type: kafka, brokers: [\"b:9092\"], topic: bad, "
      "send: failures",
      "sources:\n  - {name: mail, type: file, paths: [/var/log/mail.log]}\n  - {name: journal, "
      "type: journal}\n");
  ASSERT_TRUE(config) << config.error().message;
  const auto all = WithShipments(config->sources, config->outputs);
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const SourceConfig& source : all) {
    names.push_back(source.name + (source.output ? " sent" : ""));
  }
  EXPECT_THAT(names, ElementsAre("mail", "journal", "mail>mail sent", "mail>bad sent"));
}

}  // namespace
}  // namespace bouncesight
