#include "metrics/state_codec.h"

#include <string>
#include <unordered_set>
#include <utility>

#include "metrics/byte_codec.h"
#include "metrics/label.h"

namespace bouncesight {
namespace {

constexpr std::string_view kMagic = "bouncesight state";
constexpr std::uint64_t kVersion = 2;
constexpr std::uint64_t kOldest = 1;  // without the steps of delays

template <typename Array>
void WriteArray(ByteWriter& out, const Array& counts) {
  out.Number(counts.size());
  for (const std::uint64_t count : counts) out.Number(count);
}

// A record of an older program may have fewer entries (a skip reason, a log format that came
// later).
template <typename Array>
void ReadArray(ByteReader& in, Array& counts) {
  const std::size_t size = static_cast<std::size_t>(in.Bounded(counts.size()));
  for (std::size_t i = 0; i < size; ++i) counts[i] = in.Number();
}

void WriteSource(ByteWriter& out, const SourceTotals& source) {
  out.String(source.name);
  out.Number(source.bytes);
  out.Number(source.counted);
  out.Number(source.excluded);
  out.Number(source.truncated);
  WriteArray(out, source.skipped);
}

void WriteInstance(ByteWriter& out, const InstanceTotals& instance) {
  out.Number(instance.source);
  out.Number(static_cast<std::uint64_t>(instance.mta));
  out.String(instance.name);
  WriteArray(out, instance.deliveries);
  out.Number(instance.failures.size());
  for (const auto& cause : instance.failures) WriteArray(out, cause);
}

void WriteSeries(ByteWriter& out, const DomainSeries& series) {
  const SeriesKey& key = series.key;
  out.Number(key.domain);
  out.Number(key.provider);
  out.Number(key.cause);
  out.Number(key.code);
  out.Number(key.enhanced.status_class);
  out.Number(key.enhanced.subject);
  out.Number(key.enhanced.detail);
  out.Number(key.outcome);
  out.Number(series.count);
}

// [mta][column]
template <std::size_t columns>
using HistogramTable = std::array<std::array<DelayHistogram, columns>, kMtaCount>;

template <std::size_t columns>
void WriteHistograms(ByteWriter& out, const HistogramTable<columns>& table) {
  out.Number(kMtaCount * columns);
  for (const auto& mta : table) {
    for (const DelayHistogram& one : mta) {
      WriteArray(out, one.buckets);
      out.Number(one.sum_milliseconds);
    }
  }
}

template <typename List, typename Write>
void WriteList(ByteWriter& out, const List& list, Write&& write) {
  out.Number(list.size());
  for (const auto& one : list) write(one);
}

// What must not occur twice: two series with the same labels spoil a whole scrape.
class Unique {
 public:
  explicit Unique(ByteReader& in) : in_(in) {}
  void Add(std::string key) {
    if (!seen_.insert(std::move(key)).second) in_.Fail();
  }

 private:
  ByteReader& in_;
  std::unordered_set<std::string> seen_;
};

std::string ReadLabel(ByteReader& in) {
  const std::string_view name = in.String();
  if (!IsLabel(name)) in.Fail();
  return std::string(name);
}

std::vector<std::string> ReadNames(ByteReader& in) {
  Unique unique(in);
  std::vector<std::string> names;
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    names.push_back(ReadLabel(in));
    unique.Add(names.back());
  }
  if (names.size() > 0xFFFE) in.Fail();  // their numbers have 16 bits
  return names;
}

void ReadSources(ByteReader& in, Snapshot& snapshot) {
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    SourceTotals& source = snapshot.sources.emplace_back();
    source.name = ReadLabel(in);
    unique.Add(source.name);
    source.bytes = in.Number();
    source.counted = in.Number();
    source.excluded = in.Number();
    source.truncated = in.Number();
    ReadArray(in, source.skipped);
  }
}

void ReadInstances(ByteReader& in, Snapshot& snapshot) {
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    InstanceTotals& instance = snapshot.instances.emplace_back();
    instance.source = static_cast<std::uint16_t>(in.Number());
    if (instance.source >= snapshot.sources.size()) in.Fail();
    instance.mta = static_cast<Mta>(in.Bounded(kMtaCount - 1));
    instance.name = ReadLabel(in);
    unique.Add(std::to_string(instance.source) + ' ' +
               std::to_string(static_cast<int>(instance.mta)) + ' ' + instance.name);
    ReadArray(in, instance.deliveries);
    const std::size_t causes = in.Count();
    if (causes > snapshot.causes.size()) return in.Fail();
    instance.failures.resize(causes);
    for (auto& cause : instance.failures) ReadArray(in, cause);
  }
}

void ReadDomains(ByteReader& in, Snapshot& snapshot) {
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    DomainTotals& domain = snapshot.domains.emplace_back();
    domain.name = ReadLabel(in);
    unique.Add(domain.name);
    domain.last_active = in.Bounded(snapshot.active_seconds);
  }
  if (snapshot.domains.empty() || snapshot.domains[0].name != kOtherLabel) in.Fail();
}

