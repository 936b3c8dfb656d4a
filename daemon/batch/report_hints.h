// What to tell a user whose report or events say little: that the file is not a mail log, or that
// what they asked for leaves nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/batch/log_input.h"
#include "metrics/snapshot.h"

namespace bouncesight {

// What the user asked for.
struct Asked {
  std::string_view format;   // of --log-format, or "auto"
  std::string_view filters;  // the flags that narrow what is counted: "--since and --domain"
};

// At most kMostHints sentences, none where all is as one would expect. `untimed` is the number of
// events that --since or --until left out since their time cannot be told.
inline constexpr std::size_t kMostHints = 5;
// `read` are the logs, whose names the snapshot has as labels only.
std::vector<std::string> ReportHints(const Snapshot& snapshot, const std::vector<LogRange>& read,
                                     std::uint64_t untimed, const Asked& asked);

// That nothing is left of so many results.
std::string NothingLeftHint(std::uint64_t results, std::string_view filters);

}  // namespace bouncesight
