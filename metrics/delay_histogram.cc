#include "metrics/delay_histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bouncesight {
namespace {
constexpr double kLongestSeconds = 366.0 * 86400;
}

void DelayHistogram::Observe(double seconds, std::uint32_t times) {
  if (!(seconds >= 0) || !std::isfinite(seconds)) return;
  seconds = std::min(seconds, kLongestSeconds);
  std::size_t bucket = 0;  // no branches: delays are as good as random
  for (const double bound : kDelayBounds) bucket += bound < seconds ? 1 : 0;
  buckets[bucket] += times;
  sum_milliseconds += static_cast<std::uint64_t>(seconds * 1000 + 0.5) * times;
}

void DelayHistogram::Add(const DelayHistogram& other) {
  for (std::size_t i = 0; i < buckets.size(); ++i) buckets[i] += other.buckets[i];
  sum_milliseconds += other.sum_milliseconds;
}

std::uint64_t DelayHistogram::count() const {
  return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

double DelayHistogram::Quantile(double q) const {
  const auto all = static_cast<double>(count());
  if (all == 0) return -1;
  double below = 0;
  double from = 0;
  for (std::size_t i = 0; i < kDelayBounds.size(); ++i) {
    const auto here = static_cast<double>(buckets[i]);
    if (here > 0 && below + here >= q * all) {
      return from + (kDelayBounds[i] - from) * (q * all - below) / here;
    }
    below += here;
    from = kDelayBounds[i];
  }
  return from;  // in the last bucket, which has no end
}

}  // namespace bouncesight
