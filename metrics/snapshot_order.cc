#include "metrics/snapshot_order.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

namespace bouncesight {
namespace {

// Sorts the sources, and gives each one's new number by its old one.
std::vector<std::uint16_t> SortSources(Snapshot& snapshot) {
  const std::vector<SourceTotals> before = snapshot.sources;
  std::vector<std::uint16_t> order(before.size());
  std::iota(order.begin(), order.end(), std::uint16_t{0});
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return before[a].name < before[b].name; });
  std::vector<std::uint16_t> numbers(before.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    snapshot.sources[i] = before[order[i]];
    numbers[order[i]] = static_cast<std::uint16_t>(i);
  }
  return numbers;
}

template <typename Rows, typename Key>
void SortBy(Rows& rows, Key key) {
  std::sort(rows.begin(), rows.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

}  // namespace

Snapshot Ordered(const Snapshot& snapshot) {
  Snapshot sorted = snapshot;
  const std::vector<std::uint16_t> numbers = SortSources(sorted);
  const auto renumber = [&](std::uint16_t& source) {
    if (source < numbers.size()) source = numbers[source];
  };
  for (InstanceTotals& one : sorted.instances) renumber(one.source);
  for (DomainSeries& one : sorted.domain_series) renumber(one.key.source);
  for (ListTotals& one : sorted.lists) renumber(one.source);
  SortBy(sorted.instances, [](const InstanceTotals& one) {
    return std::tuple(one.source, one.mta, std::string_view(one.name));
  });
  SortBy(sorted.domain_series, [&](const DomainSeries& one) {
    const SeriesKey& key = one.key;
    const EnhancedCode& code = key.enhanced;
    return std::tuple(std::string_view(sorted.domains[key.domain].name), key.source,
                      std::string_view(sorted.providers[key.provider]),
                      std::string_view(sorted.causes[key.cause]), key.outcome, key.code,
                      code.status_class, code.subject, code.detail);
  });
  SortBy(sorted.domain_deliveries, [&](const DomainDeliveries& one) {
    return std::tuple(std::string_view(sorted.domains[one.key.domain].name),
                      std::string_view(sorted.providers[one.key.provider]), one.key.outcome);
  });
  SortBy(sorted.lists, [](const ListTotals& one) {
    return std::tuple(one.source, std::string_view(one.list), std::string_view(one.ip));
  });
  return sorted;
}

}  // namespace bouncesight
