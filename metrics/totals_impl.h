// How Totals keeps its counters: a Snapshot in the making, with the indices to find things in it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
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
  // A rule set's numbers to the ones of data_'s tables. A rule has kUnseen until its first hit.
  struct RuleSetNumbers {
    static constexpr std::uint16_t kUnseen = 0xFFFF;
    std::shared_ptr<const RuleNames> names;
    std::vector<std::uint16_t> causes, providers, rules;
  };

  void Translate(const std::shared_ptr<const RuleNames>& names);
  std::uint16_t CauseNumber(std::string_view name);
  std::uint16_t ProviderNumber(std::string_view name);
  std::uint16_t RuleNumber(std::string_view name);  // 0: no rule, or one rule too many
  std::uint16_t Translated(NameKind kind, std::size_t number);
  std::uint16_t SourceIndex(std::string_view name);
  std::size_t InstanceIndex(std::uint16_t source, Mta mta, std::string_view name, bool may_fold);
  void NoteInstance(std::uint16_t source, Mta mta);
  void NoteProviderLists(const RuleNames& names);
  std::size_t ListIndex(std::uint16_t source, const std::string& list, const std::string& ip,
                        bool may_fold);

  // Adds one counter to another, whose `By` tables have numbers of data_.
  template <typename Counter>
  void AddUp(Counter& to, const Counter& from);
  template <NameKind kind, typename Cell>
  void AddUp(By<kind, Cell>& to, const By<kind, Cell>& from);
  void CountCells();  // of what was restored

  void MergeSource(const SourceTally& from);
  void MergeInstance(std::uint16_t source, const InstanceTally& from);
  void MergeExemplars(InstanceTotals& to, std::size_t cause, const ExemplarRow& from);
  void MergeSeries(const Tally& tally);
  void MergeJoined(const Tally& tally);
  void TranslateFailures(std::vector<LabelRow>& rows);
  void MergeList(std::uint16_t source, const ListTally& from);
  std::vector<std::uint32_t> PlacesOf(const Tally& tally);
  void CountSeries(SeriesKey key, std::uint64_t count);
  void CountDelivery(DomainKey key, std::uint64_t count);
  bool MayAddSeries(const SeriesKey& key) const;
  void AddSeries(const SeriesKey& key, std::uint64_t count);
  void DropDomain(std::uint32_t domain);

  std::size_t SeriesPerInstance() const;
  // The series of a scrape but for those by domain.
  std::size_t OtherSeries() const;
  bool HasRoomFor(std::size_t series) const {
    return OtherSeries() + series_.size() + domain_deliveries_.size() + series <=
           limits_.max_series;
  }

  TotalsLimits limits_;
  Snapshot data_;  // its domains and their series are filled in by Publish
  DomainPlaces places_;
  FlatMap<SeriesKey> series_;
  FlatMap<DomainKey> domain_deliveries_;
  std::vector<std::uint32_t> series_of_domain_;
  NameTable causes_, providers_, rules_;
  std::uint16_t other_provider_ = 0;  // what found no room
  std::unordered_map<std::string, std::size_t> sources_, instances_, lists_;
  std::unordered_set<std::string> provider_lists_;
  std::vector<std::uint16_t> source_numbers_;  // of the tally that is merged
  std::vector<std::uint32_t> instances_of_source_;
  std::uint32_t mtas_ = 0;          // a bit for each that an instance has
  std::size_t silent_sources_ = 0;  // without an instance so far
  std::size_t cell_series_ = 0;     // of the cells of all `By` tables that are not zero
  RuleSetNumbers numbers_;
};

}  // namespace bouncesight
