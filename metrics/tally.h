// One worker's plain counters since the last hand-over; what the join gives is whole each time.
//
// Owned by one thread at a time: a worker counts into it and hands it over, and Totals takes it in.
// `serve` makes a new one for each commit, `report` clears its own and goes on. No locks, no
// atomics. Counting allocates only when a series is seen for the first time since the Tally was
// made or cleared, and then only until its tables have grown to what the traffic needs. Memory is
// bounded by TallyLimits whatever the lines hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/counters.h"
#include "metrics/exemplar.h"
#include "metrics/flat_map.h"
#include "metrics/joined_rows.h"
#include "metrics/name_table.h"
#include "metrics/names.h"
#include "metrics/series_key.h"
#include "rules/verdict.h"

namespace bouncesight {

struct TallyLimits {
  std::size_t max_domains = 16384;  // distinct domains in an interval; the rest are "other"
  std::size_t max_series = 65536;   // domain × code × cause combinations in an interval
  std::size_t max_instances = 64;   // for each source
  std::size_t max_blocklists = 256;
  bool exemplars = false;  // keep the last event of each counter of failures
  bool accounts = false;   // of the join: count logins, too
};

// A source's number in one Tally.
enum class SourceId : std::uint16_t {};

struct InstanceTally : InstanceCounters {
  Mta mta = Mta::kPostfix;
  std::string name;
  std::vector<ExemplarRow> exemplars;  // of `failures`; empty unless they are kept
};

struct SourceTally : SourceCounters {
  std::string name;
  std::vector<InstanceTally> instances;
  std::size_t last_instance = 0;
};

struct ListTally : ListCounters {
  std::uint16_t source = 0;
  std::string list, ip;
};

class Tally {
 public:
  explicit Tally(std::shared_ptr<const RuleNames> names, TallyLimits limits = {});

  // The number of the source called `name`, made at its first use; valid until the next Clear.
  // Linear in the number of sources: ask once for each batch, not for each line.
  SourceId Source(std::string_view name);

  void CountBytes(SourceId source, std::uint64_t bytes) { At(source).bytes += bytes; }
  void CountTruncated(SourceId source) { ++At(source).truncated; }
  void CountSkip(SourceId source, SkipReason reason) {
    ++At(source).skipped[static_cast<std::size_t>(reason)];
  }
  void CountExcluded(SourceId source) { ++At(source).excluded; }
  // A further result of a line whose first one was counted.
  void CountResult(SourceId source, const DeliveryEvent& event, const Verdict& verdict);
  // An event that stands for several (DeliveryEvent::repeat) counts as so many, but as one line.
  // `verdict` must come from the rule set of this Tally's names; of a delivery its provider is
  // read.
  void CountEvent(SourceId source, const DeliveryEvent& event, const Verdict& verdict);

  // What the join has counted of a source since the state began, and what waits: all of it, at each
  // hand-over.
  void SetJoined(std::string_view source, JoinedRows rows) {
    joined_.push_back({std::string(source), std::move(rows)});
  }

  // A table is more than half full. `report` hands over then, so that nothing is folded here.
  bool nearly_full() const;

  // Back to zero, with another rule set's numbers if `names` differ. Keeps its memory, and the
  // sources that had a line.
  void Clear(std::shared_ptr<const RuleNames> names);

  // For Totals.
  const RuleNames& names() const { return *names_; }
  const std::shared_ptr<const RuleNames>& shared_names() const { return names_; }
  const std::vector<SourceTally>& sources() const { return sources_; }
  const NameTable& domains() const { return domains_; }  // [0] is "other"; lower-case as logged
  const FlatMap<SeriesKey>& series() const { return series_; }
  const FlatMap<DomainKey>& domain_deliveries() const { return domain_deliveries_; }
  const std::vector<ListTally>& lists() const { return lists_; }
  const LogCounters& log() const { return log_; }
  const std::vector<SourceRows>& joined() const { return joined_; }

 private:
  SourceTally& At(SourceId source) { return sources_[static_cast<std::size_t>(source)]; }
  InstanceTally& Instance(SourceTally& source, const DeliveryEvent& event);
  void CountDelay(std::size_t final_index, const DeliveryEvent& event, ProviderId provider);
  void CountFailure(InstanceTally& instance, std::size_t outcome, const DeliveryEvent& event,
                    const Verdict& verdict);
  void CountRejection(SourceId source, InstanceTally& instance, const DeliveryEvent& event,
                      const Verdict& verdict);
  void CountRule(RuleId rule, std::uint32_t repeat);
  // The number of the recipient's domain; that of "other" where there is no room for another.
  std::uint32_t Domain(const DeliveryEvent& event, bool failed);
  void CountDelivery(std::uint32_t domain, ProviderId provider, std::size_t outcome,
                     std::uint32_t repeat);
  void CountDomain(std::uint32_t domain, SourceId source, std::size_t outcome,
                   const DeliveryEvent& event, const Verdict& verdict);
  // The counters of the verdict's list and address, or of "other".
  ListCounters& List(SourceId source, std::string_view list, std::string_view ip,
                     std::uint32_t repeat);
  ListTally* FindList(SourceId source, std::string_view list, std::string_view ip);

  std::shared_ptr<const RuleNames> names_;
  TallyLimits limits_;
  std::vector<SourceTally> sources_;
  NameTable domains_;
  FlatMap<SeriesKey> series_;
  FlatMap<DomainKey> domain_deliveries_;
  std::vector<ListTally> lists_;
  LogCounters log_;
  std::vector<SourceRows> joined_;
};

}  // namespace bouncesight
