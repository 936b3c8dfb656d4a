// The state of a file source as bytes: STATE.md, "file blob".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/files/file_identity.h"
#include "parsers/event/result.h"

namespace bouncesight {

// What happened to the files, over all runs.
struct FileCounts {
  std::uint64_t rotations = 0;
  std::uint64_t truncations = 0;
  std::uint64_t abandoned = 0;  // files given up with bytes unread
  // Seen in a file and gone before they were counted: at least so many.
  std::uint64_t lost_bytes = 0;
  std::uint64_t gaps = 0;  // files that were gone, and what had been written to them with them

  friend bool operator==(const FileCounts&, const FileCounts&) = default;
};

struct FileSourceState {
  // The patterns followed so far. A file of a new pattern is seen for the first time; one that a
  // known pattern did not name before has appeared and is read from its start.
  std::vector<std::string> patterns;
  std::vector<FilePosition> positions;
  FileCounts counts;

  friend bool operator==(const FileSourceState&, const FileSourceState&) = default;
};

std::string EncodeFileState(const FileSourceState& state);
Result<FileSourceState> DecodeFileState(std::string_view bytes);

}  // namespace bouncesight
