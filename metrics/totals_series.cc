// The part of Totals that keeps domain_failures_total within its bounds.
#include <bit>

#include "metrics/label.h"
#include "metrics/totals_impl.h"

namespace bouncesight {

std::size_t Totals::Impl::SeriesPerInstance() const {
  return kOutcomeCount + kFailureOutcomeCount * data_.causes.size();
}

std::size_t Totals::Impl::OtherSeries() const {
  constexpr std::size_t kPerSource = kSkipReasonCount + 3;  // lines by result, bytes, oversize
  constexpr std::size_t kPerMta =
      (kFinalOutcomeCount + kDelayStepCount) * (kDelayBounds.size() + 3);
  constexpr std::size_t kSingle = 5;  // unclassified, overflow by label
  return kSingle + data_.sources.size() * kPerSource +
         (data_.instances.size() + silent_sources_) * SeriesPerInstance() + data_.rules.size() +
         data_.blocklists.size() * kFailureOutcomeCount +
         static_cast<std::size_t>(std::popcount(mtas_)) * kPerMta;
}

void Totals::Impl::MergeSeries(const Tally& tally) {
  const auto& series = tally.series().entries();
  std::vector<std::uint64_t> failures(tally.domains().size());
  for (const auto& one : series) failures[one.key.domain] += one.count;

  std::vector<std::uint32_t> index(failures.size(), DomainPlaces::kOther);
  for (std::uint32_t i = 1; i < failures.size(); ++i) {
    const DomainPlaces::Place place =
        places_.Find(tally.domains()[i], failures[i], data_.active_seconds);
    if (place.evicted) DropDomain(place.index);
    if (place.index == DomainPlaces::kOther) data_.overflow.domain += failures[i];
    index[i] = place.index;
  }
  series_of_domain_.resize(places_.domains().size());
  for (const auto& one : series) {
    SeriesKey key = one.key;
    key.domain = index[key.domain];
    key.cause = key.cause < numbers_.causes.size() ? numbers_.causes[key.cause] : std::uint16_t{0};
    key.provider = key.provider < numbers_.providers.size() ? numbers_.providers[key.provider]
                                                            : std::uint16_t{0};
    CountSeries(key, one.count);
  }
}

bool Totals::Impl::MayAddSeries(const SeriesKey& key) const {
  if (series_.Contains(key)) return true;
  const std::size_t cap =
      key.domain == DomainPlaces::kOther ? limits_.max_series / 4 : limits_.max_series_per_domain;
  return series_of_domain_[key.domain] < cap && HasRoomFor(1);
}

void Totals::Impl::CountSeries(SeriesKey key, std::uint64_t count) {
  if (MayAddSeries(key)) return AddSeries(key, count);
  if (key.code != kOtherCode) data_.overflow.code += count;
  key.code = kOtherCode;
  key.enhanced = kOtherEnhanced;
  if (MayAddSeries(key)) return AddSeries(key, count);
  if (key.domain != DomainPlaces::kOther) data_.overflow.domain += count;
  key.domain = DomainPlaces::kOther;
  key.provider = 0;
  AddSeries(key, count);  // over the cap: an outcome and a cause, both of closed sets
}

void Totals::Impl::AddSeries(const SeriesKey& key, std::uint64_t count) {
  if (!series_.Contains(key)) ++series_of_domain_[key.domain];
  series_[key] += count;
}

void Totals::Impl::DropDomain(std::uint32_t domain) {
  const std::vector<DomainSeries> old = series_.entries();
  series_.Clear();
  for (const DomainSeries& one : old) {
    if (one.key.domain != domain) series_[one.key] = one.count;
  }
  series_of_domain_[domain] = 0;
}

}  // namespace bouncesight
