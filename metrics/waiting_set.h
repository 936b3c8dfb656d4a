// Recipients whose mail was put off, and what became of them: who waits, for what and how long, and
// how it ended for those that a retry was to help. Out of logs that may be read in any order: in
// pieces, by several threads, the newest file first.
//
// A result is final, so what was settled anywhere waits nowhere. Only those finals are kept whose
// message may have been put off before the piece began: its age says so. A recipient stands under
// the provider and cause of its last deferral that a rule knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "metrics/delay_histogram.h"
#include "metrics/joined_rows.h"
#include "metrics/key_chains.h"
#include "metrics/key_index.h"
#include "parsers/event/delivery_event.h"
#include "rules/verdict.h"

namespace bouncesight {

// Of the recipients whose last deferral had one cause.
struct RetryCounts {
  std::uint64_t delivered = 0, failed = 0, waiting = 0;
  DelayHistogram after;  // of those that were delivered, since the message's arrival

  std::uint64_t all() const { return delivered + failed + waiting; }
};

// One thread. Bounded: beyond `capacity` recipients that wait, or as many kept finals, nobody can
// say how many wait.
class WaitingSet {
 public:
  explicit WaitingSet(std::size_t capacity = 500'000);

  // A new piece of a log begins.
  void BeginPiece() { piece_began_.reset(); }
  // `time`: seconds since 1970, none if it cannot be told. `arrived_here`: the piece has the line
  // of its arrival.
  void Note(const DeliveryEvent& event, const Verdict& verdict, std::optional<std::int64_t> time,
            bool arrived_here);
  // This event will be noted soon: what was put off may lie where the cache does not reach.
  void Expect(const DeliveryEvent& event);
  // The message is no longer in the queue, whoever had not got it. They are not counted as failed,
  // nor as waiting.
  void TakeAway(std::string_view host, std::string_view queue_id, std::optional<std::int64_t> time);
  void Merge(const WaitingSet& other);
  // What is noted does not tell what became of messages: nobody can say how many wait.
  void GiveUp() { overflowed_ = true; }

  // How many wait; none: nobody can tell, for there were too many.
  std::optional<std::uint64_t> Count() const;
  // The same by provider and cause, in their order; ages as of `now`. Empty: too many to tell.
  std::vector<WaitingRow> Rows(std::int64_t now) const;
  // By number of the cause; empty: too many to tell.
  std::vector<RetryCounts> Retries() const;

 private:
  using Seconds = std::uint32_t;  // since 1970; 0: not known
  struct Deferred {
    std::uint64_t key = 0;        // the hash of host and queue id
    std::uint32_t recipient = 0;  // its hash
    std::uint32_t next = 0, before = 0;
    Seconds since = 0, last = 0;  // arrival, as the first deferral tells it; the last deferral
    std::uint16_t provider = 0, cause = 0;

    friend std::uint64_t PartOf(const Deferred& one) { return one.recipient; }
  };
  struct IsOf {
    std::uint32_t recipient;
    bool operator()(const Deferred& one) const { return one.recipient == recipient; }
  };
  struct Final {
    bool delivered = false;
    Seconds time = 0;
    float delay = -1;  // since the arrival; negative: the line does not say
  };
  struct Settled {
    std::uint64_t key = 0;  // of queue and recipient
    Final final;
  };

  std::uint64_t QueueOf(std::string_view host, std::string_view queue_id);
  void ExpectFinal(std::uint64_t queue, const DeliveryEvent& event);
  void PutOff(const Deferred& deferred);
  void Remember(std::uint64_t key, const Final& final);
  const Final* Find(std::uint64_t key) const;
  void Settle(std::uint64_t queue, std::uint32_t recipient, const Final& final, bool from_before);
  template <typename One>
  void Drop(std::uint64_t queue, std::uint32_t recipient, One one);
  const Final* FinalOf(const Deferred& deferred) const;
  bool IsTakenAway(const Deferred& deferred) const;
  static void CountEnd(const Deferred& deferred, const Final& final,
                       std::vector<RetryCounts>& counts);

  std::size_t capacity_;
  std::string host_;         // the last one,
  std::uint64_t host_hash_;  // and its hash
  bool overflowed_ = false;
  std::optional<std::int64_t> piece_began_;
  KeyChains<Deferred> deferred_;
  std::vector<Settled> settled_;
  KeyIndex settled_index_;                                 // numbers from 1
  std::unordered_map<std::uint64_t, Seconds> taken_away_;  // by queue: when
  std::vector<RetryCounts> ended_;                         // both lie in one piece
};

}  // namespace bouncesight
