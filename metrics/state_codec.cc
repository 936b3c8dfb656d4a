#include "metrics/state_codec.h"

#include <string>

#include "metrics/counter_codec.h"
#include "metrics/state_parts.h"

namespace bouncesight {
namespace {

constexpr std::string_view kMagic = "bouncesight state";
constexpr std::uint64_t kVersion = 3;
constexpr std::uint64_t kOldest = 1;

void WriteKey(ByteWriter& out, const SeriesKey& key) {
  out.Number(key.domain);
  out.Number(key.provider);
  out.Number(key.cause);
  out.Number(key.code);
  out.Number(key.enhanced.status_class);
  out.Number(key.enhanced.subject);
  out.Number(key.enhanced.detail);
  out.Number(key.source);
  out.Number(key.outcome);
}

template <typename List, typename Write>
void WriteList(ByteWriter& out, const List& list, Write&& write) {
  out.Number(list.size());
  for (const auto& one : list) write(one);
}

void WriteSnapshot(ByteWriter& out, const Snapshot& snapshot) {
  out.Number(snapshot.generation);
  out.Number(snapshot.active_seconds);
  for (const auto* names : {&snapshot.causes, &snapshot.providers, &snapshot.rules}) {
    WriteList(out, *names, [&](const std::string& name) { out.String(name); });
  }
  WriteList(out, snapshot.domains, [&](const DomainTotals& domain) {
    out.String(domain.name);
    out.Number(domain.last_active);
  });
  WriteList(out, snapshot.sources, [&](const SourceTotals& one) {
    out.String(one.name);
    WriteCounters<SourceCounters>(out, one);
  });
  WriteList(out, snapshot.instances, [&](const InstanceTotals& one) {
    out.Number(one.source);
    out.Number(static_cast<std::uint64_t>(one.mta));
    out.String(one.name);
    WriteCounters<InstanceCounters>(out, one);
  });
  WriteList(out, snapshot.domain_series, [&](const DomainSeries& one) {
    WriteKey(out, one.key);
    out.Number(one.count);
  });
  WriteList(out, snapshot.domain_deliveries, [&](const DomainDeliveries& one) {
    out.Number(one.key.domain);
    out.Number(one.key.provider);
    out.Number(one.key.outcome);
    out.Number(one.count);
  });
  WriteList(out, snapshot.lists, [&](const ListTotals& one) {
    out.Number(one.source);
    out.String(one.list);
    out.String(one.ip);
    WriteCounters<ListCounters>(out, one);
  });
  WriteCounters<LogCounters>(out, snapshot);
}

std::uint16_t ReadSource(ByteReader& in, const Snapshot& snapshot) {
  const std::uint64_t source = in.Bounded(kNoSource);
  if (source != kNoSource && source >= snapshot.sources.size()) in.Fail();
  return static_cast<std::uint16_t>(source);
}

void ReadSources(ByteReader& in, const NameCounts& names, Snapshot& snapshot) {
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    SourceTotals& source = snapshot.sources.emplace_back();
    source.name = ReadLabel(in);
    unique.Add(source.name);
    ReadCounters<SourceCounters>(in, names, source);
  }
}

void ReadInstances(ByteReader& in, const NameCounts& names, Snapshot& snapshot) {
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    InstanceTotals& instance = snapshot.instances.emplace_back();
    ReadInstanceLabels(in, snapshot, instance, unique);
    ReadCounters<InstanceCounters>(in, names, instance);
  }
}

void ReadDomainFailures(ByteReader& in, Snapshot& snapshot) {
  FlatMap<SeriesKey> seen;
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    SeriesKey key = ReadKey(in, snapshot);
    key.source = ReadSource(in, snapshot);
    key.outcome = static_cast<std::uint8_t>(in.Bounded(kFailureOutcomeCount - 1));
    if (seen.Contains(key)) return in.Fail();
    seen[key] = in.Number();
  }
  snapshot.domain_series = seen.entries();
}

void ReadDomainDeliveries(ByteReader& in, Snapshot& snapshot) {
  FlatMap<DomainKey> seen;
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    DomainKey key;
    key.domain = static_cast<std::uint32_t>(in.Bounded(snapshot.domains.size() - 1));
    key.provider = static_cast<std::uint16_t>(in.Bounded(snapshot.providers.size() - 1));
    key.outcome = static_cast<std::uint8_t>(in.Bounded(kAttemptOutcomeCount - 1));
    if (seen.Contains(key)) return in.Fail();
    seen[key] = in.Number();
  }
  snapshot.domain_deliveries = seen.entries();
}

void ReadLists(ByteReader& in, const NameCounts& names, Snapshot& snapshot) {
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    ListTotals& one = snapshot.lists.emplace_back();
    one.source = ReadSource(in, snapshot);
    one.list = ReadLabel(in);
    one.ip = ReadLabel(in);
    unique.Add(std::to_string(one.source) + ' ' + one.list + ' ' + one.ip);
    ReadCounters<ListCounters>(in, names, one);
  }
}

void ReadSnapshot(ByteReader& in, Snapshot& snapshot) {
  snapshot.generation = in.Number();
  snapshot.active_seconds = in.Number();
  snapshot.causes = ReadNames(in);
  snapshot.providers = ReadNames(in);
  snapshot.rules = ReadNames(in);
  ReadDomains(in, snapshot);
  if (!in.ok()) return;
  const NameCounts names{snapshot.causes.size(), snapshot.providers.size(), snapshot.rules.size()};
  ReadSources(in, names, snapshot);
  ReadInstances(in, names, snapshot);
  ReadDomainFailures(in, snapshot);
  ReadDomainDeliveries(in, snapshot);
  ReadLists(in, names, snapshot);
  ReadCounters<LogCounters>(in, names, snapshot);
}

}  // namespace

std::string EncodeState(const Snapshot& snapshot, const std::vector<StateBlob>& blobs) {
  ByteWriter out;
  out.Raw(kMagic);
  out.Number(kVersion);
  WriteSnapshot(out, snapshot);
  WriteList(out, blobs, [&](const StateBlob& blob) {
    out.String(blob.key);
    out.String(blob.bytes);
  });
  return out.Take();
}

Result<StateRecord> DecodeState(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.Raw(kMagic.size()) != kMagic) {
    return Error{"the state record is none of bouncesight's; remove it to start from zero"};
  }
  const std::uint64_t version = in.Number();
  if (in.ok() && (version < kOldest || version > kVersion)) {
    return Error{"the state record has version " + std::to_string(version) +
                 ", this program reads up to " + std::to_string(kVersion) +
                 "; run the program that wrote it, or remove it"};
  }
  StateRecord record;
  if (version < kVersion) {
    ReadOldSnapshot(in, version, record.snapshot);
  } else {
    ReadSnapshot(in, record.snapshot);
  }
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    StateBlob& blob = record.blobs.emplace_back();
    blob.key = in.String();
    blob.bytes = in.String();
  }
  if (!in.ok() || !in.at_end()) {
    return Error{"the state record is damaged; remove it to start from zero"};
  }
  return record;
}

}  // namespace bouncesight
