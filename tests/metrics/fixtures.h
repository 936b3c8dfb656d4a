// What the tests of metrics/ share: events in one line, and a snapshot that has something of
// everything.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "metrics/live.h"
#include "metrics/names.h"
#include "metrics/snapshot.h"
#include "metrics/tally.h"
#include "metrics/totals.h"

namespace bouncesight {

// The built-in causes, two rules and two providers.
std::shared_ptr<const RuleNames> TestNames();

inline constexpr RuleId kTestRule{1};
inline constexpr ProviderId kTestProvider{1};

// How often the test program has allocated so far.
std::size_t Allocations();

// A bounce with 550 5.1.1 to somebody in `domain`.
DeliveryEvent Bounce(std::string_view domain);
DeliveryEvent Deferral(std::string_view domain);
DeliveryEvent Delivery(std::string_view domain);
// A client that our own server turned away with 554 5.7.1.
DeliveryEvent Refusal();

Verdict Because(CauseId cause);

// The sum over all series of `domain`; 0 if it has none.
std::uint64_t FailuresOf(const Snapshot& snapshot, std::string_view domain);
std::uint64_t AllDomainFailures(const Snapshot& snapshot);

// Every counter of it is above zero.
Snapshot FullSnapshot();
// That with what the join has counted, which is not in the state record.
Snapshot ShownSnapshot();
// Every metric of METRICS.md has a sample.
Live FullLive();

}  // namespace bouncesight
