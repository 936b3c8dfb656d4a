#include "daemon/batch/joined_lines.h"

#include <algorithm>
#include <string>

#include "daemon/system/log_file.h"
#include "parsers/mta/format_reader.h"
#include "parsers/wrap/line_splitter.h"

namespace bouncesight {
namespace {

// On either side of a place: more than a runtime's piece, escaped in an object, and its neighbours.
constexpr std::uint64_t kAround = 64 * 1024;
constexpr std::uint64_t kBetween = 4;  // places beside the cuts

bool JoinsLinesIn(std::string_view text, const ReaderOptions& options) {
  FormatReader reader(options);
  LineSplitter splitter;
  splitter.Feed(text, [&](const Line& line) { reader.Parse(line.text); });
  return reader.joins_lines();
}

}  // namespace

bool JoinsLines(int fd, std::uint64_t size, std::vector<std::uint64_t> cuts,
                const ReaderOptions& options) {
  for (std::uint64_t i = 0; i < kBetween; ++i) cuts.push_back(size / kBetween * i);
  std::string bytes;
  for (const std::uint64_t place : cuts) {
    const std::uint64_t begin = place - std::min(place, kAround);
    bytes.resize(std::min(place + kAround, size) - begin);
    const ssize_t got = ReadAllAt(fd, bytes.data(), bytes.size(), begin);
    if (got < 0) return true;
    std::string_view text = std::string_view(bytes).substr(0, static_cast<std::size_t>(got));
    if (begin > 0) text.remove_prefix(std::min(text.find('\n'), text.size()));
    if (JoinsLinesIn(text, options)) return true;
  }
  return false;
}

}  // namespace bouncesight
