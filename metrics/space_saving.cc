#include "metrics/space_saving.h"

#include <utility>

namespace bouncesight {

SpaceSaving::SpaceSaving(std::size_t capacity) : capacity_(capacity) {}

SpaceSaving::Added SpaceSaving::Add(std::string_view key, std::uint64_t weight,
                                    std::uint64_t error) {
  const auto found = index_.find(std::string(key));
  const bool fresh = found == index_.end();
  std::size_t slot = 0;
  if (!fresh) {
    slot = found->second;
  } else if (slots_.size() < capacity_) {
    slot = slots_.size();
    slots_.emplace_back();
    heap_.push_back(slot);
    position_.push_back(heap_.size() - 1);
  } else {
    slot = heap_.front();  // the smallest count gives way
    const auto old = index_.find(slots_[slot].key);
    if (old != index_.end() && old->second == slot) index_.erase(old);  // else it was freed before
    slots_[slot].error = slots_[slot].count;
  }
  if (fresh) {
    slots_[slot].key = key;
    index_.emplace(key, slot);
  }
  slots_[slot].count += weight;
  slots_[slot].error += error;
  if (fresh) SiftUp(position_[slot]);
  SiftDown(position_[slot]);
  return {slot, fresh};
}

void SpaceSaving::Remove(std::string_view key) {
  const auto found = index_.find(std::string(key));
  if (found == index_.end()) return;
  const std::size_t slot = found->second;
  index_.erase(found);
  slots_[slot] = {};  // count 0: the next new key takes it
  SiftUp(position_[slot]);
}

void SpaceSaving::Place(std::size_t at, std::size_t slot) {
  heap_[at] = slot;
  position_[slot] = at;
}

void SpaceSaving::SiftUp(std::size_t at) {
  const std::size_t slot = heap_[at];
  while (at > 0) {
    const std::size_t parent = (at - 1) / 2;
    if (slots_[heap_[parent]].count <= slots_[slot].count) break;
    Place(at, heap_[parent]);
    at = parent;
  }
  Place(at, slot);
}

void SpaceSaving::SiftDown(std::size_t at) {
  const std::size_t slot = heap_[at];
  for (;;) {
    std::size_t child = at * 2 + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && slots_[heap_[child + 1]].count < slots_[heap_[child]].count) {
      ++child;
    }
    if (slots_[slot].count <= slots_[heap_[child]].count) break;
    Place(at, heap_[child]);
    at = child;
  }
  Place(at, slot);
}

}  // namespace bouncesight
