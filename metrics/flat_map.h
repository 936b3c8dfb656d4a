// Keys to counters: open addressing over a dense vector of entries, in the order of their first
// appearance. Keeps its memory over Clear. Needs `HashKey(key, seed)`, found by
// argument-dependent lookup.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bouncesight {

template <typename Key>
class FlatMap {
 public:
  struct Entry {
    Key key;
    std::uint64_t count = 0;

    friend bool operator==(const Entry&, const Entry&) = default;
  };

  FlatMap() : seed_(reinterpret_cast<std::uintptr_t>(this)), slots_(64) {}

  // The count of `key`, made 0 at its first use. Valid until the next call.
  std::uint64_t& operator[](const Key& key) {
    std::uint32_t& slot = slots_[SlotOf(key)];
    if (slot != 0) return entries_[slot - 1].count;
    entries_.push_back({key, 0});
    slot = static_cast<std::uint32_t>(entries_.size());
    if (entries_.size() * 2 > slots_.size()) Grow();
    return entries_.back().count;
  }

  bool Contains(const Key& key) const { return slots_[SlotOf(key)] != 0; }

  const std::vector<Entry>& entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }

  void Clear() {
    // Youngest first: a key's probe chain holds older keys only, so none is cut in front of
    // another.
    while (!entries_.empty()) {
      slots_[SlotOf(entries_.back().key)] = 0;
      entries_.pop_back();
    }
  }

 private:
  std::size_t SlotOf(const Key& key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = HashKey(key, seed_) & mask;
    while (slots_[at] != 0 && !(entries_[slots_[at] - 1].key == key)) at = (at + 1) & mask;
    return at;
  }

  void Grow() {
    slots_.assign(slots_.size() * 2, 0);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      slots_[SlotOf(entries_[i].key)] = static_cast<std::uint32_t>(i + 1);
    }
  }

  std::uint64_t seed_;  // the address: differs from run to run, so that nobody can aim collisions
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // index into entries_ + 1; 0: free; a power of two
};

}  // namespace bouncesight
