// How often each window of three and of eight bytes stands in typical texts. What is rare there is
// what a text is searched for: a look at it says soonest that a pattern is not in the text.
//
// Counted by hash, so a count may be too high and is never too low. Filled by whoever compiles
// rules; then const.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <vector>

namespace bouncesight {

class WindowCounts {
 public:
  static constexpr unsigned kShort = 3;
  static constexpr unsigned kLong = 8;
  static constexpr std::uint64_t kShortMask = (std::uint64_t{1} << 8 * kShort) - 1;

  static std::uint32_t HashOf(std::uint64_t window) {
    return static_cast<std::uint32_t>(window * 0x9e3779b97f4a7c15 >> 32);
  }
  // Of the `width` bytes there.
  static std::uint32_t HashAt(const char* bytes, unsigned width) {
    std::uint64_t window = 0;
    std::memcpy(&window, bytes, width);
    return HashOf(window);
  }

  // All windows of `text`, which is in lower case.
  void Add(std::string_view text) {
    counts_.resize(std::size_t{1} << kBits);
    for (const unsigned width : {kShort, kLong}) {
      for (std::size_t at = 0; at + width <= text.size(); ++at) {
        ++counts_[HashAt(text.data() + at, width) >> (32 - kBits)];
      }
    }
  }

  std::uint32_t Of(std::uint32_t hash) const {
    return counts_.empty() ? 0 : counts_[hash >> (32 - kBits)];
  }

  // Of the rarest window of `text`, of eight bytes where it has as many. What is too short to be
  // looked for is never rare.
  std::uint32_t OfRarest(std::string_view text) const {
    const unsigned width = text.size() >= kLong ? kLong : kShort;
    std::uint32_t fewest = std::numeric_limits<std::uint32_t>::max();
    for (std::size_t at = 0; at + width <= text.size(); ++at) {
      fewest = std::min(fewest, Of(HashAt(text.data() + at, width)));
    }
    return fewest;
  }

  bool empty() const { return counts_.empty(); }

 private:
  static constexpr unsigned kBits = 20;

  std::vector<std::uint32_t> counts_;
};

}  // namespace bouncesight
