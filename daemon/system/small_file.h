// Files that are read whole: configurations, rules, certificates, messages, the state.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/system/fs.h"
#include "parsers/event/result.h"

namespace bouncesight {

// 0 and every byte of the file, or -errno: -EISDIR for a folder, -EFBIG for more than `most` bytes.
// A pipe is read to its end, which waits for whoever writes into it.
int ReadSmallFile(FileSystem& fs, const std::string& path, std::uint64_t most, std::string& bytes);

// The same on this machine, in words: "PATH: no such file". An Error is the complaint without a
// remedy, which only the caller knows.
Result<std::string> ReadSmallFile(const std::string& path, std::uint64_t most);

}  // namespace bouncesight
