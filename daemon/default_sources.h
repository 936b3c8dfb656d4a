// What to follow where nothing is configured: the logs of a usual mail host.
#pragma once

#include <vector>

#include "daemon/config.h"
#include "daemon/fs.h"

namespace bouncesight {

// Those usual logs that are there; the commonest ones, to be waited for, if none is.
std::vector<SourceConfig> DefaultSources(FileSystem& fs);

}  // namespace bouncesight
