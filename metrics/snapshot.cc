#include "metrics/snapshot.h"

#include <numeric>

namespace bouncesight {

std::uint64_t SourceTotals::lines() const {
  return std::accumulate(skipped.begin(), skipped.end(), counted + excluded);
}

}  // namespace bouncesight
