// Whether a failure is for good: asked by counters, reports and explanations, answered here
// alone. (The ranking of senders has no codes and goes by the outcome: metrics/summary_who.h.)
#pragma once

#include <cstdint>
#include <string_view>

#include "parsers/event/delivery_event.h"

namespace bouncesight {

enum class Permanence : std::uint8_t { kTemporary, kPermanent };
inline constexpr std::size_t kPermanenceCount = 2;
constexpr std::string_view PermanenceName(Permanence permanence) {
  return permanence == Permanence::kTemporary ? "temporary" : "permanent";
}

// 4 or 5: the class of the reply code, else that of the enhanced code; 0: neither tells.
constexpr unsigned FailureClass(std::uint16_t code, EnhancedCode enhanced) {
  for (const unsigned one : {code / 100U, static_cast<unsigned>(enhanced.status_class)}) {
    if (one == 4 || one == 5) return one;
  }
  return 0;
}

// By the codes; where they tell nothing by the outcome, of which only being put off (deferred or
// suspended) is temporary.
constexpr Permanence PermanenceOf(std::uint16_t code, EnhancedCode enhanced, Outcome outcome) {
  const unsigned by_code = FailureClass(code, enhanced);
  const bool temporary =
      by_code != 0 ? by_code == 4 : outcome == Outcome::kDeferred || outcome == Outcome::kSuspended;
  return temporary ? Permanence::kTemporary : Permanence::kPermanent;
}

}  // namespace bouncesight
