// Numbers by keys that are hashes already: the index beside a Slab whose things carry their keys.
// Open addressing. Half of a key stands in its slot, so that a look past other keys touches nothing
// but the slots; in a table larger than the cache that is most of what a look costs.
//
// One thread. Allocates only when it grows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "metrics/prefetch.h"

namespace bouncesight {

class KeyIndex {
 public:
  static constexpr std::uint32_t kNone = 0;  // the number of nothing

  // The number under `key`; kNone: there is none. `is(number)` says whether that one's whole key is
  // `key`; it is asked of few others.
  template <typename Is>
  std::uint32_t Find(std::uint64_t key, Is is) const {
    const std::uint32_t tag = TagOf(key);
    const Slot* const slots = slots_.data();  // the library checks each place; these are masked
    const std::size_t mask = Mask();
    for (std::size_t at = tag & mask;; at = (at + 1) & mask) {
      const Slot& slot = slots[at];
      if (slot.number == kNone || (slot.tag == tag && is(slot.number))) return slot.number;
    }
  }

  // `key` must not be there yet, nor `number` be kNone.
  void Add(std::uint64_t key, std::uint32_t number) {
    if (++used_ * 2 > slots_.size()) Grow();
    Put({TagOf(key), number});
  }

  // The number under `key`, which is there, becomes another one.
  void Replace(std::uint64_t key, std::uint32_t number, std::uint32_t by) {
    slots_[SlotOf(key, number)].number = by;
  }

  // `number` must stand under `key`.
  void Remove(std::uint64_t key, std::uint32_t number) {
    std::size_t gap = SlotOf(key, number);
    slots_[gap] = {};
    --used_;
    // Closes the gap, so that no look stops in front of what was put behind it.
    for (std::size_t at = Next(gap); slots_[at].number != kNone; at = Next(at)) {
      const std::size_t home = HomeOf(slots_[at].tag);
      if (((at - home) & Mask()) < ((at - gap) & Mask())) continue;
      slots_[gap] = std::exchange(slots_[at], {});
      gap = at;
    }
  }

  // Calls `one(number)` for each, in no order that means anything.
  template <typename One>
  void ForEach(One one) const {
    for (const Slot& slot : slots_) {
      if (slot.number != kNone) one(slot.number);
    }
  }

  // This key will be looked for soon.
  void Prefetch(std::uint64_t key) const { WillRead(slots_.data() + HomeOf(TagOf(key))); }

  std::size_t size() const { return used_; }
  std::size_t bytes() const { return slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t tag = 0;  // the upper half of the key
    std::uint32_t number = kNone;
  };

  static std::uint32_t TagOf(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 32U); }
  std::size_t Mask() const { return slots_.size() - 1; }
  std::size_t HomeOf(std::uint32_t tag) const { return tag & Mask(); }
  std::size_t Next(std::size_t at) const { return (at + 1) & Mask(); }

  std::size_t SlotOf(std::uint64_t key, std::uint32_t number) const {
    std::size_t at = HomeOf(TagOf(key));
    while (slots_[at].number != number) at = Next(at);
    return at;
  }

  void Put(Slot slot) {
    std::size_t at = HomeOf(slot.tag);
    while (slots_[at].number != kNone) at = Next(at);
    slots_[at] = slot;
  }

  void Grow() {
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
    for (const Slot& slot : old) {
      if (slot.number != kNone) Put(slot);
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of two
  std::size_t used_ = 0;
};

}  // namespace bouncesight
