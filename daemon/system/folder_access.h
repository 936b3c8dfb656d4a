// Can this process keep files in a folder? For `check`, which asks before `serve` does.
#pragma once

#include <string>

namespace bouncesight {

// Why this process cannot make or write the folder, and what to do; empty: it can, or the folder is
// another user's, who may be the service's. Looks at the disk and changes nothing. Root may write
// nearly everywhere: all shows only where `check` runs as the service's user.
std::string FolderComplaint(const std::string& folder);

}  // namespace bouncesight
