// What to do when a log may not be read: the classic failure of a first start.
#pragma once

#include <string>

#include "daemon/system/fs.h"

namespace bouncesight {

// "permission denied; the file belongs to group adm: …". `info` is the file's, or null where even
// that cannot be had.
std::string PermissionHint(const FileInfo* info);

}  // namespace bouncesight