SeriesKey ReadKey(ByteReader& in, const Snapshot& snapshot) {
  constexpr std::uint64_t k16Bits = 0xFFFF;
  SeriesKey key;
  key.domain = static_cast<std::uint32_t>(in.Bounded(snapshot.domains.size() - 1));
  key.provider = static_cast<std::uint16_t>(in.Bounded(snapshot.providers.size() - 1));
  key.cause = static_cast<std::uint16_t>(in.Bounded(snapshot.causes.size() - 1));
  key.code = static_cast<std::uint16_t>(in.Bounded(k16Bits));
  key.enhanced.status_class = static_cast<std::uint8_t>(in.Bounded(0xFF));
  key.enhanced.subject = static_cast<std::uint16_t>(in.Bounded(k16Bits));
  key.enhanced.detail = static_cast<std::uint16_t>(in.Bounded(k16Bits));
  key.outcome = static_cast<std::uint8_t>(in.Bounded(kFailureOutcomeCount - 1));
  return key;
}

void ReadAllSeries(ByteReader& in, Snapshot& snapshot) {
  FlatMap<SeriesKey> seen;
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    const SeriesKey key = ReadKey(in, snapshot);
    if (seen.Contains(key)) return in.Fail();
    seen[key] = in.Number();
  }
  snapshot.domain_series = seen.entries();
}

void ReadBlocklists(ByteReader& in, Snapshot& snapshot) {
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    BlocklistTotals& one = snapshot.blocklists.emplace_back();
    one.list = ReadLabel(in);
    one.ip = ReadLabel(in);
    unique.Add(one.list + ' ' + one.ip);
    ReadArray(in, one.hits);
  }
}

void ReadRules(ByteReader& in, Snapshot& snapshot) {
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    RuleTotals& one = snapshot.rules.emplace_back();
    one.rule = ReadLabel(in);
    one.hits = in.Number();
    unique.Add(one.rule);
  }
}

template <std::size_t columns>
void ReadHistograms(ByteReader& in, HistogramTable<columns>& table) {
  const std::uint64_t count = in.Bounded(kMtaCount * columns);
  if (count % columns != 0) return in.Fail();
  for (std::size_t i = 0; i < count; ++i) {
    DelayHistogram& one = table[i / columns][i % columns];
    ReadArray(in, one.buckets);
    one.sum_milliseconds = in.Number();
  }
}

void ReadSnapshot(ByteReader& in, std::uint64_t version, Snapshot& snapshot) {
  snapshot.generation = in.Number();
  snapshot.active_seconds = in.Number();
  snapshot.causes = ReadNames(in);
  snapshot.providers = ReadNames(in);
  if (snapshot.causes.empty() || snapshot.providers.empty()) return in.Fail();
  ReadDomains(in, snapshot);
  if (!in.ok()) return;
  ReadSources(in, snapshot);
  ReadInstances(in, snapshot);
  ReadAllSeries(in, snapshot);
  ReadBlocklists(in, snapshot);
  ReadRules(in, snapshot);
  ReadHistograms<kFinalOutcomeCount>(in, snapshot.delays);
  if (version > 1) ReadHistograms<kDelayStepCount>(in, snapshot.steps);
  snapshot.unclassified = in.Number();
  for (std::uint64_t* count : {&snapshot.overflow.domain, &snapshot.overflow.code,
                               &snapshot.overflow.instance, &snapshot.overflow.blocklist}) {
    *count = in.Number();
  }
}

}  // namespace

std::string EncodeState(const Snapshot& snapshot, const std::vector<StateBlob>& blobs) {
  ByteWriter out;
  out.Raw(kMagic);
  out.Number(kVersion);
  out.Number(snapshot.generation);
  out.Number(snapshot.active_seconds);
  WriteList(out, snapshot.causes, [&](const std::string& name) { out.String(name); });
  WriteList(out, snapshot.providers, [&](const std::string& name) { out.String(name); });
  WriteList(out, snapshot.domains, [&](const DomainTotals& domain) {
    out.String(domain.name);
    out.Number(domain.last_active);
  });
  WriteList(out, snapshot.sources, [&](const SourceTotals& one) { WriteSource(out, one); });
  WriteList(out, snapshot.instances, [&](const InstanceTotals& one) { WriteInstance(out, one); });
  WriteList(out, snapshot.domain_series, [&](const DomainSeries& one) { WriteSeries(out, one); });
  WriteList(out, snapshot.blocklists, [&](const BlocklistTotals& one) {
    out.String(one.list);
    out.String(one.ip);
    WriteArray(out, one.hits);
  });
  WriteList(out, snapshot.rules, [&](const RuleTotals& one) {
    out.String(one.rule);
    out.Number(one.hits);
  });
  WriteHistograms<kFinalOutcomeCount>(out, snapshot.delays);
  WriteHistograms<kDelayStepCount>(out, snapshot.steps);
  out.Number(snapshot.unclassified);
  out.Number(snapshot.overflow.domain);
  out.Number(snapshot.overflow.code);
  out.Number(snapshot.overflow.instance);
  out.Number(snapshot.overflow.blocklist);
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
  ReadSnapshot(in, version, record.snapshot);
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
