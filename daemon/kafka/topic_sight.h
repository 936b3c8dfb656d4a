// What the brokers say of a topic, and what that means for the partitions that were asked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/kafka_config.h"
#include "metrics/live.h"

namespace bouncesight {

struct TopicSight {
  enum class Trouble : std::uint8_t {
    kUnknown,  // nothing has been heard yet
    kNone,
    kAway,     // no broker answers
    kDenied,   // credentials or rights are refused
    kMissing,  // there is no such topic
  };
  struct Partition {
    std::int32_t number = 0;
    bool has_leader = true;
    friend bool operator==(const Partition&, const Partition&) = default;
  };

  Trouble trouble = Trouble::kUnknown;
  std::string words;  // of trouble: what it is and what to do, for a person
  std::vector<Partition> partitions;

  friend bool operator==(const TopicSight&, const TopicSight&) = default;
};

// What becomes of those that were asked for. Where the topic itself is in trouble, at least one is.
KafkaPartitions CountPartitions(const KafkaConfig& config, const TopicSight& sight);

// A sentence for a person where numbers were asked for that the topic has not, where none of it is
// ours, or where one has no leader; else empty.
std::string MissingPartitions(const KafkaConfig& config, const TopicSight& sight);

}  // namespace bouncesight
