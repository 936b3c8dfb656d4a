// Several things under one key: of each key the first stands in a KeyIndex, and leads to the
// others. The order within a chain means nothing.
//
// One thread. Allocates only when it grows; what is dropped makes room for what comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "metrics/key_index.h"
#include "metrics/slab.h"

namespace bouncesight {

// `T` has a `key`, which is a hash already, and `next`, which is the chains'.
template <typename T>
class KeyChains {
 public:
  // Of this key, the first that `is(thing)`; null: none is.
  template <typename Is>
  T* Find(std::uint64_t key, Is is) {
    for (std::uint32_t at = FirstOf(key); at != kNone; at = things_[at].next) {
      if (is(std::as_const(things_[at]))) return &things_[at];
    }
    return nullptr;
  }

  void Add(const T& thing) {
    const std::uint32_t first = FirstOf(thing.key), fresh = things_.New();
    things_[fresh] = thing;
    if (first == kNone) {
      things_[fresh].next = kNone;
      first_.Add(thing.key, fresh);
    } else {
      things_[fresh].next = std::exchange(things_[first].next, fresh);
    }
  }

  // Drops those of this key that `goes(thing)`.
  template <typename Goes>
  void Drop(std::uint64_t key, Goes goes) {
    const std::uint32_t indexed = FirstOf(key);
    std::uint32_t first = indexed;
    for (std::uint32_t* link = &first; *link != kNone;) {
      T& thing = things_[*link];
      if (goes(std::as_const(thing))) {
        things_.Free(std::exchange(*link, thing.next));
      } else {
        link = &thing.next;
      }
    }
    if (first == indexed) return;
    if (first == kNone) {
      first_.Remove(key, indexed);
    } else {
      first_.Replace(key, indexed, first);
    }
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

  std::size_t size() const { return things_.used(); }

 private:
  static constexpr std::uint32_t kNone = KeyIndex::kNone;

  std::uint32_t FirstOf(std::uint64_t key) const {
    return first_.Find(key, [&](std::uint32_t one) { return things_[one].key == key; });
  }

  Slab<T> things_;
  KeyIndex first_;
};

}  // namespace bouncesight
