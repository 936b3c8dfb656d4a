// Cuts what is read of a log into records for Kafka, with the headers of packed_record.h. A record
// holds the whole lines of one read, 64 KiB at most and a line that was begun before; of failures
// it holds one line; of events one JSON object, whose first field is
//
//   "event_id": "HOST/SOURCE/LOG/OFFSET/N"
//
// the offset after the line and the number of the result in it, from 0: what is sent again has the
// same.
//
// A log is named by the path under which it is followed and by its first line: so it is the same
// log when it was renamed, copied or compressed, before a crash and after, without anything that
// had to be written down first; and another one once it was cut and begins anew. Where two
// logs that one path named one after the other begin with the very same line, the second has a
// number behind its name (LOG.1). So it must be known how many such logs were begun: BegunLogs,
// kept with the place. What a rotated file still holds of the first has to be sent before the
// second begins.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/count/line_stream.h"
#include "daemon/kafka/packed_record.h"
#include "metrics/byte_codec.h"
#include "parsers/mta/reader_options.h"

namespace bouncesight {

struct ShipRecord {
  std::string stream;  // SOURCE/LOG
  ByteRange range;     // in the log; of a failure from the one before; empty, of an event: after it
  std::uint64_t lines = 0;
  std::string payload;  // each line with its newline; one that is too long is cut as if counted
};

// Of a log's path and its first bytes, up to 1,024 of them.
std::uint64_t LogKey(std::string_view path, std::string_view head);
// "SOURCE/LOG"; `number`: how many logs with that key there were before.
std::string StreamName(std::string_view source, std::uint64_t key, std::uint64_t number = 0);

// The logs of which something was read, those that were begun last.
class BegunLogs {
 public:
  static constexpr std::size_t kMost = 64;

  // How many with that key there were before this one. `fresh`: nothing of it was read before.
  std::uint64_t Begin(std::uint64_t key, bool fresh);

  void Write(ByteWriter& out) const;
  void Read(ByteReader& in);  // leaves it as it was where `in` fails

 private:
  struct Log {
    std::uint64_t key = 0, number = 0;
  };
  std::vector<Log> logs_;  // the newest at the back
};

// Makes a stream that gives events: a JSON object and a newline each, with the offset after the
// line. They are called on the thread of the source.
using GiveEvent = std::function<void(std::uint64_t end_offset, std::string json)>;
using EventStreamMaker =
    std::function<std::unique_ptr<LineStream>(std::uint64_t start_offset, GiveEvent give)>;

// One thread. What `take` gets is not sent yet, but counts as read.
class ShipStreams final : public StreamFactory {
 public:
  using Take = std::function<void(ShipRecord)>;

  // `config` has an output. `events`: where events are sent.
  ShipStreams(const SourceConfig& config, EventStreamMaker events, Take take);

  // The streams must not outlive the factory.
  std::unique_ptr<LineStream> NewStream(std::uint64_t start_offset) override;

  // Belongs to what the streams have read.
  const BegunLogs& begun() const { return begun_; }
  void SetBegun(BegunLogs begun) { begun_ = std::move(begun); }

 private:
  class Stream;
  class WholeStream;
  class FailureStream;
  class EventStream;

  std::string source_;
  OutputConfig output_;
  ReaderOptions lines_;  // of failures
  EventStreamMaker events_;
  Take take_;
  BegunLogs begun_;
};

// Streams that stay where they begin, whatever they are fed: a source that was never asked before
// tells by them where it would begin.
class StandingStreams final : public StreamFactory {
 public:
  std::unique_ptr<LineStream> NewStream(std::uint64_t start_offset) override;
};

}  // namespace bouncesight
