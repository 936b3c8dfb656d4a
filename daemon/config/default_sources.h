// What to follow where nothing is configured: the logs of a usual mail host, or what its MTA writes
// to the journal.
#pragma once

#include <vector>

#include "daemon/config/config.h"
#include "daemon/system/fs.h"

namespace bouncesight {

// Those usual logs that are there; the journal's mail if none is; and where there is no journal
// either the commonest logs, to be waited for.
std::vector<SourceConfig> DefaultSources(FileSystem& fs);

// Gives a configuration without sources these.
void AddDefaultSources(FileSystem& fs, Config& config);

}  // namespace bouncesight
