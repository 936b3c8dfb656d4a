#include "daemon/config/kafka_config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "daemon/config/yaml_map.h"
#include "daemon/system/version.h"
#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

struct OwnProperty {
  std::string_view name;
  const char* instead;
};

// What we set ourselves, since being exact rests on it.
constexpr std::array kAlways = {
    OwnProperty{"bootstrap.servers", "name the brokers under `brokers`"},
    OwnProperty{"metadata.broker.list", "name the brokers under `brokers`"},
};
constexpr std::array kOfSource = {
    OwnProperty{"auto.offset.reset", "write `start: end` or `start: beginning`"},
    OwnProperty{"enable.auto.commit", "leave it out: positions lie in the state"},
    OwnProperty{"enable.auto.offset.store", "leave it out: positions lie in the state"},
    OwnProperty{"enable.partition.eof", "leave it out: it is always on"},
};
constexpr const char* kOrder = "leave it out: that no line is lost or changes places rests on it";
constexpr std::array kOfShipper = {
    OwnProperty{"acks", "leave it out: it is always `all`"},
    OwnProperty{"request.required.acks", "leave it out: it is always `all`"},
    OwnProperty{"enable.idempotence", "leave it out: it is always on"},
    OwnProperty{"enable.gapless.guarantee", "leave it out: it is always on"},
    OwnProperty{"delivery.report.only.error",
                "leave it out: the place in the log moves by what is acknowledged"},
    OwnProperty{"message.timeout.ms", "leave it out: a record is tried until it is acknowledged"},
    OwnProperty{"delivery.timeout.ms", "leave it out: a record is tried until it is acknowledged"},
    OwnProperty{"max.in.flight", kOrder},
    OwnProperty{"max.in.flight.requests.per.connection", kOrder},
    OwnProperty{"retries", kOrder},
    OwnProperty{"message.send.max.retries", kOrder},
    OwnProperty{"transactional.id", kOrder},
    OwnProperty{"queuing.strategy", kOrder},
};

void CheckOwn(YamlMap& map, const KafkaConfig& kafka, std::span<const OwnProperty> properties) {
  for (const OwnProperty& own : properties) {
    if (!kafka.client.contains(std::string(own.name))) continue;
    map.Complain("client", "`" + std::string(own.name) + "`: " + own.instead);
  }
}

std::string CheckBroker(std::string_view broker) {
  constexpr const char* kRemedy = "write HOST:PORT, as kafka1.example.com:9092";
  const auto colon = broker.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return kRemedy;
  if (broker.find_first_of(", \t/") != std::string_view::npos) return kRemedy;
  const std::string_view digits = broker.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [rest, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool whole = failed == std::errc{} && rest == digits.data() + digits.size();
  return whole && port > 0 ? "" : kRemedy;
}

std::string CheckTopic(std::string_view topic) {
  if (topic.empty()) return "name the topic";
  const bool fits = topic.size() <= 249 && topic != "." && topic != ".." &&
                    std::ranges::all_of(topic, [](char c) {
                      return IsAlnum(c) || c == '.' || c == '_' || c == '-';
                    });
  return fits ? "" : "a topic has letters, digits, dots, `_` and `-`, at most 249 of them";
}

}  // namespace

bool IsSecretProperty(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kWords = {"password",    "secret", ".pem",
                                                             "oauthbearer", "jaas",   "token"};
  return std::ranges::any_of(
      kWords, [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

void ReadKafka(YamlMap& map, KafkaConfig& kafka) {
  map.Read("brokers", kafka.brokers);
  map.Read("topic", kafka.topic);
  map.Read("client", kafka.client);
}

void CheckKafka(YamlMap& map, const KafkaConfig& kafka, KafkaRole role) {
  if (!GetBuildInfo().has_kafka) {
    map.Complain("type", "this program was built without Kafka; install one built with it");
  }
  if (kafka.brokers.empty()) map.Complain("brokers", "name a broker, as [\"127.0.0.1:9092\"]");
  for (const std::string& broker : kafka.brokers) {
    const std::string what = CheckBroker(broker);
    if (!what.empty()) map.Complain("brokers", "`" + broker + "`: " + what);
  }
  if (const auto what = CheckTopic(kafka.topic); !what.empty()) map.Complain("topic", what);
  CheckOwn(map, kafka, kAlways);
  if (role == KafkaRole::kSource) CheckOwn(map, kafka, kOfSource);
  if (role == KafkaRole::kShipper) CheckOwn(map, kafka, kOfShipper);
}

}  // namespace bouncesight
