// What a source finds on this machine now: for the table of `check`, for the warning of `serve` a
// minute after its start, and for the logs that `report` reads when none is named. All say the
// same, since all ask here.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/system/fs.h"
#include "metrics/live.h"

namespace bouncesight {

struct SourceSight {
  SourceFiles files;               // `hung` is not found out
  std::vector<std::string> found;  // those that can be read
  // What is looked for and cannot be read, why, and the nearest thing that is there, or what a file
  // is that is not a log: a sentence for a person. Empty: all is there, or the source waits for
  // others to send.
  std::string complaint;
};

// Of a file source, a folder or a journal; the others find nothing and miss nothing. Opens what it
// finds, and lists the folders it looks in.
SourceSight LookAtSource(const SourceConfig& source, FileSystem& fs);

}  // namespace bouncesight
