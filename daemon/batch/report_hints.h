// What to tell a user whose report or events say little: that the file is not a mail log, or that
// the times do not fit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/snapshot.h"

namespace bouncesight {

// At most kMostHints sentences, none where all is as one would expect. `untimed` is the number of
// events that --since or --until left out since their time cannot be told; `format` is the one that
// --log-format asks for, or "auto".
inline constexpr std::size_t kMostHints = 5;
std::vector<std::string> ReportHints(const Snapshot& snapshot, std::uint64_t untimed,
                                     std::string_view format);

}  // namespace bouncesight
