// How long deliveries took, in classic Prometheus buckets. Whole milliseconds inside, so that sums
// do not depend on the order of additions and survive a restart exactly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "parsers/event/delivery_event.h"

namespace bouncesight {

// Upper bounds in seconds: 0.1 s to 5 days. The bucket after the last is +Inf.
inline constexpr std::array<double, 18> kDelayBounds = {0.1,  0.25,  0.5,   1,     2.5,    5,
                                                        10,   30,    60,    300,   900,    1800,
                                                        3600, 14400, 43200, 86400, 172800, 432000};

// The outcomes that are final, in the order of Totals' and Tally's arrays.
inline constexpr Outcome kFinalOutcomes[] = {Outcome::kDelivered, Outcome::kBounced,
                                             Outcome::kExpired};
inline constexpr std::size_t kFinalOutcomeCount = 3;
// The index into kFinalOutcomes, or kFinalOutcomeCount for an outcome that is not final.
constexpr std::size_t FinalIndex(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDelivered:
      return 0;
    case Outcome::kBounced:
      return 1;
    case Outcome::kExpired:
      return 2;
    default:
      return kFinalOutcomeCount;
  }
}

struct DelayHistogram {
  std::array<std::uint64_t, kDelayBounds.size() + 1> buckets{};  // not cumulative
  std::uint64_t sum_milliseconds = 0;

  // Ignores negative (unknown) and non-finite delays; more than a year counts as a year.
  void Observe(double seconds, std::uint32_t times = 1);
  void Add(const DelayHistogram& other);
  std::uint64_t count() const;
  // The seconds below which the share `q` (0 to 1) of the delays lie, as PromQL's
  // histogram_quantile finds them: linear within a bucket. Negative: there are none.
  double Quantile(double q) const;

  friend bool operator==(const DelayHistogram&, const DelayHistogram&) = default;
};

// [mta][index into kFinalOutcomes]
using DelayTable = std::array<std::array<DelayHistogram, kFinalOutcomeCount>, kMtaCount>;

// [mta][DelayStep], of final outcomes
using StepTable = std::array<std::array<DelayHistogram, kDelayStepCount>, kMtaCount>;
// Whether the lines of `mta` tell how long `step` took.
constexpr bool TellsStep(Mta mta, DelayStep step) {
  return mta == Mta::kPostfix ||
         (mta == Mta::kExim && (step == DelayStep::kQueue || step == DelayStep::kTransfer));
}

}  // namespace bouncesight
