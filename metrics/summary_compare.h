// What has changed between two periods: `report --compare-with`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "metrics/summary.h"

namespace bouncesight {

struct ComparedRow {
  std::string name;
  std::uint64_t before = 0, now = 0;
  // Of all attempts (of the row's provider, where it is one), per cent; 0 where there were none.
  double before_share = 0, now_share = 0;
};

struct Comparison {
  std::string period;                 // as the user wrote it
  std::optional<Moment> first, last;  // of the results of then
  std::uint64_t attempts_before = 0, attempts_now = 0;
  std::vector<ComparedRow> outcomes;   // all that were attempts
  std::vector<ComparedRow> causes;     // the largest changes of the share first
  std::vector<ComparedRow> providers;  // failures; the largest changes first
};

// Both summaries must hold all rows of their rankings. At most `top` causes and providers.
Comparison Compare(const Summary& before, const Summary& now, std::string period, std::size_t top);

}  // namespace bouncesight
