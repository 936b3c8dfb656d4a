// Where a shipper puts its records. In the daemon rdkafka_sink.h is behind it; in tests a list.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/kafka/ship_stream.h"
#include "daemon/kafka/topic_sight.h"

namespace bouncesight {

// One thread. Records of one partition arrive in the order of their Sends, or not at all: none
// overtakes one that failed.
class RecordSink {
 public:
  virtual ~RecordSink() = default;

  enum class Sent : std::uint8_t {
    kTaken,   // it will be reported, once; the record may go
    kNoRoom,  // not taken: so much waits already. Poll, and try again
    kFailed,  // not taken, and nothing more will be: failure() says why
  };
  virtual Sent Send(std::int32_t partition, const ShipRecord& record, std::uint64_t number) = 0;

  // Once. `ring` is called, on any thread, when there is something for a Poll after one that gave
  // nothing.
  virtual void OnNews(std::function<void()> ring) = 0;
  // Numbers of records that every broker in sync holds; none comes after failure() is set. Waits at
  // most so long for the first. Void at the next call.
  virtual const std::vector<std::uint64_t>& Poll(std::chrono::milliseconds patience) = 0;
  // Why this sink is to be given up; empty: it is well. What is not acknowledged by then is to be
  // sent anew, by another sink.
  virtual std::string failure() const = 0;
  virtual TopicSight Look() = 0;
};

}  // namespace bouncesight
