// How Totals keeps its counters: a Snapshot in the making, with the indices to find things in it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "metrics/totals.h"

namespace bouncesight {

class Totals::Impl {
 public:
  explicit Impl(TotalsLimits limits);
  void Restore(const Snapshot& restored);
  void AddSource(std::string_view name, std::optional<Mta> mta);
  void AddNames(const RuleNames& names);
  void Advance(std::uint64_t seconds) { data_.active_seconds += seconds; }
  void Merge(const Tally& tally);
  std::shared_ptr<const Snapshot> Publish();

 private:
  // A rule set's numbers to the ones of data_'s tables.
  struct Numbers {
    std::shared_ptr<const RuleNames> names;
    std::vector<std::uint16_t> causes, providers;
    std::vector<std::size_t> rules;
  };

  void Translate(const std::shared_ptr<const RuleNames>& names);
  std::uint16_t CauseNumber(std::string_view name);
  std::uint16_t ProviderNumber(std::string_view name);
  std::size_t RuleIndex(const std::string& name);
  std::uint16_t SourceIndex(std::string_view name);
  std::size_t InstanceIndex(std::uint16_t source, Mta mta, std::string_view name, bool may_fold);
  void NoteInstance(std::uint16_t source, Mta mta);
  std::size_t BlocklistIndex(const std::string& list, const std::string& ip, bool may_fold);

  void MergeSource(const SourceTally& from);
  void MergeInstance(std::uint16_t source, const InstanceTally& from);
  void MergeExemplars(InstanceTotals& to, std::size_t cause, const ExemplarRow& from);
  void MergeSeries(const Tally& tally);
  void CountSeries(SeriesKey key, std::uint64_t count);
  bool MayAddSeries(const SeriesKey& key) const;
  void AddSeries(const SeriesKey& key, std::uint64_t count);
  void DropDomain(std::uint32_t domain);
  void MergeBlocklist(const BlocklistTally& from);

  std::size_t SeriesPerInstance() const;
  // The series of a scrape but for those of domain_failures_total.
  std::size_t OtherSeries() const;
  bool HasRoomFor(std::size_t series) const {
    return OtherSeries() + series_.size() + series <= limits_.max_series;
  }

  TotalsLimits limits_;
  Snapshot data_;  // its domains and domain_series are filled in by Publish
  DomainPlaces places_;
  FlatMap<SeriesKey> series_;
  std::vector<std::uint32_t> series_of_domain_;
  NameTable causes_, providers_;
  std::unordered_map<std::string, std::size_t> rules_, sources_, instances_, blocklists_;
  std::vector<std::uint32_t> instances_of_source_;
  std::uint32_t mtas_ = 0;          // a bit for each that an instance has
  std::size_t silent_sources_ = 0;  // without an instance so far
  Numbers numbers_;
};

}  // namespace bouncesight
