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
// had to be written down first; and another one once it was cut and begins anew. Two logs that one
// path named one after the other, and that begin with the very same line, would be taken for one;
// lines of mail logs have a time and a number.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/config/config.h"
#include "daemon/count/line_stream.h"
#include "daemon/kafka/packed_record.h"
#include "parsers/mta/reader_options.h"

namespace bouncesight {

struct ShipRecord {
  std::string stream;  // SOURCE/LOG
  ByteRange range;     // in the log; empty, of an event: after its line
  std::uint64_t lines = 0;
  std::string payload;  // each line with its newline; one that is too long is cut as if counted
};

// "SOURCE/LOG" of a log with this path and these first bytes, up to 1,024 of them.
std::string StreamName(std::string_view source, std::string_view path, std::string_view head);

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
};

// Streams that stay where they begin, whatever they are fed: a source that was never asked before
// tells by them where it would begin.
class StandingStreams final : public StreamFactory {
 public:
  std::unique_ptr<LineStream> NewStream(std::uint64_t start_offset) override;
};

}  // namespace bouncesight
