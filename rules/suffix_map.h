// Domain names to numbers, found by suffix: "mx.google.com" finds "google.com".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

// Open addressing over ASCII names in lower case; look-ups do not allocate.
class SuffixMap {
 public:
  // 0 is "none" and no value. A name given twice keeps its first value.
  void Add(std::string_view name, std::uint16_t value);

  // The value of the longest suffix of whole labels, any case, with or without a dot at the end.
  std::uint16_t Find(std::string_view name) const;

  friend bool operator==(const SuffixMap&, const SuffixMap&) = default;

 private:
  struct Slot {
    std::string name;
    std::uint16_t value = 0;

    friend bool operator==(const Slot&, const Slot&) = default;
  };
  const Slot& SlotOf(std::string_view name, std::uint64_t hash) const;
  void Grow();

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace bouncesight
