// The merged counters of all workers since the state began, keyed by names, so that they outlive
// rule reloads and restarts. Counters only grow.
//
// Owned by one thread at a time. The order of a commit (daemon/count/committer.cc) is
//   for each worker's tally: totals.Merge(tally);  hand the failures to the history;
//   auto snapshot = totals.Publish();  write the state record;  then show the snapshot.
//
// Domains. Their families are bounded by max_domains: a domain gets series of its own when it has
// earned them by failures (domain_admission.h), before that it counts under domain="other". What
// was counted there stays there: from its admission on a domain's series are exact, the sum over
// all domains is exact always, and admission makes no counter fall. Pinned domains and domain
// groups have their own series from their first event.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "metrics/domain_places.h"
#include "metrics/snapshot.h"
#include "metrics/tally.h"

namespace bouncesight {

struct TotalsLimits {
  DomainLimits domains;
  // Of everything that log content can create. Codes, then domains, are folded into "other" when it
  // is reached; one series for each outcome and cause is always there.
  std::size_t max_series = 10000;
  std::size_t max_series_per_domain = 100;
  std::size_t max_instances = 64;  // for each source
  std::size_t max_blocklist_pairs = 256;
  bool all_rules = false;  // rule_hits_total of every rule, else of those that have hit
};

class Totals {
 public:
  explicit Totals(TotalsLimits limits = {});
  // Goes on from what was restored.
  Totals(const Snapshot& restored, TotalsLimits limits);
  ~Totals();
  Totals(Totals&&) noexcept;
  Totals& operator=(Totals&&) noexcept;

  // Zero series for what is known in advance. Safe to repeat; call after each load of the rules.
  // `mta`: the one whose lines the source is configured for, if it is for one.
  void AddSource(std::string_view name, std::optional<Mta> mta = std::nullopt);
  void AddNames(const RuleNames& names);

  void Merge(const Tally& tally);
  // Time passed since the last call, by a steady clock: only idle domains depend on it.
  void Advance(std::uint64_t seconds);

  // The present counters as the next generation.
  std::shared_ptr<const Snapshot> Publish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bouncesight
