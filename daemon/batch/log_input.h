// Existing logs, read from start to end: plain files, compressed ones (packed_input.h) and standard
// input ("-"). `report` and `events` read through this; `serve` follows growing files by
// file_source.h instead.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "parsers/event/result.h"
#include "parsers/mta/reader_options.h"

namespace bouncesight {

// What is read in one go stays in the second-level cache.
inline constexpr std::size_t kReadBytes = std::size_t{256} * 1024;

inline constexpr std::uint64_t kEndOfFile = std::numeric_limits<std::uint64_t>::max();

struct YearTurns;  // year_turns.h

// A stretch of a log that one job reads. `begin` and `end` lie behind a newline or at an end of the
// file, so that no line is cut in two. Only plain files are ever cut.
struct LogRange {
  std::string path;
  std::uint64_t begin = 0;
  std::uint64_t end = kEndOfFile;                    // wherever that is
  std::uint64_t file_bytes = 0;                      // the size on disk, for progress; 0: unknown
  std::int64_t modified = 0;                         // Unix time of the last write; 0: unknown
  std::shared_ptr<const YearTurns> turns = nullptr;  // of the whole file; null: not asked for
  std::shared_ptr<const ReaderOptions> reader = nullptr;  // how its lines read; null: as usual
};

class LogInput {
 public:
  virtual ~LogInput() = default;
  // Fills the front of `buffer`; returns how many bytes, 0 at the end. After an Error the same
  // Error again.
  virtual Result<std::size_t> Read(std::span<char> buffer) = 0;
};

// Not thread-safe: one job per input. An Error names the file, why, and what to do. `disk_fault`,
// where given, must outlive the input and gets what the disk refused: not that what it gave is
// torn, which it is at each reading.
Result<std::unique_ptr<LogInput>> OpenLogInput(const LogRange& range,
                                               std::optional<Error>* disk_fault = nullptr);

}  // namespace bouncesight
