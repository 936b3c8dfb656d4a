// Recipients whose mail was put off and is neither delivered nor given up yet, out of logs that may
// be read in any order: in pieces, by several threads, the newest file first.
//
// A result is final, so what was settled anywhere waits nowhere. Only those finals are kept whose
// message may have been put off before the piece began: its age says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "parsers/event/delivery_event.h"

namespace bouncesight {

// One thread. Bounded: beyond `capacity` recipients that wait, or as many kept finals, nobody can
// say how many wait.
class WaitingSet {
 public:
  explicit WaitingSet(std::size_t capacity = 500'000) : capacity_(capacity) {}

  // A new piece of a log begins.
  void BeginPiece() { piece_began_.reset(); }
  // `time`: seconds since 1970, none if it cannot be told.
  void Note(const DeliveryEvent& event, std::optional<std::int64_t> time);
  void Merge(const WaitingSet& other);
  // What is noted does not tell what became of messages: nobody can say how many wait.
  void GiveUp() { overflowed_ = true; }

  // How many wait; none: nobody can tell, for there were too many.
  std::optional<std::uint64_t> Count() const;

 private:
  using Recipients = std::vector<std::uint32_t>;  // their hashes

  void PutOff(std::uint64_t queue, std::uint32_t recipient);
  void Settle(std::uint64_t queue, std::uint32_t recipient, bool from_before);
  bool Waits(std::uint64_t queue, std::uint32_t recipient) const;

  std::size_t capacity_;
  std::size_t waiting_count_ = 0;
  bool overflowed_ = false;
  std::optional<std::int64_t> piece_began_;
  std::unordered_map<std::uint64_t, Recipients> waiting_;  // by host and queue id
  std::unordered_set<std::uint64_t> settled_;              // queue id and recipient
};

}  // namespace bouncesight
