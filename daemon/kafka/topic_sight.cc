#include "daemon/kafka/topic_sight.h"

#include <algorithm>

namespace bouncesight {
namespace {

using Trouble = TopicSight::Trouble;

// How many numbers are asked for that the topic has not.
std::uint64_t AskedInVain(const KafkaConfig& config, const TopicSight& sight) {
  std::uint64_t asked = 0, there = 0;
  for (const auto& range : config.partitions.ranges) {
    asked += static_cast<std::uint64_t>(range.last - range.first) + 1;
  }
  for (const TopicSight::Partition& partition : sight.partitions) {
    if (config.partitions.Holds(partition.number)) ++there;
  }
  return config.partitions.ranges.empty() ? 0 : asked - there;
}

}  // namespace

KafkaPartitions CountPartitions(const KafkaConfig& config, const TopicSight& sight) {
  KafkaPartitions states;
  for (const TopicSight::Partition& partition : sight.partitions) {
    if (!config.partitions.Holds(partition.number)) continue;
    ++(partition.has_leader ? states.open : states.away);
  }
  switch (sight.trouble) {
    case Trouble::kUnknown:
      break;
    case Trouble::kNone:
      states.missing = AskedInVain(config, sight);
      break;
    case Trouble::kMissing:
      states.missing = std::max<std::uint64_t>(1, AskedInVain(config, sight));
      break;
    case Trouble::kDenied:
      states.denied = 1;
      break;
    case Trouble::kAway:
      states.away = 1;
      break;
  }
  return states;
}

std::string MissingPartitions(const KafkaConfig& config, const TopicSight& sight) {
  if (sight.trouble != Trouble::kNone) return {};
  const KafkaPartitions states = CountPartitions(config, sight);
  const std::string topic = "the topic " + config.topic + " has " +
                            std::to_string(sight.partitions.size()) + " partitions";
  if (states.missing > 0) {
    return topic + "; " + std::to_string(states.missing) +
           " of those under `partitions` are not among them, and are waited for";
  }
  if (states.open + states.away == 0) {
    return topic + ", and none is left for shard " + std::to_string(config.partitions.shard) +
           " of " + std::to_string(config.partitions.shards) + ": give the topic more of them";
  }
  if (states.away > 0) {
    return std::to_string(states.away) + " partitions of the topic " + config.topic +
           " have no leader: their brokers are down; they are waited for";
  }
  return {};
}

}  // namespace bouncesight
