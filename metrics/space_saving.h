// The commonest strings of a stream in bounded memory (Metwally, Agrawal and El Abbadi, "Efficient
// computation of frequent and top-k elements in data streams", 2005).
//
// Every string that makes up more than 1/capacity of the stream is in the table. A count is too
// high by at most its `error`, so count - error occurrences are certain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bouncesight {

class SpaceSaving {
 public:
  struct Slot {
    std::string key;
    std::uint64_t count = 0;
    std::uint64_t error = 0;
  };

  explicit SpaceSaving(std::size_t capacity);

  struct Added {
    std::size_t slot;  // its index, the same until its key gives way to another
    bool fresh;        // the slot is new to this key
  };
  // Counts `weight` occurrences, of which `error` are uncertain. O(log capacity).
  Added Add(std::string_view key, std::uint64_t weight, std::uint64_t error = 0);
  void Remove(std::string_view key);

  const std::vector<Slot>& slots() const { return slots_; }  // an empty key: a free slot

 private:
  void SiftUp(std::size_t at);
  void SiftDown(std::size_t at);
  void Place(std::size_t at, std::size_t slot);

  std::size_t capacity_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> heap_;      // slot numbers, the smallest count first
  std::vector<std::size_t> position_;  // of a slot in heap_
  std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace bouncesight
