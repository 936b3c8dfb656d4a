// A compressed log (gzip, bzip2, xz, zstd) read as its plain bytes, through libarchive.
#pragma once

#include <memory>

#include "daemon/system/fs.h"
#include "daemon/system/log_reader.h"

namespace bouncesight {

// Takes the descriptor. A file that is no archive, or a torn one, reads as -EIO from there on.
std::unique_ptr<LogReader> MakeArchiveReader(FileSystem& fs, FileHandle handle);

}  // namespace bouncesight
