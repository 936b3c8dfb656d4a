// Has a file changed since it was read? Told without reading it again.
#pragma once

#include <string>

#include "daemon/system/fs.h"

namespace bouncesight {

// Equal as long as nobody has written to the path or put another file there.
struct FileStamp {
  FileId file;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// As of now; take it before the file is read. All zero for a path that names nothing.
FileStamp StampOf(FileSystem& fs, const std::string& path);

}  // namespace bouncesight
