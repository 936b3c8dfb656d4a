#include "daemon/system/file_stamp.h"

namespace bouncesight {

FileStamp StampOf(FileSystem& fs, const std::string& path) {
  FileInfo info;
  if (fs.Stat(path, info) < 0) return {};
  return {info.id, info.size, info.modified_ns};
}

}  // namespace bouncesight
