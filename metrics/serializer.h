// Families to the text of a scrape: Prometheus' text format 0.0.4, or OpenMetrics 1.0
// ("OpenMetrics, a cloud-native, highly scalable metrics protocol"): counters' families without
// "_total", canonical bucket bounds, "# EOF" at the end.
//
// prometheus-cpp has a serialiser for the first and none for the second. Its own takes three times
// as long for 10,000 series, through an ostream, and does not escape HELP; a test holds ours
// against it.
#pragma once

#include <string>

#include "metrics/exposition.h"
#include "metrics/families.h"

namespace bouncesight {

std::string Serialize(const Families& families, ExpositionFormat format,
                      const Exemplars& exemplars = {});

}  // namespace bouncesight
