// Everything that a scrape shows of the logs, and exactly what a restart restores: plain values,
// keyed by names. Published as std::shared_ptr<const Snapshot>; nobody changes it after that, so
// any thread may read it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "metrics/delay_histogram.h"
#include "metrics/exemplar.h"
#include "metrics/flat_map.h"
#include "metrics/series_key.h"
#include "parsers/event/delivery_event.h"
#include "parsers/event/skip.h"

namespace bouncesight {

struct SourceTotals {
  std::string name;
  std::uint64_t bytes = 0;
  std::uint64_t counted = 0;
  std::uint64_t excluded = 0;   // by `report --since` and --until only
  std::uint64_t truncated = 0;  // oversize lines; each is in counted or skipped too
  std::array<std::uint64_t, kSkipReasonCount> skipped{};

  std::uint64_t lines() const;  // counted + excluded + skipped
  friend bool operator==(const SourceTotals&, const SourceTotals&) = default;
};

struct InstanceTotals {
  std::uint16_t source = 0;  // index into Snapshot::sources
  Mta mta = Mta::kPostfix;
  std::string name;  // the label mta_instance
  std::array<std::uint64_t, kOutcomeCount> deliveries{};
  // [index into Snapshot::causes][index into kFailureOutcomes]; may be shorter than causes.
  std::vector<std::array<std::uint64_t, kFailureOutcomeCount>> failures;
  // The same, for the last event of each; its rule is an index into Snapshot::rules plus one. Not
  // part of the state record.
  std::vector<ExemplarRow> exemplars;

  friend bool operator==(const InstanceTotals&, const InstanceTotals&) = default;
};

struct DomainTotals {
  std::string name;
  std::uint64_t last_active = 0;  // seconds of Snapshot::active_seconds

  friend bool operator==(const DomainTotals&, const DomainTotals&) = default;
};

// domain, provider and cause of the key index the tables of this Snapshot.
using DomainSeries = FlatMap<SeriesKey>::Entry;

struct BlocklistTotals {
  std::string list, ip;
  std::array<std::uint64_t, kFailureOutcomeCount> hits{};

  friend bool operator==(const BlocklistTotals&, const BlocklistTotals&) = default;
};

struct RuleTotals {
  std::string rule;
  std::uint64_t hits = 0;

  friend bool operator==(const RuleTotals&, const RuleTotals&) = default;
};

// Events whose label value was folded into "other".
struct OverflowTotals {
  std::uint64_t domain = 0, code = 0, instance = 0, blocklist = 0;

  friend bool operator==(const OverflowTotals&, const OverflowTotals&) = default;
};

struct Snapshot {
  std::uint64_t generation = 0;      // grows by one with each commit
  std::uint64_t active_seconds = 0;  // how long this state has been counted, over all restarts

  std::vector<std::string> causes;     // in the order in which they came to be known
  std::vector<std::string> providers;  // [0] is ""
  std::vector<DomainTotals> domains;   // [0] is "other"

  std::vector<SourceTotals> sources;
  std::vector<InstanceTotals> instances;
  std::vector<DomainSeries> domain_series;
  std::vector<BlocklistTotals> blocklists;
  std::vector<RuleTotals> rules;
  DelayTable delays{};
  StepTable steps{};
  std::uint64_t unclassified = 0;
  OverflowTotals overflow;

  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

}  // namespace bouncesight
