// The part of Totals that keeps the families by domain within their bounds.
#include <bit>

#include "metrics/label.h"
#include "metrics/totals_impl.h"

namespace bouncesight {

std::size_t Totals::Impl::SeriesPerInstance() const {
  return kDeliveryOutcomeCount + kFailureOutcomeCount * data_.causes.size();
}

std::size_t Totals::Impl::OtherSeries() const {
  constexpr std::size_t kPerSource = kSkipReasonCount + 3;  // lines by result, bytes, oversize
  constexpr std::size_t kPerMta =
      (kFinalOutcomeCount + kDelayStepCount) * (kDelayBounds.size() + 3);
  constexpr std::size_t kSingle = 6;  // unclassified, overflow by label
  return kSingle + data_.sources.size() * kPerSource +
         (data_.instances.size() + silent_sources_) * SeriesPerInstance() + data_.rules.size() +
         cell_series_ + data_.lists.size() * (kFailureOutcomeCount + 1) +
         static_cast<std::size_t>(std::popcount(mtas_)) * kPerMta;
}

// Where each of the tally's domains has its series, by the failures that it has brought.
std::vector<std::uint32_t> Totals::Impl::PlacesOf(const Tally& tally) {
  std::vector<std::uint64_t> failures(tally.domains().size());
  for (const auto& one : tally.series().entries()) failures[one.key.domain] += one.count;
  std::vector<std::uint32_t> index(failures.size(), DomainPlaces::kOther);
  for (std::uint32_t i = 1; i < failures.size(); ++i) {
    const DomainPlaces::Place place =
        places_.Find(tally.domains()[i], failures[i], data_.active_seconds);
    if (place.evicted) DropDomain(place.index);
    if (place.index == DomainPlaces::kOther) data_.overflow.domain += failures[i];
    index[i] = place.index;
  }
  series_of_domain_.resize(places_.domains().size());
  return index;
}

void Totals::Impl::MergeSeries(const Tally& tally) {
  const std::vector<std::uint32_t> place = PlacesOf(tally);
  for (const auto& one : tally.domain_deliveries().entries()) {
    DomainKey key = one.key;
    key.domain = place[key.domain];
    key.provider = Translated(NameKind::kProvider, key.provider);
    CountDelivery(key, one.count);
  }
  for (const auto& one : tally.series().entries()) {
    SeriesKey key = one.key;
    key.domain = place[key.domain];
    key.source = source_numbers_[key.source];
    key.cause = Translated(NameKind::kCause, key.cause);
    key.provider = Translated(NameKind::kProvider, key.provider);
    CountSeries(key, one.count);
  }
}

void Totals::Impl::CountDelivery(DomainKey key, std::uint64_t count) {
  if (!domain_deliveries_.Contains(key) && !HasRoomFor(1)) {
    key.domain = DomainPlaces::kOther;
    key.provider = 0;  // over the cap: an outcome, of a closed set
  }
  domain_deliveries_[key] += count;
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

namespace {
template <typename Key>
void Erase(FlatMap<Key>& map, std::uint32_t domain) {
  const auto old = map.entries();
  map.Clear();
  for (const auto& one : old) {
    if (one.key.domain != domain) map[one.key] = one.count;
  }
}
}  // namespace

void Totals::Impl::DropDomain(std::uint32_t domain) {
  Erase(series_, domain);
  Erase(domain_deliveries_, domain);
  series_of_domain_[domain] = 0;
}

}  // namespace bouncesight
