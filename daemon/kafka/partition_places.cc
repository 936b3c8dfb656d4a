#include "daemon/kafka/partition_places.h"

#include <algorithm>

#include "parsers/text/hash.h"

namespace bouncesight {

std::uint64_t RecordMark(std::int64_t timestamp_ms, std::string_view payload) {
  constexpr std::size_t kEnd = 32;
  const std::string_view head = payload.substr(0, kEnd);
  const std::string_view tail = payload.substr(payload.size() - std::min(kEnd, payload.size()));
  Fnv1a hash;
  hash.Add(head);
  hash.Add(tail);
  const auto time = static_cast<std::uint64_t>(timestamp_ms);
  const std::uint64_t mark = MixBits(hash.value() ^ MixBits(time ^ (payload.size() << 44U)));
  return mark == 0 ? 1 : mark;
}

void PartitionPlaces::Restore(const std::vector<PartitionPlace>& places, std::int32_t known,
                              Counts counts) {
  entries_.clear();
  entries_.reserve(places.size());
  for (const PartitionPlace& place : places) {
    entries_.push_back({place, place.next >= 0 ? Phase::kVerify : Phase::kFirst});
  }
  known_ = known;
  counts_ = counts;
}

bool PartitionPlaces::SetPartitions(std::int32_t count, const std::vector<std::int32_t>& ours) {
  bool changed = false;
  for (Entry& entry : entries_) {
    const bool now = std::ranges::find(ours, entry.place.partition) != ours.end();
    changed = changed || (now && !entry.ours);
    entry.ours = now;
  }
  for (const std::int32_t partition : ours) {
    if (Find(partition) != nullptr) continue;
    Entry& entry = Of(partition);
    entry.ours = changed = true;
    entry.from_start = known_ > 0 && partition >= known_;
  }
  known_ = std::max(known_, count);
  return changed;
}

void PartitionPlaces::Doubt() {
  for (Entry& entry : entries_) {
    if (entry.phase == Phase::kReading) entry.phase = Phase::kVerify;
  }
}

std::vector<PartitionPlaces::Beginning> PartitionPlaces::Beginnings() const {
  std::vector<Beginning> beginnings;
  beginnings.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    if (entry.ours) beginnings.push_back({entry.place.partition, BeginningOf(entry)});
  }
  return beginnings;
}

std::int64_t PartitionPlaces::BeginningOf(const Entry& entry) const {
  switch (entry.phase) {
    case Phase::kFirst:
      return entry.from_start || start_ == FirstSight::kBeginning ? kOldestOffset : kEndOffset;
    case Phase::kVerify:
      return entry.place.next - (entry.place.next > 0 && entry.place.mark != 0 ? 1 : 0);
    case Phase::kReading:
      return entry.place.next;
    case Phase::kOldest:
      break;
  }
  return kOldestOffset;
}

PartitionPlaces::Verdict PartitionPlaces::OnRecord(std::int32_t partition, std::int64_t offset,
                                                   std::uint64_t mark) {
  Entry& entry = Of(partition);
  const std::int64_t next = entry.place.next;
  if (entry.phase == Phase::kVerify && offset < next) {
    if (offset == next - 1 && mark == entry.place.mark) {
      entry.phase = Phase::kReading;
      return Verdict::kDrop;
    }
    return BeginAtOldest(entry, true);
  }
  if (entry.phase == Phase::kReading && offset < next) return Verdict::kDrop;
  Arrive(entry, offset);
  return Verdict::kTake;
}

void PartitionPlaces::Counted(std::int32_t partition, std::int64_t offset, std::uint64_t mark) {
  Entry& entry = Of(partition);
  entry.place.next = offset + 1;
  entry.place.mark = mark;
}

PartitionPlaces::Verdict PartitionPlaces::OnEnd(std::int32_t partition, std::int64_t offset) {
  Entry& entry = Of(partition);
  if (entry.phase == Phase::kVerify && offset < entry.place.next) return BeginAtOldest(entry, true);
  Arrive(entry, offset);
  entry.ended = true;
  return Verdict::kTake;
}

PartitionPlaces::Verdict PartitionPlaces::OnOutOfRange(std::int32_t partition) {
  Entry& entry = Of(partition);
  if (entry.phase == Phase::kFirst || entry.phase == Phase::kOldest) return Verdict::kAssign;
  return BeginAtOldest(entry, false);
}

PartitionPlaces::Verdict PartitionPlaces::BeginAtOldest(Entry& entry, bool renewed) {
  entry.phase = Phase::kOldest;
  entry.renewed = renewed;
  return Verdict::kAssign;
}

// Reading has come to `offset`, the first thing that there is at or after the place.
void PartitionPlaces::Arrive(Entry& entry, std::int64_t offset) {
  std::int64_t& next = entry.place.next;
  if (entry.phase == Phase::kOldest) {
    if (entry.renewed || offset < next) {
      ++counts_.gaps;
    } else {
      counts_.lost_records += static_cast<std::uint64_t>(offset - next);
    }
  }
  const bool moves = entry.phase == Phase::kFirst || entry.phase == Phase::kOldest;
  if (moves) {
    next = offset;
    entry.place.mark = 0;
  }
  entry.phase = Phase::kReading;
  entry.renewed = false;
}

bool PartitionPlaces::at_ends() const {
  return std::ranges::all_of(entries_,
                             [](const Entry& entry) { return !entry.ours || entry.ended; });
}

std::vector<PartitionPlace> PartitionPlaces::places() const {
  std::vector<PartitionPlace> places;
  places.reserve(entries_.size());
  for (const Entry& entry : entries_) places.push_back(entry.place);
  return places;
}

std::optional<std::int64_t> PartitionPlaces::Next(std::int32_t partition) const {
  const Entry* entry = Find(partition);
  if (entry == nullptr || !entry->ours || entry->place.next < 0) return std::nullopt;
  return entry->place.next;
}

std::vector<std::int32_t> PartitionPlaces::ours() const {
  std::vector<std::int32_t> ours;
  ours.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    if (entry.ours) ours.push_back(entry.place.partition);
  }
  return ours;
}

PartitionPlaces::Entry& PartitionPlaces::Of(std::int32_t partition) {
  const auto found = std::ranges::find_if(
      entries_, [&](const Entry& entry) { return entry.place.partition == partition; });
  if (found != entries_.end()) return *found;
  entries_.push_back({});
  entries_.back().place.partition = partition;
  return entries_.back();
}

const PartitionPlaces::Entry* PartitionPlaces::Find(std::int32_t partition) const {
  const auto found = std::ranges::find_if(
      entries_, [&](const Entry& entry) { return entry.place.partition == partition; });
  return found == entries_.end() ? nullptr : &*found;
}

}  // namespace bouncesight
