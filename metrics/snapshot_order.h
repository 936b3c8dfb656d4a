// The same snapshot in an order that does not depend on who counted first: for reports, whose jobs
// end in any order.
#pragma once

#include "metrics/snapshot.h"

namespace bouncesight {

// By the names of sources, instances, domains, providers, causes and lists.
Snapshot Ordered(const Snapshot& snapshot);

}  // namespace bouncesight
