// Everything that a scrape shows of the logs, and what a restart restores, but for what is marked
// below: plain values, keyed by names. Published as std::shared_ptr<const Snapshot>; nobody changes
// it after that, so any thread may read it. counters.h says what is counted; here stand the labels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "metrics/counters.h"
#include "metrics/exemplar.h"
#include "metrics/flat_map.h"
#include "metrics/joined_rows.h"
#include "metrics/series_key.h"
#include "parsers/event/delivery_event.h"

namespace bouncesight {

struct SourceTotals : SourceCounters {
  std::string name;

  friend bool operator==(const SourceTotals&, const SourceTotals&) = default;
};

struct InstanceTotals : InstanceCounters {
  std::uint16_t source = 0;  // index into Snapshot::sources
  Mta mta = Mta::kPostfix;
  std::string name;  // the label mta_instance
  // The last event of each of `failures`; its rule is an index into Snapshot::rules. Not part of
  // the state record.
  std::vector<ExemplarRow> exemplars;

  friend bool operator==(const InstanceTotals&, const InstanceTotals&) = default;
};

struct DomainTotals {
  std::string name;
  std::uint64_t last_active = 0;  // its last failure, in seconds of Snapshot::active_seconds

  friend bool operator==(const DomainTotals&, const DomainTotals&) = default;
};

// domain, source, provider and cause of the keys index the tables of this Snapshot.
using DomainSeries = FlatMap<SeriesKey>::Entry;
using DomainDeliveries = FlatMap<DomainKey>::Entry;

struct ListTotals : ListCounters {
  std::uint16_t source = 0;  // index into Snapshot::sources, or kNoSource
  // The list is a provider's own throttle or block, such as Yahoo's TSS; else a public one. By the
  // rules that are loaded: not part of the state record.
  bool of_provider = false;
  std::string list, ip;

  friend bool operator==(const ListTotals&, const ListTotals&) = default;
};

struct Snapshot : LogCounters {
  std::uint64_t generation = 0;      // grows by one each time that Totals publishes
  std::uint64_t active_seconds = 0;  // how long this state has been counted, over all restarts

  // In the order in which they came to be known.
  std::vector<std::string> causes;
  std::vector<std::string> providers;  // [0] is ""
  std::vector<std::string> rules;      // [0] is "": no rule
  std::vector<DomainTotals> domains;   // [0] is "other"

  std::vector<SourceTotals> sources;
  std::vector<InstanceTotals> instances;
  std::vector<DomainSeries> domain_series;
  std::vector<DomainDeliveries> domain_deliveries;
  std::vector<ListTotals> lists;

  // What the join by queue id has counted. Not part of the state record: the tables that it comes
  // from are (joined_counts.h, message_join.h).
  std::vector<SourceRows> joined;

  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

}  // namespace bouncesight
