// However a stream is cut, the messages are those of a reader that sees it at once; and what a
// datagram says lies within it.
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/syslog/syslog_framer.h"
#include "parsers/wrap/line_splitter.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::Line;
using bouncesight::LineSplitter;
using bouncesight::SyslogFramer;
using bouncesight::fuzz::Require;

namespace {

constexpr const char* kPartial = "partial: ";

class Recording final : public bouncesight::LineStream {
 public:
  void Feed(std::string_view chunk) override {
    splitter_.Feed(chunk, [this](const Line& line) { Keep("", line); });
  }
  void Finish() override {
    splitter_.Finish([this](const Line& line) { Keep("", line); });
  }
  void Discard() override {
    splitter_.Finish([this](const Line& line) { Keep(kPartial, line); });
  }
  void Restart(std::uint64_t offset) override { splitter_ = LineSplitter(offset); }
  std::uint64_t line_offset() const override { return splitter_.line_offset(); }
  std::uint64_t pending_bytes() const override { return splitter_.pending_bytes(); }

  std::vector<std::string> lines;

 private:
  void Keep(const char* mark, const Line& line) { lines.push_back(mark + std::string(line.text)); }

  LineSplitter splitter_;
};

// The count in front of `text` with its length, if there is one; 0 octets: one that cannot be.
std::optional<std::pair<std::size_t, std::size_t>> CountOf(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || digits > 10) return std::nullopt;
  if (text.substr(digits, 2) != " <") return std::nullopt;
  std::size_t octets = 0;
  std::from_chars(text.data(), text.data() + digits, octets);
  if (text.front() == '0' || octets > SyslogFramer::kMaxFrameBytes) octets = 0;
  return std::pair{octets, digits + 1};
}

// Where a message begins behind a count that was wrong, or its line ends.
std::size_t NextAfterSlip(std::string_view stream) {
  std::size_t at = 0;
  while (at < stream.size() && stream[at] != '\n' && stream[at] != '\0') {
    if (stream[at] < '0' || stream[at] > '9') {
      ++at;
      continue;
    }
    if (const auto count = CountOf(stream.substr(at)); count && count->first > 0) break;
    at = std::min(stream.find_first_not_of("0123456789", at), stream.size());
  }
  return at;
}

std::vector<std::string> Naive(std::string_view stream) {
  Recording recording;
  bool after_frame = false;
  bool after_nul = false;
  while (!stream.empty()) {
    if (stream.front() != '\0' && std::exchange(after_nul, false) && stream.front() == '\n') {
      stream.remove_prefix(1);
      continue;
    }
    const auto count = CountOf(stream);
    const bool slip = count ? count->first == 0
                            : after_frame && std::string_view("<\n\0", 3).find(stream.front()) ==
                                                 std::string_view::npos;
    if (slip) {
      const std::size_t end = NextAfterSlip(stream);
      recording.Feed(stream.substr(0, end));
      stream.remove_prefix(end);
      after_frame = false;
      if (!stream.empty() && stream.front() >= '0' && stream.front() <= '9') {
        recording.Finish();
        continue;
      }
    } else if (count) {
      after_frame = true;
      std::string_view message = stream.substr(count->second, count->first);
      stream.remove_prefix(count->second + message.size());
      if (message.size() < count->first) {
        recording.Feed(message);
        recording.Discard();
        break;
      }
      const auto last = message.find_last_not_of('\0');
      recording.Feed(message.substr(0, last + 1));
      recording.Finish();
      continue;
    }
    if (stream.empty()) break;
    if (stream.front() != '\0') after_frame = false;
    const std::size_t last = stream.find_first_of(std::string_view("\n\0", 2));
    const std::size_t end = std::min(last, stream.size() - 1) + 1;
    const bool nul = stream[end - 1] == '\0';
    recording.Feed(stream.substr(0, nul ? end - 1 : end));
    if (nul && recording.pending_bytes() > 0) {
      recording.Feed("\n");
      after_nul = true;
    }
    stream.remove_prefix(end);
  }
  recording.Finish();
  return recording.lines;
}

}  // namespace

// The first byte seeds the sizes of the pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view stream = bouncesight::fuzz::Text(data + 1, size - 1);
  Recording recording;
  SyslogFramer framer;
  std::uint32_t seed = data[0];
  for (std::size_t at = 0; at < stream.size();) {
    seed = seed * 1103515245 + 12345;
    std::size_t piece = 1 + (seed >> 16) % 23;
    // NULs at the end of a message are dropped where they come with its last byte.
    while (at + piece < stream.size() && stream[at + piece] == '\0') ++piece;
    framer.Feed(stream.substr(at, piece), recording);
    at += piece;
  }
  framer.Finish(recording);
  Require(recording.lines == Naive(stream), "the naive reader's messages");

  const std::string_view text = bouncesight::DatagramText(stream);
  Require(bouncesight::fuzz::Inside(text, stream), "a datagram's text lies within it");
  Require(text.empty() || text.back() != '\n', "and does not end in a newline");
  return 0;
}
