#include "daemon/syslog/syslog_framer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

enum class Begins : std::uint8_t { kText, kCount, kBadCount, kUnsure };

struct Look {
  Begins begins = Begins::kText;
  std::size_t count = 0;   // octets of the message
  std::size_t prefix = 0;  // bytes of the count and its blank
};

// Newlines end a message, NULs with some senders, and with some both.
constexpr std::string_view kEnds("\n\0", 2);

// How the message begins whose first bytes these are.
Look LookAt(std::string_view text, std::size_t max_digits) {
  Look look;
  std::size_t digits = 0;
  while (digits < text.size() && digits <= max_digits && IsDigit(text[digits])) {
    look.count = look.count * 10 + static_cast<std::size_t>(text[digits] - '0');
    ++digits;
  }
  if (digits > max_digits || (digits == 0 && !text.empty())) return look;
  look.begins = Begins::kUnsure;
  look.prefix = digits + 1;
  if (digits == text.size()) return look;
  if (text[digits] == ' ' && digits + 1 == text.size()) return look;
  look.begins = Begins::kText;
  if (text[digits] != ' ' || text[digits + 1] != '<') return look;
  const bool well = text.front() != '0' && look.count <= SyslogFramer::kMaxFrameBytes;
  look.begins = well ? Begins::kCount : Begins::kBadCount;
  return look;
}

}  // namespace

void SyslogFramer::Feed(std::string_view chunk, LineStream& lines) {
  if (held_size_ > 0) TakeHeld(chunk, lines);
  while (!chunk.empty()) {
    if (state_ == State::kStart) TakeStart(chunk);
    if (chunk.empty()) break;  // held back
    switch (state_) {
      case State::kFrame:
        TakeFrame(chunk, lines);
        break;
      case State::kLost:
        TakeLost(chunk, lines);
        break;
      default:
        TakeLines(chunk, lines);
    }
  }
}

// Looks again at what was held back, with what has come since.
void SyslogFramer::TakeHeld(std::string_view& chunk, LineStream& lines) {
  std::array<char, kMaxDigits + 3> both{};  // enough to be sure
  const std::size_t taken = std::min(chunk.size(), both.size() - held_size_);
  std::memcpy(both.data(), held_.data(), held_size_);
  std::memcpy(both.data() + held_size_, chunk.data(), taken);
  const Look look = LookAt({both.data(), held_size_ + taken}, kMaxDigits);
  if (look.begins == Begins::kUnsure) {
    std::memcpy(held_.data(), both.data(), held_size_ + taken);
    held_size_ += taken;
    chunk = {};
    return;
  }
  const std::size_t held = std::exchange(held_size_, 0);
  if (look.begins == Begins::kCount) {
    if (state_ == State::kLost) EndLost(lines);
    chunk.remove_prefix(look.prefix - held);
    return BeginFrame(look.count);
  }
  lines.Feed({held_.data(), held});
  in_digits_ = IsDigit(held_[held - 1]);
  if (state_ == State::kLost) return;
  state_ = State::kLine;
  const bool after_frame = std::exchange(after_frame_, false);
  if (look.begins == Begins::kBadCount || after_frame) Lose();
}

void SyslogFramer::BeginFrame(std::size_t count) {
  left_ = count;
  state_ = State::kFrame;
}

// Where the next message begins is to be found out.
void SyslogFramer::Lose() {
  state_ = State::kLost;
  ++wrong_counts_;
}

void SyslogFramer::EndLost(LineStream& lines) {
  lines.Finish();
  ++messages_;
}

// What ended a message may be followed by more of its kind: NULs, and behind NULs a newline.
void SyslogFramer::DropEnds(std::string_view& chunk) {
  const auto drop_nuls = [&chunk] {
    chunk.remove_prefix(std::min(chunk.find_first_not_of('\0'), chunk.size()));
  };
  drop_nuls();
  if (!after_nul_ || !chunk.starts_with('\n')) return;
  chunk.remove_prefix(1);
  after_nul_ = false;
  drop_nuls();
}

