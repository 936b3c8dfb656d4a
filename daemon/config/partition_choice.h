// Which partitions of a Kafka topic belong to a source: all of them, some by their numbers, or the
// share of one instance among several. The topic may grow; a choice is made for numbers yet to
// come, too.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "parsers/event/result.h"

namespace bouncesight {

struct PartitionChoice {
  // Most that a broker is asked for; Kafka's own clusters end well before.
  static constexpr std::int32_t kMost = 100'000;

  struct Range {
    std::int32_t first = 0, last = 0;
    friend bool operator==(const Range&, const Range&) = default;
  };

  std::vector<Range> ranges;  // sorted, apart from each other; empty: by shards
  std::uint32_t shard = 1;    // from 1 to `shards`
  std::uint32_t shards = 1;   // of n: partition p belongs to shard p % n + 1

  bool Holds(std::int32_t partition) const;
  friend bool operator==(const PartitionChoice&, const PartitionChoice&) = default;
};

// "all", "shard 2/4", or numbers and ranges such as "0" and "4-7". An Error says what to write.
Result<PartitionChoice> ParsePartitions(const std::vector<std::string>& texts);

// Is there a partition that both hold?
bool MayMeet(const PartitionChoice& one, const PartitionChoice& other);

}  // namespace bouncesight
