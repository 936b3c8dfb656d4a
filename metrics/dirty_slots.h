// Which slots of a table were written to since its last JournalledTable::Take. Marking is O(1) and
// allocates nothing; when more than a quarter of the slots is marked, a list of them is not worth
// keeping, and all count as marked. One thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bouncesight {

class DirtySlots {
 public:
  // All are marked at first: nothing was taken yet.
  explicit DirtySlots(std::size_t slots) : marked_(slots) { list_.reserve(slots / 4); }

  void Mark(std::size_t slot) {
    if (all_ || marked_[slot]) return;
    if (list_.size() == list_.capacity()) return MarkAll();
    marked_[slot] = true;
    list_.push_back(static_cast<std::uint32_t>(slot));
  }
  void MarkAll() { all_ = true; }

  bool all() const { return all_; }
  // In the order in which they were marked first. Not all of them when all() is true.
  const std::vector<std::uint32_t>& list() const { return list_; }

  void Clear() {
    for (const std::uint32_t slot : list_) marked_[slot] = false;
    list_.clear();
    all_ = false;
  }

 private:
  std::vector<bool> marked_;
  std::vector<std::uint32_t> list_;
  bool all_ = true;
};

}  // namespace bouncesight
