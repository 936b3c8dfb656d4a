// How a Tally is added to Totals, by the list of counters that both have.
#include <numeric>

#include "metrics/label.h"
#include "metrics/totals_impl.h"

namespace bouncesight {
namespace {

template <typename Array>
std::uint64_t Sum(const Array& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

// The series that a cell brings with its first count. Those of failures are always there, those of
// rules are counted with their names.
template <typename Cell>
constexpr std::size_t kSeriesOf = 0;
template <>
constexpr std::size_t kSeriesOf<RejectionCounts> = kPermanenceCount;
template <>
constexpr std::size_t kSeriesOf<AttemptCounts> = kAttemptOutcomeCount;
template <>
constexpr std::size_t kSeriesOf<DelayRow> = kFinalOutcomeCount*(kDelayBounds.size() + 3);

}  // namespace

template <typename Counter>
void Totals::Impl::AddUp(Counter& to, const Counter& from) {
  Add(to, from);
}

template <NameKind kind, typename Cell>
void Totals::Impl::AddUp(By<kind, Cell>& to, const By<kind, Cell>& from) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (IsZero(from[i])) continue;
    std::uint16_t number = Translated(kind, i);
    if (kind == NameKind::kRule && number == 0) continue;
    if (IsZero(to.Grown(number))) {
      if (kind == NameKind::kProvider && !HasRoomFor(kSeriesOf<Cell>)) number = other_provider_;
      if (IsZero(to.Grown(number))) cell_series_ += kSeriesOf<Cell>;
    }
    if (number == other_provider_ && kind == NameKind::kProvider) {
      if constexpr (std::is_same_v<Cell, AttemptCounts>) data_.overflow.provider += Sum(from[i]);
    }
    Add(to[number], from[i]);
  }
}

void Totals::Impl::CountCells() {
  cell_series_ = 0;
  const auto count = [this]<typename Counter>(const Counter& counter) {
    if constexpr (requires { counter.Of(0); }) {
      for (const auto& cell : counter) {
        if (!IsZero(cell)) cell_series_ += kSeriesOf<std::decay_t<decltype(cell)>>;
      }
    }
  };
  for (const InstanceTotals& one : data_.instances) InstanceCounters::ForEach(count, one);
  LogCounters::ForEach(count, static_cast<const LogCounters&>(data_));
}

void Totals::Impl::Merge(const Tally& tally) {
  Translate(tally.shared_names());
  source_numbers_.clear();
  for (const SourceTally& source : tally.sources()) {
    source_numbers_.push_back(SourceIndex(source.name));
    MergeSource(source);
  }
  MergeSeries(tally);
  for (const ListTally& list : tally.lists()) MergeList(source_numbers_[list.source], list);
  LogCounters::ForEach([this](auto& to, const auto& from) { AddUp(to, from); },
                       static_cast<LogCounters&>(data_), tally.log());
  MergeJoined(tally);
}

void Totals::Impl::MergeSource(const SourceTally& from) {
  const std::uint16_t index = SourceIndex(from.name);
  SourceCounters::ForEach([this](auto& to, const auto& part) { AddUp(to, part); },
                          data_.sources[index], from);
  for (const InstanceTally& instance : from.instances) MergeInstance(index, instance);
}

void Totals::Impl::MergeInstance(std::uint16_t source, const InstanceTally& from) {
  const std::uint64_t events =
      Sum(from.deliveries) +
      std::accumulate(from.rejections.begin(), from.rejections.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const auto& cause) { return sum + Sum(cause); });
  if (events == 0) return;  // a Tally keeps the places of instances that it saw before
  InstanceTotals& to = data_.instances[InstanceIndex(source, from.mta, from.name, true)];
  if (to.name == kOtherLabel && from.name != kOtherLabel) data_.overflow.instance += events;
  InstanceCounters::ForEach([this](auto& all, const auto& part) { AddUp(all, part); }, to, from);
  for (std::size_t cause = 0; cause < from.exemplars.size(); ++cause) {
    MergeExemplars(to, Translated(NameKind::kCause, cause), from.exemplars[cause]);
  }
}

void Totals::Impl::MergeExemplars(InstanceTotals& to, std::size_t cause, const ExemplarRow& from) {
  if (to.exemplars.size() <= cause) to.exemplars.resize(cause + 1);
  for (std::size_t outcome = 0; outcome < from.size(); ++outcome) {
    if (!from[outcome].is_set()) continue;
    Exemplar& exemplar = to.exemplars[cause][outcome];
    exemplar = from[outcome];
    exemplar.SetRule(Translated(NameKind::kRule, exemplar.rule()));
  }
}

void Totals::Impl::MergeList(std::uint16_t source, const ListTally& from) {
  const std::string list = NameLabel(from.list);
  const std::string ip = from.ip == kOtherLabel ? from.ip : AddressLabel(from.ip);
  ListTotals& to = data_.lists[ListIndex(source, list, ip, true)];
  if (to.list != list) data_.overflow.blocklist += Sum(from.hits) + from.rejections;
  ListCounters::ForEach([this](auto& all, const auto& part) { AddUp(all, part); }, to, from);
}

}  // namespace bouncesight
