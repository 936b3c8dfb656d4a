#include "daemon/syslog/peer_rates.h"

#include <algorithm>
#include <cstring>

#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

// Mixes all 16 bytes; who forges addresses that collide makes one chain of at most 1,024 long.
std::size_t HashOf(const PeerAddress& address) {
  const auto* bytes = reinterpret_cast<const char*>(address.bytes.data());
  return HashBytes({bytes, address.bytes.size()}, 0);
}

}  // namespace

PeerRates::PeerRates(std::uint32_t rate) : rate_(rate) {
  if (!limited()) return;
  peers_.resize(kMaxPeers);
  buckets_.assign(kBuckets, kNone);
}

bool PeerRates::Take(const PeerAddress& peer, std::uint64_t lines, Time now) {
  if (!limited()) return true;
  Peer& entry = Get(peer, now);
  const auto wanted = static_cast<double>(lines);
  if (entry.tokens < std::min(wanted, rate_)) return false;
  entry.tokens -= wanted;
  return true;
}

bool PeerRates::MayRead(const PeerAddress& peer, Time now) {
  return !limited() || Get(peer, now).tokens >= 1;
}

void PeerRates::Charge(const PeerAddress& peer, std::uint64_t lines, Time now) {
  if (limited()) Get(peer, now).tokens -= static_cast<double>(lines);
}

PeerRates::Peer& PeerRates::Get(const PeerAddress& address, Time now) {
  Index index = Find(address);
  if (index == kNone) {
    index = Insert(address);
    peers_[index].tokens = rate_;
    peers_[index].filled = now;
  } else if (index != newest_) {
    Unlink(index);
    LinkNewest(index);
  }
  Peer& peer = peers_[index];
  const std::chrono::duration<double> passed = now - peer.filled;
  peer.filled = now;
  peer.tokens = std::min(peer.tokens + passed.count() * rate_, rate_);
  return peer;
}

PeerRates::Index PeerRates::Find(const PeerAddress& address) const {
  Index index = buckets_[HashOf(address) % kBuckets];
  while (index != kNone && !(peers_[index].address == address)) index = peers_[index].next;
  return index;
}

PeerRates::Index PeerRates::Insert(const PeerAddress& address) {
  Index index = oldest_;
  if (used_ < kMaxPeers) {
    index = static_cast<Index>(used_++);
  } else {
    Forget(index);
  }
  Index& first = buckets_[HashOf(address) % kBuckets];
  peers_[index].address = address;
  peers_[index].next = first;
  first = index;
  LinkNewest(index);
  return index;
}

void PeerRates::Forget(Index index) {
  Index* link = &buckets_[HashOf(peers_[index].address) % kBuckets];
  while (*link != index) link = &peers_[*link].next;
  *link = peers_[index].next;
  Unlink(index);
}

void PeerRates::Unlink(Index index) {
  Peer& peer = peers_[index];
  (peer.newer == kNone ? newest_ : peers_[peer.newer].older) = peer.older;
  (peer.older == kNone ? oldest_ : peers_[peer.older].newer) = peer.newer;
}

void PeerRates::LinkNewest(Index index) {
  Peer& peer = peers_[index];
  peer.newer = kNone;
  peer.older = newest_;
  (newest_ == kNone ? oldest_ : peers_[newest_].newer) = index;
  newest_ = index;
}

}  // namespace bouncesight
