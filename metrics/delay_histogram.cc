#include "metrics/delay_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace bouncesight {
namespace {
constexpr double kLongestSeconds = 366.0 * 86400;

// The delays between two powers of two: no more than one bound stands among them, so that their
// exponent finds the bucket but for one comparison. A delivery is observed seven times; eighteen
// comparisons each were a thirtieth of the time that a mixed log took.
struct Octave {
  std::uint8_t below = 0;  // bounds below its first delay
  double bound = std::numeric_limits<double>::infinity();
};
constexpr int kLowest = -4;  // the first octave holds all below 2^-3 s
constexpr std::size_t kOctaveCount = 29;

constexpr std::array<Octave, kOctaveCount> MakeOctaves() {
  std::array<Octave, kOctaveCount> octaves{};
  double from = 1.0 / 16;
  for (Octave& octave : octaves) {
    for (const double bound : kDelayBounds) {
      if (bound < from) ++octave.below;
      if (bound >= from && bound < from * 2) octave.bound = bound;
    }
    from *= 2;
  }
  return octaves;
}
constexpr std::array<Octave, kOctaveCount> kOctaves = MakeOctaves();

constexpr bool EachBoundHasAnOctave() {
  std::size_t bounds = 0;
  for (const Octave& octave : kOctaves) bounds += octave.bound <= kDelayBounds.back() ? 1 : 0;
  return bounds == kDelayBounds.size();
}
static_assert(EachBoundHasAnOctave());

std::size_t BucketOf(double seconds) {
  const auto exponent = static_cast<int>(std::bit_cast<std::uint64_t>(seconds) >> 52U) - 1023;
  const Octave& octave = kOctaves[static_cast<std::size_t>(std::max(exponent - kLowest, 0))];
  return octave.below + (octave.bound < seconds ? 1U : 0U);
}

}  // namespace

void DelayHistogram::Observe(double seconds, std::uint32_t times) {
  if (!(seconds >= 0) || !std::isfinite(seconds)) return;
  seconds = std::min(std::abs(seconds), kLongestSeconds);  // a zero may have a sign
  buckets[BucketOf(seconds)] += times;
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
