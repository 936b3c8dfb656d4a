// Cuts a stream of syslog into messages (RFC 6587): octet-counted ones, "83 <22>1 …", and ones that
// end at a newline or a NUL (syslog-ng's and others' without a count), each told by how it begins,
// so that a stream may hold both. A count is digits, a blank and the "<" of a priority; anything
// else is text, as a bare line with a date in front is.
//
// Where a count was wrong, or cannot be, the stream goes on at the next thing that looks like one,
// or behind the next newline. What stands before that is a line of its own, and the slip is
// counted.
//
// Nothing of a message is kept here: its bytes go on as they come, however they are cut, and a
// message of several lines is several lines.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/count/line_stream.h"

namespace bouncesight {

// One stream; one thread. Does not allocate.
class SyslogFramer {
 public:
  // A longer message is not meant: the count is wrong.
  static constexpr std::size_t kMaxFrameBytes = 1024 * 1024;

  // Takes the next bytes.
  void Feed(std::string_view chunk, LineStream& lines);

  // The stream has ended. An unfinished line is a line; of an octet-counted message a piece is
  // missing, so what stands of its line is counted as a skip.
  void Finish(LineStream& lines);

  // Messages that have ended so far.
  std::uint64_t messages() const { return messages_; }
  // Counts so far that were wrong, or that cannot be.
  std::uint64_t wrong_counts() const { return wrong_counts_; }

 private:
  enum class State : std::uint8_t { kStart, kLine, kFrame, kLost };
  static constexpr std::size_t kMaxDigits = 10;

  void TakeHeld(std::string_view& chunk, LineStream& lines);
  void DropEnds(std::string_view& chunk);
  void TakeStart(std::string_view& chunk);
  void TakeLost(std::string_view& chunk, LineStream& lines);
  void BeginFrame(std::size_t count);
  void Lose();
  void Hold(std::string_view& chunk);
  void EndLost(LineStream& lines);
  void TakeLines(std::string_view& chunk, LineStream& lines);
  void EndByNul(std::string_view& chunk, std::size_t end, std::size_t stop, LineStream& lines);
  void TakeFrame(std::string_view& chunk, LineStream& lines);

  State state_ = State::kStart;
  std::array<char, kMaxDigits + 1> held_{};  // the start of a message that may be a count yet
  std::size_t held_size_ = 0;
  bool after_frame_ = false;  // an octet-counted message ended last
  bool in_digits_ = false;    // kLost: what was fed last is a number that is not a count
  bool after_nul_ = false;    // a NUL ended what was last: a newline behind it ends nothing more
  std::size_t left_ = 0;      // of an octet-counted message
  std::uint64_t messages_ = 0;
  std::uint64_t wrong_counts_ = 0;
};

// What a datagram says: without a count in front and without the newlines and NULs that some
// senders end it with. Empty: it says nothing. (A count is not believed here: the datagram is the
// message.)
std::string_view DatagramText(std::string_view datagram);

}  // namespace bouncesight
