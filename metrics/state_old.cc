// State records of versions 1 and 2: their layout, and where their counters go.
//
// They had an outcome "rejected" among the failures. What it counted becomes rejections; which of
// it was temporary is told by the codes of the series by domain, which are dropped for it: the
// families of refusals have no domain. Every other counter stays as it was.
#include <algorithm>
#include <array>
#include <utility>

#include "metrics/counter_codec.h"
#include "metrics/state_parts.h"

namespace bouncesight {
namespace {

constexpr std::size_t kOldOutcomes = 6;  // delivered … expired, rejected, suspended
constexpr std::size_t kOldFailures = 4;  // deferred, bounced, expired, rejected
constexpr std::size_t kOldRejected = 3;  // of the failures
constexpr NameCounts kNoCounts;

using OldFailures = std::array<std::uint64_t, kOldFailures>;

FailureCounts Outbound(const OldFailures& old) { return {old[0], old[1], old[2]}; }

void ReadSources(ByteReader& in, Snapshot& snapshot) {
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    SourceTotals& source = snapshot.sources.emplace_back();
    source.name = ReadLabel(in);
    unique.Add(source.name);
    for (std::uint64_t* count :
         {&source.bytes, &source.counted, &source.excluded, &source.truncated}) {
      *count = in.Number();
    }
    ReadCounter(in, kNoCounts, source.skipped);
  }
}

void ReadInstance(ByteReader& in, const Snapshot& snapshot, InstanceTotals& instance) {
  std::array<std::uint64_t, kOldOutcomes> deliveries{};
  ReadCounter(in, kNoCounts, deliveries);
  for (std::size_t i = 0; i < kOldOutcomes; ++i) {
    const std::size_t index = DeliveryIndex(static_cast<Outcome>(i));
    if (index < kDeliveryOutcomeCount) instance.deliveries[index] = deliveries[i];
  }
  const std::size_t causes = in.Count();
  if (causes > snapshot.causes.size()) return in.Fail();
  for (std::size_t cause = 0; cause < causes; ++cause) {
    OldFailures old{};
    ReadCounter(in, kNoCounts, old);
    instance.failures.Grown(cause) = Outbound(old);
    if (old[kOldRejected] == 0) continue;
    instance.rejections.Grown(cause)[static_cast<std::size_t>(Permanence::kPermanent)] =
        old[kOldRejected];
  }
}

// The refusals of a cause that were temporary, out of all instances, in their order.
void MoveToTemporary(Snapshot& snapshot, std::uint16_t cause, std::uint64_t count) {
  for (InstanceTotals& one : snapshot.instances) {
    if (cause >= one.rejections.size()) continue;
    auto& [temporary, permanent] = one.rejections[cause];
    const std::uint64_t part = std::min(count, permanent);
    temporary += part;
    permanent -= part;
    count -= part;
  }
}

void ReadAllSeries(ByteReader& in, std::uint16_t source, Snapshot& snapshot) {
  FlatMap<SeriesKey> seen, refused;
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    SeriesKey key = ReadKey(in, snapshot);
    key.source = source;
    const std::uint64_t outcome = in.Bounded(kOldFailures - 1);
    FlatMap<SeriesKey>& to = outcome == kOldRejected ? refused : seen;
    key.outcome = outcome == kOldRejected ? 0 : static_cast<std::uint8_t>(outcome);
    if (to.Contains(key)) return in.Fail();
    to[key] = in.Number();
  }
  snapshot.domain_series = seen.entries();
  for (const DomainSeries& one : refused.entries()) {
    if (PermanenceOf(one.key.code, one.key.enhanced, Outcome::kRejected) == Permanence::kTemporary)
      MoveToTemporary(snapshot, one.key.cause, one.count);
  }
}

// A list's refusals of ours are one row, without the clients' addresses.
void ReadLists(ByteReader& in, std::uint16_t source, Snapshot& snapshot) {
  const auto row = [&](const std::string& list, const std::string& ip) -> ListTotals& {
    for (ListTotals& one : snapshot.lists) {
      if (one.list == list && one.ip == ip) return one;
    }
    return snapshot.lists.emplace_back(ListTotals{{}, source, false, list, ip});
  };
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    const std::string list = ReadLabel(in), ip = ReadLabel(in);
    unique.Add(list + ' ' + ip);
    OldFailures hits{};
    ReadCounter(in, kNoCounts, hits);
    const FailureCounts outbound = Outbound(hits);
    if (!IsZero(outbound)) row(list, ip).hits = outbound;
    if (hits[kOldRejected] != 0) row(list, "").rejections += hits[kOldRejected];
  }
}

void ReadRules(ByteReader& in, Snapshot& snapshot) {
  Unique unique(in);
  snapshot.rules = {""};
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    snapshot.rules.push_back(ReadLabel(in));
    unique.Add(snapshot.rules.back());
    if (const std::uint64_t hits = in.Number(); hits != 0) {
      snapshot.rule_hits.Grown(snapshot.rules.size() - 1) = hits;
    }
  }
}

// One list over all MTAs.
template <typename Table>
void ReadHistograms(ByteReader& in, Table& table) {
  const std::size_t columns = table[0].size();
  const std::uint64_t count = in.Bounded(table.size() * columns);
  if (count % columns != 0) return in.Fail();
  for (std::size_t i = 0; i < count; ++i) {
    ReadCounter(in, kNoCounts, table[i / columns][i % columns]);
  }
}

}  // namespace

void ReadOldSnapshot(ByteReader& in, std::uint64_t version, Snapshot& snapshot) {
  snapshot.generation = in.Number();
  snapshot.active_seconds = in.Number();
  snapshot.causes = ReadNames(in);
  snapshot.providers = ReadNames(in);
  ReadDomains(in, snapshot);
  if (!in.ok()) return;
  ReadSources(in, snapshot);
  Unique unique(in);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    InstanceTotals& instance = snapshot.instances.emplace_back();
    ReadInstanceLabels(in, snapshot, instance, unique);
    ReadInstance(in, snapshot, instance);
  }
  const std::uint16_t source = snapshot.sources.size() == 1 ? 0 : kNoSource;
  ReadAllSeries(in, source, snapshot);
  ReadLists(in, source, snapshot);
  ReadRules(in, snapshot);
  ReadHistograms(in, snapshot.delays);
  if (version > 1) ReadHistograms(in, snapshot.steps);
  snapshot.unclassified = in.Number();
  for (std::uint64_t* count : {&snapshot.overflow.domain, &snapshot.overflow.code,
                               &snapshot.overflow.instance, &snapshot.overflow.blocklist}) {
    *count = in.Number();
  }
}

}  // namespace bouncesight
