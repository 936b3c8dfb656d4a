// Two sources that follow the same thing count everything in it twice: found before they do. Files
// that hold the same lines: alike_files.h.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/system/fs.h"

namespace bouncesight {

// Do both follow the same thing, as far as their configuration tells? What it is, and what to do;
// empty: not known. A path is the same as one that it matches.
std::string OverlapOf(const SourceConfig& one, const SourceConfig& other);

// Files that two sources of type file find now, by their globs, links or otherwise: a warning for
// each, at most `most` of them. Looks at the disk.
std::vector<std::string> SharedFiles(const std::vector<SourceConfig>& sources, FileSystem& fs,
                                     std::size_t most = 10);

}  // namespace bouncesight
