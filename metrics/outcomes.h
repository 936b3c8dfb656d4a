// The outcomes as the counters group them, each group in the order of its arrays.
//
// What we tried to deliver and what our own server refused on the way in are two things: kRejected
// is in none of these groups and has families of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "parsers/event/delivery_event.h"
#include "parsers/event/permanence.h"

namespace bouncesight {

// Of deliveries_total. kSuspended, put off with no attempt made, is there and in no other group:
// one dead host would inflate its own failures.
inline constexpr Outcome kDeliveryOutcomes[] = {Outcome::kDelivered, Outcome::kDeferred,
                                                Outcome::kBounced, Outcome::kExpired,
                                                Outcome::kSuspended};
inline constexpr std::size_t kDeliveryOutcomeCount = 5;

// The first of them: an attempt was made.
inline constexpr std::size_t kAttemptOutcomeCount = 4;

inline constexpr Outcome kFailureOutcomes[] = {Outcome::kDeferred, Outcome::kBounced,
                                               Outcome::kExpired};
inline constexpr std::size_t kFailureOutcomeCount = 3;

// The index into kDeliveryOutcomes; kDeliveryOutcomeCount for kRejected.
constexpr std::size_t DeliveryIndex(Outcome outcome) {
  if (outcome == Outcome::kSuspended) return kDeliveryOutcomeCount - 1;
  return outcome == Outcome::kRejected ? kDeliveryOutcomeCount : static_cast<std::size_t>(outcome);
}

// The index into kFailureOutcomes; kFailureOutcomeCount for an outcome that is none of them.
constexpr std::size_t FailureIndex(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDeferred:
      return 0;
    case Outcome::kBounced:
      return 1;
    case Outcome::kExpired:
      return 2;
    default:
      return kFailureOutcomeCount;
  }
}

using DeliveryCounts = std::array<std::uint64_t, kDeliveryOutcomeCount>;
using AttemptCounts = std::array<std::uint64_t, kAttemptOutcomeCount>;
using FailureCounts = std::array<std::uint64_t, kFailureOutcomeCount>;
using RejectionCounts = std::array<std::uint64_t, kPermanenceCount>;  // by Permanence

}  // namespace bouncesight
