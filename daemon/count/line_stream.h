// What a source pours its bytes into. It keeps sources apart from what lines mean: in the daemon
// a stream is a Pump with its worker's counters (counting.h), in a test it is a list.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace bouncesight {

// One stream of bytes: a file, a connection. Lives on its worker's thread.
class LineStream {
 public:
  virtual ~LineStream() = default;

  virtual void Feed(std::string_view chunk) = 0;
  // No more will come: what stands after the last newline is a line too.
  virtual void Finish() = 0;
  // No more will come, and a message was cut: what stands after the last newline counts as a skip.
  virtual void Discard() = 0;
  // The next byte has this offset; what stood after the last newline is dropped.
  virtual void Restart(std::uint64_t offset) = 0;

  // After the last line that was counted: where a reader that starts anew must begin.
  virtual std::uint64_t line_offset() const = 0;
  // Bytes after that, fed already.
  virtual std::uint64_t pending_bytes() const = 0;

  // Of a file: the name under which it is followed, and its first bytes, as many as are known by
  // then of the first 1,024. Called before any of the bytes that follow them are fed.
  virtual void NoteFile(std::string_view path, std::string_view head) {
    static_cast<void>(path);
    static_cast<void>(head);
  }
};

// Makes the streams of one source.
class StreamFactory {
 public:
  virtual ~StreamFactory() = default;

  virtual std::unique_ptr<LineStream> NewStream(std::uint64_t start_offset) = 0;
};

}  // namespace bouncesight
