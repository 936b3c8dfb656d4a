// Which stretches of which logs a run reads: each line once, whatever is wrong with some of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/batch/log_input.h"

namespace bouncesight {

struct LogPlan {
  std::vector<LogRange> ranges;
  std::vector<std::string> notes;   // what is left out, since it is read already
  std::vector<std::string> faults;  // what cannot be read, and why; the rest can
};

// What the user named, and how its lines read (null: as usual).
struct NamedLog {
  std::string path;
  std::shared_ptr<const ReaderOptions> reader = nullptr;
};

// Plain files of more than 8 MiB are cut into up to `jobs` ranges, unless their lines hang on those
// before them (joined_lines.h). `dated`: years will be asked for, so where they turn is found out
// first, which reads logs without years twice.
LogPlan PlanLogs(const std::vector<NamedLog>& logs, unsigned jobs, bool dated);

}  // namespace bouncesight
