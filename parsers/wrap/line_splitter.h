// Cuts a stream of bytes into lines, with bounded memory whatever the stream holds.
//
// A line ends at LF; a CR before it is dropped. A line longer than kMaxLineBytes is given once, cut
// and marked `truncated`; the rest up to the next LF is dropped. Bytes after the last LF are kept
// for the next Feed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "parsers/wrap/lent_line.h"

namespace bouncesight {

struct Line {
  std::string_view text;         // without its end of line
  std::uint64_t end_offset = 0;  // of the byte after the end of line, from the stream's start
  bool truncated = false;        // longer than kMaxLineBytes: cut
  bool terminated = true;        // false: the stream ended before a LF
};

class LineSplitter {
 public:
  static constexpr std::size_t kMaxLineBytes = 64 * 1024;

  // The stream's first byte has this offset.
  explicit LineSplitter(std::uint64_t start_offset = 0) : offset_(start_offset) {}

  // Calls sink(const Line&) for each line that ends in `chunk`. A Line's text is valid during the
  // call only (lent_line.h). Most lines lie whole in the chunk and are handed on where they are,
  // without a copy.
  template <typename Sink>
  void Feed(std::string_view chunk, Sink&& sink) {
    while (!chunk.empty()) {
      const void* newline = std::memchr(chunk.data(), '\n', chunk.size());
      if (newline == nullptr) return Keep(chunk);
      const auto length =
          static_cast<std::size_t>(static_cast<const char*>(newline) - chunk.data());
      const Line line =
          pending_ == 0 ? Whole(chunk.substr(0, length)) : Joined(chunk.substr(0, length), true);
      chunk.remove_prefix(length + 1);
      Lend(line, sink);
    }
  }

  // The stream has ended: gives what is left as an unterminated line, if anything is.
  template <typename Sink>
  void Finish(Sink&& sink) {
    if (pending_ != 0) Lend(Joined({}, false), sink);
  }

  // The offset after the last line given: where a reader that starts anew must begin.
  std::uint64_t line_offset() const { return offset_; }
  // Bytes of an unfinished line, kept or dropped.
  std::uint64_t pending_bytes() const { return pending_; }

 private:
  template <typename Sink>
  static void Lend(Line line, Sink& sink) {
    const LentLine lent(line.text);
    line.text = lent.text();
    sink(std::as_const(line));
  }

  Line Whole(std::string_view text) {
    Line line;
    offset_ += text.size() + 1;
    line.end_offset = offset_;
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    line.truncated = text.size() > kMaxLineBytes;
    line.text = text.substr(0, kMaxLineBytes);
    return line;
  }

  // Adds to the unfinished line what fits.
  void Keep(std::string_view piece);
  // The unfinished line with its last piece. Its text is in carry_, until the next Keep.
  Line Joined(std::string_view last_piece, bool terminated);

  std::string carry_;          // at most kMaxLineBytes and a CR
  std::uint64_t offset_;       // where the unfinished line begins
  std::uint64_t pending_ = 0;  // its length so far; carry_ is stale while this is 0
};

}  // namespace bouncesight
