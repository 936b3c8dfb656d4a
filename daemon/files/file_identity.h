// What a log file is known by. Inodes are reused at once (ext4 does), names rotate and heads may be
// alike, so a file is the one we read before only if its head and the bytes just before our
// position are the same, and it is long enough.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/system/file_id.h"

namespace bouncesight {

// The file's first bytes, taken as it is read, and the bytes just before a position. Both hashes
// are StableHash of parsers/text/hash.h, for they are part of the state.
struct FileIdentity {
  static constexpr std::size_t kHeadBytes = 1024;
  static constexpr std::size_t kTailBytes = 64;

  FileId file;
  std::uint32_t head_length = 0;
  std::uint64_t head_hash = 0;
  std::uint32_t tail_length = 0;
  std::uint64_t tail_hash = 0;  // of the tail_length bytes before the offset

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// A place in a file, with the means to find it again: by this name, by the inode, or by content
// under another name. What the state keeps of a file.
struct FilePosition {
  std::string path;       // the name under which it is (or was) followed
  std::string true_path;  // where that led to when the file was opened; empty: unknown
  FileIdentity identity;
  std::uint64_t offset = 0;      // after the last counted line
  std::int64_t modified_ns = 0;  // of the file when last read
  std::uint64_t size = 0;        // the most that it was seen to hold, at least `offset`
  bool finished = false;         // read to its end and closed; kept so that it is not read again
  bool current = false;          // the path named it still when it was last looked at

  // Of no file: what rotation has put aside of the path since `modified_ns` is still to be read.
  bool is_gap() const { return identity.file == FileId{} && offset == 0 && !finished; }

  friend bool operator==(const FilePosition&, const FilePosition&) = default;
};

// Of two positions that one file fits the further one has been read to.
std::vector<FilePosition> FurthestFirst(std::vector<FilePosition> positions);

class LogReader;

// What the file behind `reader` begins with, and what stands before `offset`; without a path and
// what is known of the file itself.
FilePosition PositionAt(LogReader& reader, std::uint64_t offset);

// Do the head and the bytes before the offset stand in `reader` as `position` has them? False also
// when it cannot be read.
bool HasContentOf(const FilePosition& position, LogReader& reader);

// Two files that are alike up to `from`: how far are they? At most up to `most`.
std::uint64_t CommonEnd(LogReader& a, LogReader& b, std::uint64_t from, std::uint64_t most);

}  // namespace bouncesight
