// Cuts what is read of a log into records for Kafka, with the headers of packed_record.h. A record
// holds the whole lines of one read, 64 KiB at most and a line that was begun before; of failures
// it holds one line.
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

#include "daemon/config/output_config.h"
#include "daemon/count/line_stream.h"
#include "daemon/kafka/packed_record.h"
#include "parsers/mta/reader_options.h"

namespace bouncesight {

struct ShipRecord {
  std::string stream;  // SOURCE/LOG
  ByteRange range;     // in the log
  std::uint64_t lines = 0;
  std::string payload;  // each line with its newline; one that is too long is cut as if counted
};

// "SOURCE/LOG" of a log with this path and these first bytes, up to 1,024 of them.
std::string StreamName(std::string_view source, std::string_view path, std::string_view head);

// One thread. What `take` gets is not sent yet, but counts as read.
class ShipStreams final : public StreamFactory {
 public:
  using Take = std::function<void(ShipRecord)>;

  // `lines` say how the lines read; for failures only.
  ShipStreams(std::string source, OutputConfig::Send send, ReaderOptions lines, Take take)
      : source_(std::move(source)), send_(send), lines_(std::move(lines)), take_(std::move(take)) {}

  // The streams must not outlive the factory.
  std::unique_ptr<LineStream> NewStream(std::uint64_t start_offset) override;

 private:
  class Stream;
  class WholeStream;
  class FailureStream;

  std::string source_;
  OutputConfig::Send send_;
  ReaderOptions lines_;
  Take take_;
};

// Streams that stay where they begin, whatever they are fed: a source that was never asked before
// tells by them where it would begin.
class StandingStreams final : public StreamFactory {
 public:
  std::unique_ptr<LineStream> NewStream(std::uint64_t start_offset) override;
};

}  // namespace bouncesight
