// Logs at rest, read once from start to end: plain files, compressed ones (gzip, xz, zstd, bzip2:
// told by their first bytes, not by their name) and standard input ("-"). `report` and `events`
// read through this; `serve` follows growing files by file_source.h instead.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "parsers/event/result.h"

namespace bouncesight {

inline constexpr std::uint64_t kEndOfFile = std::numeric_limits<std::uint64_t>::max();

// A stretch of a log that one job reads. `begin` and `end` lie behind a newline or at an end of the
// file, so that no line is cut in two. Only plain files are ever cut.
struct LogRange {
  std::string path;
  std::uint64_t begin = 0;
  std::uint64_t end = kEndOfFile;  // wherever that is
  std::uint64_t file_bytes = 0;    // the size on disk, for progress; 0: unknown
  std::int64_t modified = 0;       // Unix time of the last write; 0: unknown
};

class LogInput {
 public:
  virtual ~LogInput() = default;
  // Fills the front of `buffer`; returns how many bytes, 0 at the end.
  virtual Result<std::size_t> Read(std::span<char> buffer) = 0;
};

// Not thread-safe: one job per input.
Result<std::unique_ptr<LogInput>> OpenLogInput(const LogRange& range);

// Every log of `paths` once, plain files of more than 8 MiB cut into up to `jobs` ranges. An
// unreadable path, or a folder, is an Error that names it.
Result<std::vector<LogRange>> PlanLogRanges(const std::vector<std::string>& paths, unsigned jobs);

}  // namespace bouncesight
