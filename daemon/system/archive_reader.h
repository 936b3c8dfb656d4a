// A compressed log read as its plain bytes (packed_stream.h).
#pragma once

#include <memory>

#include "daemon/system/fs.h"
#include "daemon/system/log_reader.h"

namespace bouncesight {

// Takes the descriptor. A torn file reads as -kTornLog from the damage on.
std::unique_ptr<LogReader> MakeArchiveReader(FileSystem& fs, FileHandle handle);

}  // namespace bouncesight
