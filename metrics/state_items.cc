#include "metrics/state_items.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "metrics/state_parts.h"

namespace bouncesight {
namespace {

std::uint16_t ReadSource(ByteReader& in, const Snapshot& snapshot) {
  const std::uint64_t source = in.Bounded(kNoSource);
  if (source != kNoSource && source >= snapshot.sources.size()) in.Fail();
  return static_cast<std::uint16_t>(source);
}

template <typename Items, typename Key>
bool AllDiffer(const Items& items, Key&& key) {
  std::unordered_set<std::string> seen;
  return std::all_of(items.begin(), items.end(),
                     [&](const auto& item) { return seen.insert(key(item)).second; });
}

// Names that a table may hold: their numbers have 16 bits.
bool AreTable(const std::vector<std::string>& names) {
  return !names.empty() && names.size() <= 0xFFFE &&
         AllDiffer(names, [](const std::string& name) { return name; });
}

template <typename Entries, typename Fits>
bool AreSeries(const Entries& entries, Fits&& fits) {
  FlatMap<std::decay_t<decltype(entries.front().key)>> seen;
  for (const auto& one : entries) {
    if (!fits(one.key) || seen.Contains(one.key)) return false;
    seen[one.key] = 1;
  }
  return true;
}

bool AreRowsConsistent(const Snapshot& snapshot) {
  const auto source_fits = [&](std::uint16_t source) { return source < snapshot.sources.size(); };
  return std::all_of(snapshot.instances.begin(), snapshot.instances.end(),
                     [&](const InstanceTotals& one) { return source_fits(one.source); }) &&
         std::all_of(snapshot.lists.begin(), snapshot.lists.end(),
                     [&](const ListTotals& one) {
                       return one.source == kNoSource || source_fits(one.source);
                     }) &&
         AllDiffer(snapshot.sources, [](const SourceTotals& one) { return one.name; }) &&
         AllDiffer(snapshot.instances,
                   [](const InstanceTotals& one) {
                     return std::to_string(one.source) + ' ' +
                            std::to_string(static_cast<int>(one.mta)) + ' ' + one.name;
                   }) &&
         AllDiffer(snapshot.lists, [](const ListTotals& one) {
           return std::to_string(one.source) + ' ' + one.list + ' ' + one.ip;
         });
}

}  // namespace

void WriteItem(ByteWriter& out, const Snapshot&, const std::string& name) { out.String(name); }

void WriteItem(ByteWriter& out, const Snapshot&, const DomainTotals& domain) {
  out.String(domain.name);
  out.Number(domain.last_active);
}

void WriteItem(ByteWriter& out, const Snapshot&, const SourceTotals& source) {
  out.String(source.name);
  WriteCounters<SourceCounters>(out, source);
}

void WriteItem(ByteWriter& out, const Snapshot&, const InstanceTotals& instance) {
  out.Number(instance.source);
  out.Number(static_cast<std::uint64_t>(instance.mta));
  out.String(instance.name);
  WriteCounters<InstanceCounters>(out, instance);
}

void WriteItem(ByteWriter& out, const Snapshot&, const DomainSeries& series) {
  const SeriesKey& key = series.key;
  for (const std::uint64_t number :
       {std::uint64_t{key.domain}, std::uint64_t{key.provider}, std::uint64_t{key.cause},
        std::uint64_t{key.code}, std::uint64_t{key.enhanced.status_class},
        std::uint64_t{key.enhanced.subject}, std::uint64_t{key.enhanced.detail},
        std::uint64_t{key.source}, std::uint64_t{key.outcome}, series.count}) {
    out.Number(number);
  }
}

void WriteItem(ByteWriter& out, const Snapshot&, const DomainDeliveries& deliveries) {
  out.Number(deliveries.key.domain);
  out.Number(deliveries.key.provider);
  out.Number(deliveries.key.outcome);
  out.Number(deliveries.count);
}

void WriteItem(ByteWriter& out, const Snapshot&, const ListTotals& list) {
  out.Number(list.source);
  out.String(list.list);
  out.String(list.ip);
  WriteCounters<ListCounters>(out, list);
}

void ReadItem(ByteReader& in, const Snapshot&, std::string& name) { name = ReadLabel(in); }

void ReadItem(ByteReader& in, const Snapshot& snapshot, DomainTotals& domain) {
  domain.name = ReadLabel(in);
  domain.last_active = in.Bounded(snapshot.active_seconds);
}

void ReadItem(ByteReader& in, const Snapshot& snapshot, SourceTotals& source) {
  source.name = ReadLabel(in);
  ReadCounters<SourceCounters>(in, NameCountsOf(snapshot), source);
}

void ReadItem(ByteReader& in, const Snapshot& snapshot, InstanceTotals& instance) {
  instance.source = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
  instance.mta = static_cast<Mta>(in.Bounded(kMtaCount - 1));
  instance.name = ReadLabel(in);
  ReadCounters<InstanceCounters>(in, NameCountsOf(snapshot), instance);
}

void ReadItem(ByteReader& in, const Snapshot& snapshot, DomainSeries& series) {
  series.key = ReadKey(in, snapshot);
  series.key.source = ReadSource(in, snapshot);
  series.key.outcome = static_cast<std::uint8_t>(in.Bounded(kFailureOutcomeCount - 1));
  series.count = in.Number();
}

void ReadItem(ByteReader& in, const Snapshot& snapshot, DomainDeliveries& deliveries) {
  DomainKey& key = deliveries.key;
  key.domain = static_cast<std::uint32_t>(in.Bounded(snapshot.domains.size() - 1));
  key.provider = static_cast<std::uint16_t>(in.Bounded(snapshot.providers.size() - 1));
  key.outcome = static_cast<std::uint8_t>(in.Bounded(kAttemptOutcomeCount - 1));
  deliveries.count = in.Number();
}

void ReadItem(ByteReader& in, const Snapshot& snapshot, ListTotals& list) {
  list.source = ReadSource(in, snapshot);
  list.list = ReadLabel(in);
  list.ip = ReadLabel(in);
  ReadCounters<ListCounters>(in, NameCountsOf(snapshot), list);
}

bool IsConsistent(const Snapshot& snapshot) {
  const std::size_t domains = snapshot.domains.size();
  if (!AreTable(snapshot.causes) || !AreTable(snapshot.providers) || !AreTable(snapshot.rules) ||
      domains == 0 || snapshot.domains[0].name != kOtherLabel ||
      !AllDiffer(snapshot.domains, [](const DomainTotals& one) { return one.name; }) ||
      !AreRowsConsistent(snapshot)) {
    return false;
  }
  return AreSeries(snapshot.domain_series,
                   [&](const SeriesKey& key) {
                     return key.domain < domains && key.provider < snapshot.providers.size() &&
                            key.cause < snapshot.causes.size() &&
                            (key.source == kNoSource || key.source < snapshot.sources.size());
                   }) &&
         AreSeries(snapshot.domain_deliveries, [&](const DomainKey& key) {
           return key.domain < domains && key.provider < snapshot.providers.size();
         });
}

}  // namespace bouncesight
