// Several things under one key: of each key the first stands in a KeyIndex, and leads to the
// others (slab_chains.h). The order within a chain means nothing.
//
// One thread. Allocates only when it grows; what is dropped makes room for what comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "metrics/key_index.h"
#include "metrics/slab_chains.h"

namespace bouncesight {

// `T` has a `key`, which is a hash already, and what SlabChains asks for.
template <typename T>
class KeyChains {
 public:
  // Of this key and part, the first that `is(thing)`; null: none is.
  template <typename Is>
  T* Find(std::uint64_t key, std::uint64_t part, Is is) {
    const std::uint32_t at = NumberOf(key, FirstOf(key), part, is);
    return at == kNone ? nullptr : &things_[at];
  }

  void Add(const T& thing) {
    std::uint32_t first = FirstOf(thing.key);
    const bool fresh = first == kNone;
    // Behind the first, which stays so.
    things_.Insert(thing.key, first, first, thing);
    if (fresh) first_.Add(thing.key, first);
  }

  // Drops the one that Find finds, once `one(thing)` has seen it.
  template <typename Is, typename One>
  void DropOne(std::uint64_t key, std::uint64_t part, Is is, One one) {
    const std::uint32_t indexed = FirstOf(key), at = NumberOf(key, indexed, part, is);
    if (at == kNone) return;
    one(std::as_const(things_[at]));
    std::uint32_t first = indexed;
    things_.Remove(key, first, at);
    MoveIndex(key, indexed, first);
  }

  // Drops those of this key that `goes(thing)`. Linear in all of the key.
  template <typename Goes>
  void Drop(std::uint64_t key, Goes goes) {
    const std::uint32_t indexed = FirstOf(key);
    std::uint32_t first = indexed;
    for (std::uint32_t at = first; at != kNone;) {
      const std::uint32_t next = things_[at].next;
      if (goes(std::as_const(things_[at]))) things_.Remove(key, first, at);
      at = next;
    }
    MoveIndex(key, indexed, first);
  }

  // Calls `one(thing)` for each, in no order that means anything.
  template <typename One>
  void ForEach(One one) const {
    first_.ForEach([&](std::uint32_t first) {
      for (std::uint32_t at = first; at != kNone; at = things_[at].next) one(things_[at]);
    });
  }

  // This key will be looked for soon.
  void Prefetch(std::uint64_t key) const { first_.Prefetch(key); }

  std::size_t size() const { return things_.size(); }

 private:
  static constexpr std::uint32_t kNone = KeyIndex::kNone;

  std::uint32_t FirstOf(std::uint64_t key) const {
    return first_.Find(key, [&](std::uint32_t one) { return things_[one].key == key; });
  }
  template <typename Is>
  std::uint32_t NumberOf(std::uint64_t key, std::uint32_t first, std::uint64_t part, Is is) const {
    return things_.Find(key, first, part,
                        [&](const T& thing) { return thing.key == key && is(thing); });
  }
  void MoveIndex(std::uint64_t key, std::uint32_t from, std::uint32_t to) {
    if (to == from) return;
    if (to == kNone) {
      first_.Remove(key, from);
    } else {
      first_.Replace(key, from, to);
    }
  }

  SlabChains<T> things_;
  KeyIndex first_;
};

}  // namespace bouncesight
