// Which domains have earned series of their own.
//
// While less than half of the places are taken, a domain is admitted with its first failure. From
// there on the price rises: the fuller the table, the more failures a domain must have shown, as
// counted by a SpaceSaving table of the domains without a place (its certain count, so a flood of
// domains that are seen once or twice never buys a place above the first half). Half the table is
// kept for domains that keep failing: random names cannot push real ones out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "metrics/space_saving.h"

namespace bouncesight {

class DomainAdmission {
 public:
  explicit DomainAdmission(std::size_t max_domains, std::size_t candidates = 4096);

  // `failures` more of a domain without a place, while `taken` places are taken: true if it gets
  // one now. The caller gives it the place.
  bool Earns(std::string_view domain, std::uint64_t failures, std::size_t taken);

  // The certain failures that a domain must have shown to get a place when `taken` are taken;
  // with a full table, to take that of an idle domain.
  std::uint64_t Price(std::size_t taken) const;

 private:
  std::size_t max_domains_;
  SpaceSaving candidates_;
};

}  // namespace bouncesight