void SyslogFramer::TakeStart(std::string_view& chunk) {
  DropEnds(chunk);
  if (chunk.empty()) return;
  after_nul_ = false;
  const Look look = LookAt(chunk, kMaxDigits);
  switch (look.begins) {
    case Begins::kBadCount:
      after_frame_ = in_digits_ = false;
      return Lose();
    case Begins::kUnsure:
      return Hold(chunk);
    case Begins::kCount:
      chunk.remove_prefix(look.prefix);
      return BeginFrame(look.count);
    case Begins::kText:
      state_ = State::kLine;
      // Behind a message with a count stands another one, or a line with its priority.
      if (after_frame_ && chunk.front() != '<' && chunk.front() != '\n') Lose();
      after_frame_ = in_digits_ = false;
      return;
  }
}

void SyslogFramer::Hold(std::string_view& chunk) {
  std::memcpy(held_.data(), chunk.data(), chunk.size());
  held_size_ = chunk.size();
  chunk = {};
}

// Up to the next count that can be, or to the end of the line.
void SyslogFramer::TakeLost(std::string_view& chunk, LineStream& lines) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kStops("0123456789\n\0", 12);
  std::size_t end = in_digits_ ? chunk.find_first_not_of(kDigits) : 0;
  Look look;
  while (true) {
    end = end == std::string_view::npos ? end : chunk.find_first_of(kStops, end);
    if (end == std::string_view::npos || !IsDigit(chunk[end])) break;
    look = LookAt(chunk.substr(end), kMaxDigits);
    if (look.begins == Begins::kCount || look.begins == Begins::kUnsure) break;
    end = chunk.find_first_not_of(kDigits, end);
  }
  const std::string_view fed = chunk.substr(0, end);
  lines.Feed(fed);
  chunk.remove_prefix(fed.size());
  in_digits_ = !fed.empty() ? IsDigit(fed.back()) : in_digits_;
  if (chunk.empty()) return;
  if (!IsDigit(chunk.front())) {
    state_ = State::kLine;
  } else if (look.begins == Begins::kUnsure) {
    Hold(chunk);
  } else {
    EndLost(lines);
    chunk.remove_prefix(look.prefix);
    BeginFrame(look.count);
  }
}

// As many lines at once as are no octet-counted message.
void SyslogFramer::TakeLines(std::string_view& chunk, LineStream& lines) {
  std::size_t end = 0;
  while (state_ == State::kLine) {
    const std::size_t stop = chunk.find_first_of(kEnds, end);
    if (stop == std::string_view::npos) {
      end = chunk.size();
      break;
    }
    if (chunk[stop] == '\0') return EndByNul(chunk, end, stop, lines);
    ++messages_;
    end = stop + 1;
    const bool sure =
        end < chunk.size() && LookAt(chunk.substr(end), kMaxDigits).begins == Begins::kText;
    if (!sure) state_ = State::kStart;
  }
  lines.Feed(chunk.substr(0, end));
  chunk.remove_prefix(end);
}

// `end` is where the line began that ends at `stop`.
void SyslogFramer::EndByNul(std::string_view& chunk, std::size_t end, std::size_t stop,
                            LineStream& lines) {
  lines.Feed(chunk.substr(0, stop));
  after_nul_ = stop > end || end == 0;  // else a newline has ended it already
  if (after_nul_) {
    lines.Feed("\n");
    ++messages_;
  }
  chunk.remove_prefix(stop + 1);
  state_ = State::kStart;
}

void SyslogFramer::TakeFrame(std::string_view& chunk, LineStream& lines) {
  std::string_view piece = chunk.substr(0, left_);
  chunk.remove_prefix(piece.size());
  left_ -= piece.size();
  if (left_ == 0) {
    while (!piece.empty() && piece.back() == '\0') piece.remove_suffix(1);
  }
  lines.Feed(piece);
  if (left_ > 0) return;
  lines.Finish();
  ++messages_;
  state_ = State::kStart;
  after_frame_ = true;
}

void SyslogFramer::Finish(LineStream& lines) {
  if (state_ == State::kFrame) return lines.Discard();
  lines.Feed({held_.data(), held_size_});
  lines.Finish();
}

std::string_view DatagramText(std::string_view datagram) {
  const auto last = datagram.find_last_not_of(std::string_view("\0\n\r", 3));
  datagram = datagram.substr(0, last == std::string_view::npos ? 0 : last + 1);
  constexpr std::size_t kDigits = 7;  // of what a datagram can hold
  const Look look = LookAt(datagram, kDigits);
  if (look.begins == Begins::kCount) datagram.remove_prefix(look.prefix);
  return datagram;
}

}  // namespace bouncesight
