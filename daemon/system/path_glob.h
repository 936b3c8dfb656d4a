// Finds the files that a pattern names. `*`, `?` and `[…]` work in any part of the path; a hidden
// name needs its dot written.
#pragma once

#include <string>
#include <vector>

#include "daemon/system/fs.h"

namespace bouncesight {

bool IsGlob(const std::string& pattern);

struct GlobResult {
  std::vector<std::string> paths;  // sorted
  bool complete = true;  // false: a folder could not be read, so a missing path may still be there
  int error = 0;         // then why, as -errno
};

// A pattern without wildcards names itself, whether it is there or not.
GlobResult ExpandGlob(FileSystem& fs, const std::string& pattern);

}  // namespace bouncesight
