// What to tell of mail that a queue keeps back until somebody releases it (queue_hold.h): that
// nothing is tried by itself, and the command that releases it.
#pragma once

#include "parsers/reason/queue_hold.h"
#include "rules/advice.h"

namespace bouncesight {

// `hold` is held.
Advice HoldAdvice(const QueueHold& hold);

}  // namespace bouncesight
