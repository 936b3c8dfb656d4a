// What each configured source sees now, as `check` prints it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/system/fs.h"

namespace bouncesight {

struct SourceTable {
  std::string text;                   // one row per source, under a heading; ends with a newline
  std::vector<std::string> warnings;  // "source NAME: …", the sentence that `serve` says, too
};

// Opens what the sources would, and reads the end of the newest log of each, or of the journal: the
// formats are those that lines near the end fit, the last line's time is as it stands there.
SourceTable LookAtSources(const std::vector<SourceConfig>& sources, FileSystem& fs,
                          std::chrono::system_clock::time_point now);

// What each output would send, and where to: a line each, and the warnings. Asks the brokers.
SourceTable LookAtOutputs(const std::vector<OutputConfig>& outputs,
                          const std::vector<SourceConfig>& sources);

}  // namespace bouncesight
