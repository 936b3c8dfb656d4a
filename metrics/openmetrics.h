// The OpenMetrics 1.0 text format (RFC draft "OpenMetrics, a cloud-native, highly scalable metrics
// protocol"), which prometheus-cpp does not write: counters' families without "_total", canonical
// bucket bounds, "# EOF" at the end.
#pragma once

#include <string>

#include "metrics/families.h"

namespace bouncesight {

std::string SerializeOpenMetrics(const Families& families);

}  // namespace bouncesight
