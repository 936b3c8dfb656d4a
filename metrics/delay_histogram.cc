#include "metrics/delay_histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bouncesight {
namespace {
constexpr double kLongestSeconds = 366.0 * 86400;
}

void DelayHistogram::Observe(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return;
  seconds = std::min(seconds, kLongestSeconds);
  const auto bound = std::lower_bound(kDelayBounds.begin(), kDelayBounds.end(), seconds);
  ++buckets[static_cast<std::size_t>(bound - kDelayBounds.begin())];
  sum_milliseconds += static_cast<std::uint64_t>(seconds * 1000 + 0.5);
}

void DelayHistogram::Add(const DelayHistogram& other) {
  for (std::size_t i = 0; i < buckets.size(); ++i) buckets[i] += other.buckets[i];
  sum_milliseconds += other.sum_milliseconds;
}

std::uint64_t DelayHistogram::count() const {
  return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

std::size_t FinalIndex(Outcome outcome) {
  const auto found = std::find(std::begin(kFinalOutcomes), std::end(kFinalOutcomes), outcome);
  return static_cast<std::size_t>(found - std::begin(kFinalOutcomes));
}

}  // namespace bouncesight
