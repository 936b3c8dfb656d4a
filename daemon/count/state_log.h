// The bytes of the log behind a slot of the state: one record for each commit since the slot was
// written, {magic, length, generation, link, CRC-32C of these and the payload} and the payload. All
// numbers little-endian.
//
// Each record begins a page of its own, so that a write that is torn spoils no record but itself.
// Its link is that of the slot, or the checksum of the record before it: so what the log held for
// an earlier slot is never taken for its continuation. No files here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

inline constexpr std::size_t kLogPage = 4096;  // what kernels and disks write in one piece
inline constexpr std::size_t kLogHeaderBytes = 24;

// Where a log stands: what its next record follows.
struct LogPlace {
  std::uint64_t generation = 0;  // of the record before, or of the slot
  std::uint32_t link = 0;        // its checksum, or the slot's link
  std::uint64_t offset = 0;      // in the log
};

// The next record, filled up with NULs to whole pages. Moves `place` behind it.
std::string LogRecord(LogPlace& place, std::string_view payload);

struct LogContent {
  std::vector<std::string_view> payloads;  // of the bytes given, in their order
  LogPlace end;
  bool torn = false;  // behind the last whole record begins one that is not whole
};

// The records that follow `begin` without a gap.
LogContent ReadLog(std::string_view bytes, LogPlace begin);

// The highest generation of the whole records, whatever they follow; 0: there is none. For what a
// damage cost: looks at every page.
std::uint64_t NewestIn(std::string_view bytes);

}  // namespace bouncesight
