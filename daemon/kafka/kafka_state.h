// The state of a Kafka source as bytes: daemon/STATE.md, "The blob of a Kafka source".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/kafka/partition_places.h"
#include "daemon/kafka/stream_ends.h"
#include "parsers/event/result.h"

namespace bouncesight {

struct KafkaState {
  std::string topic;
  std::int32_t known_partitions = 0;
  std::vector<PartitionPlace> places;
  PartitionPlaces::Counts counts;
  std::uint64_t repeated_bytes = 0;
  StreamEnds streams;
};

std::string EncodeKafkaState(const KafkaState& state);
Result<KafkaState> DecodeKafkaState(std::string_view bytes);

}  // namespace bouncesight
