// `report --compare-with PERIOD`: which span of time the report's own is compared with.
#pragma once

#include <string_view>

#include "daemon/batch/time_window.h"

namespace bouncesight {

// For a report over `window`, at `now`:
//   before        as long, right before it
//   1d, 7d, 4w    the same hours, so long ago
//   yesterday     all of it
//   FROM..TO      two times as --since has them
// Without an end the window ends now. The Error says what to write.
Result<TimeWindow> ComparedWindow(std::string_view period, TimeWindow window, UnixSeconds now);

}  // namespace bouncesight
