// Chains through a Slab, of each owner one, in which a thing is found quickly however long it is.
//
// A short chain is walked. The things of one that is longer than kMostWalked stand in an index,
// too, by owner and part: strangers choose how many recipients a message has, and each line about
// one of 80,000 walked past the others.
//
// One thread. Allocates only when it grows; what is dropped makes room for what comes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "metrics/key_index.h"
#include "metrics/slab.h"
#include "parsers/text/hash.h"

namespace bouncesight {

// `T` has `next` and `before`, which are the chains', and a `PartOf(thing)`, found by
// argument-dependent lookup: a number that stays the same while it is in a chain, and that few
// others of the chain have. `owner` is a hash of what the chain belongs to, the same at each call;
// `first` is kept by the caller, kNone at first.
template <typename T>
class SlabChains {
 public:
  static constexpr std::uint32_t kNone = Slab<T>::kNone;
  static constexpr std::uint32_t kMostWalked = 32;

  // The number of the one in the chain from `first` that `is(thing)`, which has that part; kNone:
  // none is. A few of other owners may be asked, too.
  template <typename Is>
  std::uint32_t Find(std::uint64_t owner, std::uint32_t first, std::uint64_t part, Is is) const {
    if (LengthOf(first) > kMostWalked) {
      return crowd_.Find(KeyOf(owner, part), [&](std::uint32_t at) { return is(things_[at]); });
    }
    std::uint32_t at = first;
    while (at != kNone && !is(things_[at])) at = things_[at].next;
    return at;
  }

  // Puts a copy into the chain from `first`, behind `after`; kNone: in front. Gives its number.
  std::uint32_t Insert(std::uint64_t owner, std::uint32_t& first, std::uint32_t after,
                       const T& thing) {
    const std::uint32_t length = LengthOf(first) + 1, fresh = things_.New();
    things_[fresh] = thing;
    std::uint32_t& link = after == kNone ? first : things_[after].next;
    things_[fresh].next = link;
    if (link != kNone) things_[link].before = fresh;
    things_[fresh].before = after;
    link = fresh;
    things_[first].before = length;
    if (length == kMostWalked + 1) {
      IndexAll(owner, first);
    } else if (length > kMostWalked) {
      crowd_.Add(KeyOf(owner, PartOf(things_[fresh])), fresh);
    }
    return fresh;
  }

  // Takes it out of the chain from `first`, and frees it.
  void Remove(std::uint64_t owner, std::uint32_t& first, std::uint32_t number) {
    const std::uint32_t length = LengthOf(first);
    if (length == kMostWalked + 1) {
      UnindexAll(owner, first);
    } else if (length > kMostWalked) {
      crowd_.Remove(KeyOf(owner, PartOf(things_[number])), number);
    }
    const T& thing = things_[number];
    (number == first ? first : things_[thing.before].next) = thing.next;
    if (thing.next != kNone) things_[thing.next].before = thing.before;
    if (first != kNone) things_[first].before = length - 1;
    things_.Free(number);
  }

  T& operator[](std::uint32_t number) { return things_[number]; }
  const T& operator[](std::uint32_t number) const { return things_[number]; }

  std::size_t size() const { return things_.used(); }
  std::size_t used_bytes() const { return things_.used_bytes() + crowd_.bytes(); }
  std::size_t held_bytes() const { return things_.held_bytes() + crowd_.bytes(); }

 private:
  std::uint64_t KeyOf(std::uint64_t owner, std::uint64_t part) const {
    return owner ^ MixBits(part ^ seed_);
  }

  // Nothing stands before the first, so its `before` is the chain's length.
  std::uint32_t LengthOf(std::uint32_t first) const {
    return first == kNone ? 0 : things_[first].before;
  }

  void IndexAll(std::uint64_t owner, std::uint32_t first) {
    for (std::uint32_t at = first; at != kNone; at = things_[at].next) {
      crowd_.Add(KeyOf(owner, PartOf(things_[at])), at);
    }
  }
  void UnindexAll(std::uint64_t owner, std::uint32_t first) {
    for (std::uint32_t at = first; at != kNone; at = things_[at].next) {
      crowd_.Remove(KeyOf(owner, PartOf(things_[at])), at);
    }
  }

  Slab<T> things_;
  KeyIndex crowd_;  // of the chains that are longer than kMostWalked
  // The address: differs from run to run. Hashes of addresses are fixed, for the state has them,
  // and who chooses the addresses must not choose those that stand in each other's way.
  std::uint64_t seed_ = reinterpret_cast<std::uintptr_t>(this);
};

}  // namespace bouncesight
