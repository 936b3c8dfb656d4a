// Looks among the rotated names of a log for the file that has a certain content.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/files/file_identity.h"
#include "daemon/system/fs.h"
#include "daemon/system/log_reader.h"

namespace bouncesight {

struct RotatedFile {
  std::string path;
  FileInfo info;
  std::unique_ptr<LogReader> reader;  // null: none found
};

// Calls `visit` for each rotated file of `path` that can be opened, oldest first by its last write,
// until it returns false. Symbolic links to the log itself are visited too: check the inode.
void VisitRotated(FileSystem& fs, const std::string& path,
                  const std::function<bool(RotatedFile&)>& visit);

// The rotated file of position.path that holds the position's content, by preference the same
// inode, then a plain copy (copytruncate), then a compressed one. `usable` may refuse a file by its
// device and inode.
RotatedFile FindRotated(FileSystem& fs, const FilePosition& position,
                        const std::function<bool(const FileInfo&)>& usable);

}  // namespace bouncesight
