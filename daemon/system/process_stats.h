// What the system says of this process (proc(5)), for the process_* metrics.
#pragma once

#include "metrics/live.h"

namespace bouncesight {

// Zeros where /proc does not tell.
LiveProcess ReadProcessStats();

}  // namespace bouncesight
