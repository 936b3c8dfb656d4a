// Where a source stands in each partition of its topic, and what follows from what comes: whether a
// record is to be counted, and when reading must begin elsewhere. No client and no broker in here.
//
// Offsets alone do not tell whether a topic is still the one that was read: it may have been
// deleted and made again, and grown past our place meanwhile. So a place remembers a mark of its
// last record, reading begins at that very record, and it must be the same. Where it is not, the
// topic is another one, and is read from its oldest record on. So it is looked at after a start,
// and when the topic was seen missing; not while it is read without a break.
//
//   kFirst    nothing of the partition was read yet
//   kVerify   begins at the last record that was counted, to see whether it is still there
//   kReading  goes on
//   kOldest   the place is gone: begins at the oldest record that is left
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"

namespace bouncesight {

struct PartitionPlace {
  std::int32_t partition = 0;
  std::int64_t next = -1;  // the offset after the last record that was counted; -1: none was
  std::uint64_t mark = 0;  // of that record (RecordMark); 0: not known

  friend bool operator==(const PartitionPlace&, const PartitionPlace&) = default;
};

// What is known again of a record: made of its time and of some bytes at both ends. Never 0.
std::uint64_t RecordMark(std::int64_t timestamp_ms, std::string_view payload);

// One thread. Partitions are few; look-ups are by number.
class PartitionPlaces {
 public:
  // Where Kafka's own names stand for an offset.
  static constexpr std::int64_t kOldestOffset = -2;
  static constexpr std::int64_t kEndOffset = -1;

  struct Counts {
    std::uint64_t lost_records = 0;
    // Topics that were deleted and made again, and what could not be unpacked: nobody knows of how
    // many records.
    std::uint64_t gaps = 0;

    friend bool operator==(const Counts&, const Counts&) = default;
  };

  enum class Verdict : std::uint8_t {
    kTake,    // to be counted; then call Counted
    kDrop,    // was counted before
    kAssign,  // not this one: reading must begin anew where Beginnings() says
  };

  explicit PartitionPlaces(FirstSight start) : start_(start) {}

  // Before anything else: what an earlier life knew. `known`: how many partitions the topic had.
  void Restore(const std::vector<PartitionPlace>& places, std::int32_t known, Counts counts);

  // The topic has `count` partitions, of which these are ours. True: there are new ones of ours, so
  // that all must be assigned anew. A partition by which the topic has grown since it was seen
  // first is read from its start, others as `start` says.
  bool SetPartitions(std::int32_t count, const std::vector<std::int32_t>& ours);
  // The topic was away: all is looked at before it goes on. Assign anew.
  void Doubt();

  struct Beginning {
    std::int32_t partition;
    std::int64_t offset;  // or kOldestOffset, kEndOffset
    friend bool operator==(const Beginning&, const Beginning&) = default;
  };
  std::vector<Beginning> Beginnings() const;  // of ours

  // What stands there cannot be read, and reading goes on behind it.
  void OnUnreadable() { ++counts_.gaps; }
  Verdict OnRecord(std::int32_t partition, std::int64_t offset, std::uint64_t mark);
  // After kTake, when all its lines are counted.
  void Counted(std::int32_t partition, std::int64_t offset, std::uint64_t mark);
  // Nothing stands at `offset` yet. kTake: well.
  Verdict OnEnd(std::int32_t partition, std::int64_t offset);
  // The broker has no such offset. kTake: it does not matter.
  Verdict OnOutOfRange(std::int32_t partition);

  // Every partition of ours has been read to an end, once.
  bool at_ends() const;
  const Counts& counts() const { return counts_; }
  std::int32_t known() const { return known_; }
  std::vector<PartitionPlace> places() const;  // ours, and those that were
  // The next offset of ours that is to be read; none: not known yet.
  std::optional<std::int64_t> Next(std::int32_t partition) const;
  std::vector<std::int32_t> ours() const;

 private:
  enum class Phase : std::uint8_t { kFirst, kVerify, kReading, kOldest };
  struct Entry {
    PartitionPlace place;
    Phase phase = Phase::kFirst;
    bool ours = false;
    bool from_start = false;  // kFirst: whatever `start` says
    bool renewed = false;     // kOldest: since its last record is another
    bool ended = false;
  };

  Entry& Of(std::int32_t partition);
  const Entry* Find(std::int32_t partition) const;
  std::int64_t BeginningOf(const Entry& entry) const;
  Verdict BeginAtOldest(Entry& entry, bool renewed);
  void Arrive(Entry& entry, std::int64_t offset);

  FirstSight start_;
  std::vector<Entry> entries_;
  std::int32_t known_ = 0;
  Counts counts_;
};

}  // namespace bouncesight
