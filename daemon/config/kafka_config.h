// The keys of a Kafka source, and of an output to Kafka, in the configuration. Internal to the
// room, but for the struct and for which properties are secret.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/partition_choice.h"

namespace bouncesight {

struct KafkaConfig {
  std::vector<std::string> brokers;  // HOST:PORT; some of the cluster's are enough
  std::string topic;
  PartitionChoice partitions;
  std::map<std::string, std::string> client;  // librdkafka's own properties; some are secret

  friend bool operator==(const KafkaConfig&, const KafkaConfig&) = default;
};

// May the value of this property of librdkafka be seen by nobody? Passwords, keys and the like.
bool IsSecretProperty(std::string_view name);

class YamlMap;
void ReadKafka(YamlMap& map, KafkaConfig& kafka);
enum class KafkaRole : std::uint8_t { kSource, kShipper };
// After Finish, as the other checks. Each role sets some of the properties itself.
void CheckKafka(YamlMap& map, const KafkaConfig& kafka, KafkaRole role);

}  // namespace bouncesight
