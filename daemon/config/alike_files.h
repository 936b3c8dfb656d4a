// Logs that hold the same lines under other names and inodes, as a syslog daemon writes them that
// has mail in mail.log and in syslog, or in mail.info, too: they are counted once for each file.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/system/fs.h"

namespace bouncesight {

// Looks whether the last lines of one file stand near the end of another, in all files that these
// sources find: a warning of the first two such files of a source, and of each two sources, at most
// `most`. Reads the end of each file; a guess, since two logs may differ further up.
std::vector<std::string> AlikeFiles(const std::vector<SourceConfig>& sources, FileSystem& fs,
                                    std::size_t most = 10);

}  // namespace bouncesight
