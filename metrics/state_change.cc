#include "metrics/state_change.h"

#include <algorithm>
#include <string>

#include "metrics/counter_change.h"
#include "metrics/state_items.h"

namespace bouncesight {
namespace {

constexpr std::uint64_t kChangeVersion = 1;

// A series of the families by domain.
template <typename Item>
concept Series = requires(Item item) {
  item.key;
  item.count;
};

// --- whether two items are the same thing, and whether it was counted meanwhile ---

bool SameItem(const std::string& a, const std::string& b) { return a == b; }
bool SameItem(const DomainTotals& a, const DomainTotals& b) { return a.name == b.name; }
bool SameItem(const SourceTotals& a, const SourceTotals& b) { return a.name == b.name; }
bool SameItem(const InstanceTotals& a, const InstanceTotals& b) {
  return a.source == b.source && a.mta == b.mta && a.name == b.name;
}
bool SameItem(const Series auto& a, const Series auto& b) { return a.key == b.key; }
bool SameItem(const ListTotals& a, const ListTotals& b) {
  return a.source == b.source && a.list == b.list && a.ip == b.ip;
}

bool SameCount(const std::string&, const std::string&) { return true; }
bool SameCount(const DomainTotals& a, const DomainTotals& b) {
  return a.last_active == b.last_active;
}
bool SameCount(const Series auto& a, const Series auto& b) { return a.count == b.count; }
bool SameCount(const SourceCounters& a, const SourceCounters& b) { return a == b; }
bool SameCount(const InstanceCounters& a, const InstanceCounters& b) { return a == b; }
bool SameCount(const ListCounters& a, const ListCounters& b) { return a == b; }

// --- the change of one item ---

void WriteItemChange(ByteWriter&, const Snapshot&, const std::string&, const std::string&) {}
void WriteItemChange(ByteWriter& out, const Snapshot& now, const DomainTotals&,
                     const DomainTotals& after) {
  out.Number(now.active_seconds - after.last_active);  // most often 0
}
void WriteItemChange(ByteWriter& out, const Snapshot&, const Series auto& before,
                     const Series auto& after) {
  WriteChange(out, before.count, after.count);
}
void WriteItemChange(ByteWriter& out, const Snapshot&, const SourceCounters& before,
                     const SourceCounters& after) {
  WriteCounterChanges(out, before, after);
}
void WriteItemChange(ByteWriter& out, const Snapshot&, const InstanceCounters& before,
                     const InstanceCounters& after) {
  WriteCounterChanges(out, before, after);
}
void WriteItemChange(ByteWriter& out, const Snapshot&, const ListCounters& before,
                     const ListCounters& after) {
  WriteCounterChanges(out, before, after);
}

void ReadItemChange(ByteReader& in, const Snapshot&, std::string&) { in.Fail(); }
void ReadItemChange(ByteReader& in, const Snapshot& now, DomainTotals& domain) {
  domain.last_active = now.active_seconds - in.Bounded(now.active_seconds);
}
void ReadItemChange(ByteReader& in, const Snapshot&, Series auto& entry) {
  entry.count += in.Number();
}
void ReadItemChange(ByteReader& in, const Snapshot& now, SourceCounters& counters) {
  ReadCounterChanges(in, NameCountsOf(now), counters);
}
void ReadItemChange(ByteReader& in, const Snapshot& now, InstanceCounters& counters) {
  ReadCounterChanges(in, NameCountsOf(now), counters);
}
void ReadItemChange(ByteReader& in, const Snapshot& now, ListCounters& counters) {
  ReadCounterChanges(in, NameCountsOf(now), counters);
}

// --- a list: how many items stay, which of them changed, and what comes behind them ---

template <typename List>
void WriteListChange(ByteWriter& out, const Snapshot& now, const List& before, const List& after) {
  const auto same = [](const auto& a, const auto& b) { return SameItem(a, b); };
  const auto end = std::mismatch(before.begin(), before.end(), after.begin(), after.end(), same);
  const auto kept = static_cast<std::size_t>(end.second - after.begin());
  out.Number(kept);
  WriteChanged(
      out, kept, [&](std::size_t i) { return !SameCount(before[i], after[i]); },
      [&](std::size_t i) { WriteItemChange(out, now, before[i], after[i]); });
  out.Number(after.size() - kept);
  for (std::size_t i = kept; i < after.size(); ++i) WriteItem(out, now, after[i]);
}

template <typename List>
void ReadListChange(ByteReader& in, const Snapshot& now, List& list) {
  const auto kept = static_cast<std::size_t>(in.Bounded(list.size()));
  list.resize(kept);
  ReadChanged(in, kept, [&](std::size_t i) { ReadItemChange(in, now, list[i]); });
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) ReadItem(in, now, list.emplace_back());
}

// --- blobs: positions differ from the ones before in a few bytes ---

const StateBlob* Find(const std::vector<StateBlob>& blobs, const std::string& key) {
  const auto found = std::find_if(blobs.begin(), blobs.end(),
                                  [&](const StateBlob& blob) { return blob.key == key; });
  return found == blobs.end() ? nullptr : &*found;
}

void WriteSplice(ByteWriter& out, std::string_view before, std::string_view after) {
  const auto front = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const auto prefix = static_cast<std::size_t>(front.first - before.begin());
  const auto back =
      std::mismatch(before.rbegin(), before.rend() - static_cast<std::ptrdiff_t>(prefix),
                    after.rbegin(), after.rend() - static_cast<std::ptrdiff_t>(prefix));
  const auto suffix = static_cast<std::size_t>(back.first - before.rbegin());
  out.Number(prefix);
  out.Number(suffix);
  out.String(after.substr(prefix, after.size() - prefix - suffix));
}

void ReadSplice(ByteReader& in, std::string& bytes) {
  const auto prefix = static_cast<std::size_t>(in.Bounded(bytes.size()));
  const auto suffix = static_cast<std::size_t>(in.Bounded(bytes.size() - prefix));
  bytes.replace(prefix, bytes.size() - prefix - suffix, in.String());
}

void WriteKeys(ByteWriter& out, const std::vector<std::string>& keys) {
  out.Number(keys.size());
  for (const std::string& key : keys) out.String(key);
}

template <typename Keyed>
void DropKeys(ByteReader& in, std::vector<Keyed>& all) {
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    std::erase_if(all, [key = in.String()](const Keyed& one) { return one.key == key; });
  }
}

