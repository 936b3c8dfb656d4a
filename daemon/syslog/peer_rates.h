// A token bucket for each peer, so that one that floods costs the others nothing. Bounded: the
// 1,024 peers that were heard last are known; one that was forgotten begins with a full bucket.
// (Forged addresses can so get past the limit; they cannot make the table grow.)
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "daemon/system/net/peer_address.h"

namespace bouncesight {

// One thread.
class PeerRates {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kMaxPeers = 1024;

  // Lines (of a stream, messages) per second and peer; 0: no limit, and no peer is remembered.
  explicit PeerRates(std::uint32_t rate);

  // For what can be refused: true takes `lines` from the bucket, false leaves it as it is. More
  // lines at once than a second allows need a full bucket, and go into debt.
  bool Take(const PeerAddress& peer, std::uint64_t lines, Time now);

  // For what can wait: whether the bucket holds a line, and what to take out of it afterwards.
  bool MayRead(const PeerAddress& peer, Time now);
  void Charge(const PeerAddress& peer, std::uint64_t lines, Time now);

  bool limited() const { return rate_ > 0; }
  std::size_t size() const { return used_; }

 private:
  using Index = std::uint16_t;
  static constexpr Index kNone = 0xffff;
  static constexpr std::size_t kBuckets = 2 * kMaxPeers;

  struct Peer {
    PeerAddress address;
    double tokens = 0;
    Time filled;
    Index newer = kNone, older = kNone;  // the order in which they were heard
    Index next = kNone;                  // of the same bucket
  };

  // The peer's entry with its tokens as of `now`; the newest from here on.
  Peer& Get(const PeerAddress& address, Time now);
  Index Find(const PeerAddress& address) const;
  Index Insert(const PeerAddress& address);
  void Forget(Index index);
  void Unlink(Index index);
  void LinkNewest(Index index);

  double rate_;
  std::vector<Peer> peers_;     // allocated once
  std::vector<Index> buckets_;  // of the hash table
  std::size_t used_ = 0;
  Index newest_ = kNone, oldest_ = kNone;
};

}  // namespace bouncesight
