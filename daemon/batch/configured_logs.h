// The logs that the configuration names, as far as they are files: what `report` and `events` read
// when the command line names none.
#pragma once

#include <string>
#include <vector>

#include "daemon/batch/log_plan.h"
#include "daemon/config/config.h"
#include "daemon/system/fs.h"

namespace bouncesight {

struct ConfiguredLogs {
  std::vector<NamedLog> logs;      // each reads as its source says
  std::vector<std::string> notes;  // what is not read: other kinds of sources, paths not there
};

ConfiguredLogs FindConfiguredLogs(const std::vector<SourceConfig>& sources, FileSystem& fs);

}  // namespace bouncesight
