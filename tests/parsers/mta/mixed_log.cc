#include "tests/parsers/mta/mixed_log.h"

#include <algorithm>

#include "parsers/text/ascii.h"
#include "parsers/wrap/line_splitter.h"
#include "tests/parsers/mta/wrappers.h"

namespace bouncesight {
namespace {

const std::vector<std::string_view>& Headers() {
  static const std::vector<std::string_view> kHeaders = {
      "Nov 21 16:49:30 mx1 ",
      "Nov  1 16:49:30 mx2 ",
      "2026-11-21T16:49:30.123456+00:00 mx1 ",
      "2026-11-21T16:49:30.123456-05:30 relay-3.mail.example.org ",
      "2026-11-21T16:49:30.123456+00:00 a-host-whose-name-takes-more-room-than-a-shape-has ",
      "Nov 21 16:49:30 m ",
      "Nov 21 16:49:30 mx: ",
      "2026-11-21T16:49:30Z mx1 ",
      "2026-11-21T16:49:30+00:00 mx1 "};
  return kHeaders;
}

const Wrapper& WrapperAt(std::size_t index) {
  const std::size_t known = AllWrappers().size();
  return index < known ? AllWrappers()[index] : OuterWrappers()[index - known];
}

}  // namespace

std::vector<std::string> MixedLog::Next() {
  Turn();
  std::vector<std::string> all = Wrapped(Line());
  if (Below(10) == 0) Damage(all[Below(all.size())]);
  return all;
}

std::string_view MixedLog::NextEnd() {
  if (Below(300) == 0) crlf_ = !crlf_;
  return crlf_ ? "\r\n" : "\n";
}

std::size_t MixedLog::NextPiece() {
  constexpr std::size_t kMost[] = {1, 7, 100, 4096, 64 * 1024};
  if (Below(500) == 0) most_in_piece_ = kMost[Below(std::size(kMost))];
  return 1 + Below(most_in_piece_);
}

void MixedLog::Turn() {
  if (Below(400) == 0) confused_ = !confused_;
  if (Below(300) == 0) other_formats_ = !other_formats_;
  if (confused_ || Below(200) == 0) {
    wrapper_ = Below(AllWrappers().size() + OuterWrappers().size());
  }
  if (confused_ || Below(60) == 0) header_ = Below(Headers().size());
}

GeneratedLine MixedLog::Line() {
  if (other_formats_ || Below(12) == 0) return lines_.NextOfAnyFormat();
  return Below(4) == 0 ? lines_.Next() : lines_.NextNoise();
}

// Most lines have a plain header, for these may go the short way.
std::vector<std::string> MixedLog::Wrapped(const GeneratedLine& line) {
  constexpr std::size_t kWorthCutting = 80;  // some wrappers cut a line into pieces
  const bool wraps = Below(confused_ ? 2 : 4) == 0;
  if (wraps && line.message.size() > kWorthCutting) return WrapperAt(wrapper_).wrap(line);
  if (line.program.empty()) return {line.message};
  const std::string pid = std::to_string(Below(2) == 0 ? 4711 : Below(2'000'000));
  return {Stamp() + line.program + "[" + pid + "]: " + line.message};
}

// The header with other digits, now and then with one that is none.
std::string MixedLog::Stamp() {
  std::string stamp(Headers()[header_]);
  for (char& c : stamp) {
    if (IsDigit(c) && Below(4) == 0) c = static_cast<char>('0' + Below(10));
  }
  return stamp;
}

void MixedLog::Damage(std::string& line) {
  using namespace std::string_view_literals;
  constexpr std::string_view kBytes = " []:/#<>@0a\t\x01\xE4m\r\"{\0"sv;
  const char byte = kBytes[Below(kBytes.size())];
  switch (line.empty() ? 3 : Below(6)) {
    case 0:
      return line.resize(Below(line.size() + 1));
    case 1:
      line[Below(std::min<std::size_t>(line.size(), 64))] = byte;
      return;
    case 2:
      line[Below(line.size())] = byte;
      return;
    case 4:  // a hole of a disk, read as NULs
      line.insert(Below(2) == 0 ? 0 : Below(line.size()), Below(40), '\0');
      return;
    case 5:  // around the longest that a line may be, or far beyond
      if (Below(60) == 0) {
        const std::size_t size = LineSplitter::kMaxLineBytes - 3 + Below(6) + Below(2) * 70'000;
        line.append(size - std::min(size, line.size()), byte == '\r' ? 'x' : byte);
        return;
      }
      [[fallthrough]];
    default:
      line.insert(Below(line.size() + 1), 1, byte);
  }
}

}  // namespace bouncesight
