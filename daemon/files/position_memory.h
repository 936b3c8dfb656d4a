// The positions of files that are not open now: those restored from the state and not found yet,
// and those of files read to their end, which must not be read again when they show up under
// another name.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "daemon/files/file_identity.h"
#include "daemon/system/fs.h"
#include "daemon/system/log_reader.h"

namespace bouncesight {

class PositionMemory {
 public:
  static constexpr std::size_t kMaxFinished = 256;

  void AddRestored(FilePosition position);
  void AddFinished(FilePosition position);

  // The position in the file behind `reader`, which lies at `path`: one of the same device and
  // inode, or a restored one of the same path (devices are renumbered, files restored from a
  // backup), whose content agrees. It is taken out.
  std::optional<FilePosition> Take(const std::string& path, const FileInfo& info,
                                   LogReader& reader);
  // The restored ones of `path`; they are taken out.
  std::vector<FilePosition> TakeRestored(const std::string& path);

  // When the last finished file of `path` was written.
  std::optional<std::int64_t> NewestFinished(const std::string& path) const;

  bool IsFinished(const FileInfo& info, LogReader& reader) const;
  // Does it begin with all that was counted of a file that is known here?
  bool IsCopyOfOne(LogReader& reader) const;
  // Does the content behind `reader` begin as a file does that is known here?
  bool KnowsHead(LogReader& reader) const;

  void Save(std::vector<FilePosition>& out) const;
  const std::vector<FilePosition>& restored() const { return restored_; }

 private:
  std::vector<FilePosition> restored_;
  std::deque<FilePosition> finished_;
};

}  // namespace bouncesight
