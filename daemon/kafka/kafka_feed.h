// What a Kafka source sees of Kafka: what comes, and what becomes of the topic. In the daemon
// rdkafka_feed.h is behind it; in tests a list.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/kafka/partition_places.h"
#include "daemon/kafka/topic_sight.h"

namespace bouncesight {

struct KafkaEvent {
  // kUnreadable: what stands there is damaged, or packed in a way that the library does not know;
  // it is passed over, with all that is packed together with it. `payload` tells why.
  enum class Kind : std::uint8_t { kRecord, kEnd, kOutOfRange, kUnreadable };

  Kind kind = Kind::kRecord;
  std::int32_t partition = 0;
  std::int64_t offset = 0;  // kEnd: where the next record will be
  // Of a record. All views live until the feed is polled the next time.
  std::int64_t timestamp_ms = 0;
  std::string_view payload;
  std::string_view host, stream, range;  // the headers of packed_record.h; empty: not there
};

// One thread; nothing blocks.
class KafkaFeed {
 public:
  virtual ~KafkaFeed() = default;

  // From now on these and no others are read, from there on. What was of an assignment before does
  // not come any more. False: that failed, and is to be asked for again; what comes until then may
  // be of the assignment before, and leave something out.
  virtual bool Assign(const std::vector<PartitionPlaces::Beginning>& beginnings) = 0;
  // Once. `ring` is called, on any thread, when something comes after a poll that gave nothing.
  virtual void OnNews(std::function<void()> ring) = 0;
  // The next few events, none where there are none now. What was given before is void.
  virtual const std::vector<KafkaEvent>& Poll() = 0;
  virtual TopicSight Look() = 0;
  // Notes places in Kafka, where tools look for them that show how far a consumer is behind.
  virtual void Note(const std::vector<PartitionPlaces::Beginning>& places) = 0;
  // The offset after the newest record, as far as known.
  virtual std::optional<std::int64_t> End(std::int32_t partition) = 0;
};

}  // namespace bouncesight
