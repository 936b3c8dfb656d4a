// The keys of the series that are counted by recipient domain. Their members are numbers in tables
// of names: those of a Tally, or those of a Snapshot.
#pragma once

#include <cstdint>

#include "metrics/outcomes.h"

namespace bouncesight {

// Codes that did not fit under the cap: their label value is "other". No reply has such codes.
inline constexpr std::uint16_t kOtherCode = 0xFFFF;
inline constexpr EnhancedCode kOtherEnhanced{0xFF, 0, 0};

// Counted by a program that did not tell sources apart: the label is empty.
inline constexpr std::uint16_t kNoSource = 0xFFFF;

// Of domain_failures_total.
struct SeriesKey {
  std::uint32_t domain = 0;
  std::uint16_t source = 0;
  std::uint16_t provider = 0;
  std::uint16_t cause = 0;
  std::uint16_t code = 0;
  EnhancedCode enhanced;
  std::uint8_t outcome = 0;  // index into kFailureOutcomes

  friend bool operator==(const SeriesKey&, const SeriesKey&) = default;
};

// Of domain_deliveries_total.
struct DomainKey {
  std::uint32_t domain = 0;
  std::uint16_t provider = 0;
  std::uint8_t outcome = 0;  // index into kDeliveryOutcomes, below kAttemptOutcomeCount

  friend bool operator==(const DomainKey&, const DomainKey&) = default;
};

// Seeded, so that remote texts cannot be chosen to collide.
std::uint64_t HashKey(const SeriesKey& key, std::uint64_t seed);
std::uint64_t HashKey(const DomainKey& key, std::uint64_t seed);

}  // namespace bouncesight
