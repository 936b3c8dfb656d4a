// What to do when a log may not be read, or is not a log: the classic failures of a first start.
// Every part of the program that meets one says it in these words.
#pragma once

#include <string>

#include "daemon/system/fs.h"

namespace bouncesight {

// "permission denied; group adm may read it: …". `info` is what stat says of `path`, or null
// where even that cannot be had. The remedy is one that helps: it comes from the file's mode and
// owner, and from the groups of this process. Nobody is sent into the group root.
std::string PermissionHint(const std::string& path, const FileInfo* info);

// Why what is not a regular file cannot be followed, and what to write instead: "is a folder; …".
std::string NoLogHint(const std::string& path, const FileInfo& info);

}  // namespace bouncesight
