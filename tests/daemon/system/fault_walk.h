// What every sweep of faults does (tests/daemon/FAULTS.md): a run without a fault has told its
// calls; each of them fails now, in each of its ways, a run each.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

namespace bouncesight {

// `calls`: "open /log/mail.log", or the name alone. Calls attempt(nth, way, site) for one in `part`
// of the faults that `ways_of(name)` gives; for every one where BOUNCESIGHT_FAULT_STEP is 1.
template <typename WaysOf, typename Attempt>
void ForEachFault(const std::vector<std::string>& calls, std::size_t part, WaysOf ways_of,
                  Attempt attempt) {
  const char* text = std::getenv("BOUNCESIGHT_FAULT_STEP");
  const std::size_t step = text ? std::strtoul(text, nullptr, 10) : part;
  std::size_t faults = 0;
  for (std::size_t nth = 1; nth <= calls.size(); ++nth) {
    const std::string& site = calls[nth - 1];
    const std::vector<int>& ways = ways_of(site.substr(0, site.find(' ')));
    for (std::size_t way = 0; way < ways.size(); ++way) {
      if ((nth + way) % step != 0) continue;
      ++faults;
      attempt(nth, ways[way], site);
    }
  }
  const std::size_t kinds = std::set<std::string>(calls.begin(), calls.end()).size();
  std::printf("%zu calls of %zu kinds, %zu faults\n", calls.size(), kinds, faults);
}

}  // namespace bouncesight
