// Cuts a stream of bytes into lines, with bounded memory whatever the stream holds.
//
// A line ends at LF; a CR before it is dropped. A line longer than kMaxLineBytes is given once, cut
// and marked `truncated`; the rest up to the next LF is dropped. Bytes after the last LF are kept
// for the next Feed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bouncesight {

struct Line {
  std::string_view text;  // without its end of line
  std::uint64_t end_offset =
      0;                   // of the byte after the end of line, counted from the stream's start
  bool truncated = false;  // longer than kMaxLineBytes: cut
  bool terminated = true;  // false: the stream ended before a LF
};

class LineSplitter {
 public:
  static constexpr std::size_t kMaxLineBytes = 64 * 1024;

  // The stream's first byte has this offset.
  explicit LineSplitter(std::uint64_t start_offset = 0) : offset_(start_offset) {}

  // Calls sink(const Line&) for each line that ends in `chunk`. A Line's text is valid during the
  // call only. Most lines lie whole in the chunk and are handed on where they are, without a copy.
  template <typename Sink>
  void Feed(std::string_view chunk, Sink&& sink);

  // The stream has ended: gives what is left as an unterminated line, if anything is.
  template <typename Sink>
  void Finish(Sink&& sink);

  // The offset after the last line given: where a reader that starts anew must begin.
  std::uint64_t line_offset() const { return offset_; }
  // Bytes of an unfinished line, kept or dropped.
  std::uint64_t pending_bytes() const { return pending_; }

 private:
  // Implementation in line_splitter.cc's terms: `carry_` holds at most kMaxLineBytes of the
  // unfinished line.
  void Keep(std::string_view piece);
  Line TakeLine(std::string_view tail);  // completes carry_ with `tail`, which ends before the LF

  std::string carry_;
  std::uint64_t offset_;
  std::uint64_t pending_ = 0;
};

}  // namespace bouncesight
