#include "metrics/counters.h"

#include <numeric>

namespace bouncesight {

std::uint64_t SourceCounters::lines() const {
  return std::accumulate(skipped.begin(), skipped.end(), counted + excluded);
}

}  // namespace bouncesight