template <typename Keyed>
Keyed& At(std::vector<Keyed>& all, std::string_view key) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](auto& one) { return one.key == key; });
  if (found != all.end()) return *found;
  all.push_back({std::string(key), {}});
  return all.back();
}

void WriteBlobChanges(ByteWriter& out, const std::vector<StateBlob>& before,
                      const std::vector<StateBlob>& after) {
  std::vector<std::string> gone;
  for (const StateBlob& blob : before) {
    if (!Find(after, blob.key)) gone.push_back(blob.key);
  }
  WriteKeys(out, gone);
  const auto was = [&](const StateBlob& blob) { return Find(before, blob.key); };
  const auto differs = [&](const StateBlob& blob) { return !was(blob) || *was(blob) != blob; };
  out.Number(static_cast<std::uint64_t>(std::count_if(after.begin(), after.end(), differs)));
  for (const StateBlob& blob : after) {
    if (!differs(blob)) continue;
    out.String(blob.key);
    WriteSplice(out, was(blob) ? std::string_view(was(blob)->bytes) : "", blob.bytes);
  }
}

void ReadTableChanges(ByteReader& in, std::vector<StateTable>& tables) {
  DropKeys(in, tables);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    StateTable& table = At(tables, in.String());
    if (in.Bounded(1) == 1) table.pieces.clear();
    for (std::size_t j = in.Count(); j > 0 && in.ok(); --j) table.pieces.emplace_back(in.String());
  }
}

}  // namespace

std::string EncodeChange(const StateView& before, const StateView& after,
                         const std::vector<TableChange>& tables,
                         const std::vector<std::string>& gone) {
  ByteWriter out;
  const Snapshot& now = after.snapshot;
  out.Number(kChangeVersion);
  out.Number(now.generation);
  out.Number(now.active_seconds);
  ForEachList([&](const auto& was, const auto& is) { WriteListChange(out, now, was, is); },
              before.snapshot, now);
  WriteCounterChanges<LogCounters>(out, before.snapshot, now);
  WriteBlobChanges(out, before.blobs, after.blobs);
  WriteKeys(out, gone);
  out.Number(tables.size());
  for (const TableChange& table : tables) {
    out.String(table.key);
    out.Number(table.whole ? 1 : 0);
    WriteKeys(out, table.pieces);
  }
  return out.Take();
}

Status ApplyChange(std::string_view bytes, StateRecord& record) {
  ByteReader in(bytes);
  const std::uint64_t version = in.Number();
  if (in.ok() && version != kChangeVersion) {
    return Error{"a change in the state has version " + std::to_string(version) +
                 ", this program reads version " + std::to_string(kChangeVersion) +
                 "; run the program that wrote it, or remove the state"};
  }
  Snapshot& snapshot = record.snapshot;
  snapshot.generation = in.Number();
  snapshot.active_seconds = in.Number();
  ForEachList([&](auto& list) { ReadListChange(in, snapshot, list); }, snapshot);
  ReadCounterChanges<LogCounters>(in, NameCountsOf(snapshot), snapshot);
  DropKeys(in, record.blobs);
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    ReadSplice(in, At(record.blobs, in.String()).bytes);
  }
  ReadTableChanges(in, record.tables);
  if (in.ok() && in.at_end()) return Ok{};
  return Error{"a change in the state is damaged; remove the state to start from zero"};
}

Result<StateRecord> DecodeState(std::string_view record, const std::vector<std::string>& changes) {
  auto state = DecodeState(record);
  if (!state || changes.empty()) return state;
  for (const std::string& change : changes) {
    if (Status status = ApplyChange(change, *state); !status) return status.error();
  }
  // What a snapshot may hold is what its reader takes.
  if (DecodeState(EncodeState(state->snapshot, {}))) return state;
  return Error{"the state makes no sense with its changes; remove it to start from zero"};
}

}  // namespace bouncesight
