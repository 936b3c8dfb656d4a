// Whatever the chunks, the lines are those of a splitter that sees the stream at once.
#include <algorithm>
#include <string>
#include <vector>

#include "parsers/wrap/line_splitter.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::Line;
using bouncesight::LineSplitter;
using bouncesight::fuzz::Require;

namespace {

struct Kept {
  std::string text;
  std::uint64_t end_offset;
  bool truncated, terminated;
  bool operator==(const Kept&) const = default;
};

std::vector<Kept> Naive(std::string_view stream) {
  std::vector<Kept> lines;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t newline = stream.find('\n', at);
    const bool terminated = newline != std::string_view::npos;
    const std::size_t end = terminated ? newline : stream.size();
    std::string text(stream.substr(at, end - at));
    if (terminated && !text.empty() && text.back() == '\r') text.pop_back();
    const bool truncated = text.size() > LineSplitter::kMaxLineBytes;
    if (truncated) text.resize(LineSplitter::kMaxLineBytes);
    at = end + (terminated ? 1 : 0);
    lines.push_back({text, at, truncated, terminated});
  }
  return lines;
}

}  // namespace

// The first byte, if it is high, scales the stream up, so that lines beyond the limit occur; the
// second seeds the sizes of the chunks.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view input = bouncesight::fuzz::Text(data + 2, size - 2);
  std::string stream(input);
  const bool scaled = data[0] >= 250 && !input.empty();
  while (scaled && stream.size() < 2 * LineSplitter::kMaxLineBytes) stream += stream + "x";
  std::vector<Kept> lines;
  const auto sink = [&lines](const Line& line) {
    lines.push_back({std::string(line.text), line.end_offset, line.truncated, line.terminated});
  };
  LineSplitter splitter;
  std::uint32_t seed = data[1];
  for (std::size_t at = 0; at < stream.size();) {
    seed = seed * 1103515245 + 12345;
    const std::size_t chunk = 1 + (seed >> 16) % (scaled ? 50'000 : 7);
    splitter.Feed(std::string_view(stream).substr(at, chunk), sink);
    at += chunk;
    Require(splitter.line_offset() + splitter.pending_bytes() == std::min(at, stream.size()),
            "offsets account for every byte fed");
  }
  splitter.Finish(sink);
  Require(lines == Naive(stream), "the naive splitter's lines");
  return 0;
}
