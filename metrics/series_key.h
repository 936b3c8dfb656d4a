// The key of one series of domain_failures_total, but for the domain and provider themselves, which
// are indices into a table of names.
#pragma once

#include <cstddef>
#include <cstdint>

#include "parsers/event/delivery_event.h"
#include "rules/cause.h"

namespace bouncesight {

// The outcomes that count as failures, in the order of their arrays. A delivery that was put off
// with no attempt made (kSuspended) is none: one dead host would inflate its own failures.
inline constexpr Outcome kFailureOutcomes[] = {Outcome::kDeferred, Outcome::kBounced,
                                               Outcome::kExpired, Outcome::kRejected};
inline constexpr std::size_t kFailureOutcomeCount = 4;

// The index into kFailureOutcomes, or kFailureOutcomeCount for an outcome that is no failure.
constexpr std::size_t FailureIndex(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDeferred:
      return 0;
    case Outcome::kBounced:
      return 1;
    case Outcome::kExpired:
      return 2;
    case Outcome::kRejected:
      return 3;
    default:
      return kFailureOutcomeCount;
  }
}

// Codes that did not fit under the cap: their label value is "other". No reply has such codes.
inline constexpr std::uint16_t kOtherCode = 0xFFFF;
inline constexpr EnhancedCode kOtherEnhanced{0xFF, 0, 0};

struct SeriesKey {
  std::uint32_t domain = 0;
  std::uint16_t provider = 0;
  std::uint16_t cause = 0;
  std::uint16_t code = 0;
  EnhancedCode enhanced;
  std::uint8_t outcome = 0;  // index into kFailureOutcomes

  friend bool operator==(const SeriesKey&, const SeriesKey&) = default;
};

// Seeded, so that remote texts cannot be chosen to collide.
std::uint64_t HashKey(const SeriesKey& key, std::uint64_t seed);

}  // namespace bouncesight
