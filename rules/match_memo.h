// What a scan found in texts that were seen lately. Masking makes the replies of one server to a
// thousand recipients one and the same text, so most scans are a look-up instead.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bouncesight {

// Direct mapped: a text takes the place of the one that was there. Texts are compared whole, so a
// collision costs a scan and never a wrong answer. Not thread-safe; allocates only when made.
class MatchMemo {
 public:
  static constexpr std::size_t kMaxText = 320;
  static constexpr std::size_t kMaxMatches = 30;

  struct Entry {
    std::uint64_t hash = 0;
    std::uint16_t size = 0;
    std::uint16_t count = 0;  // of matches; more than kMaxMatches: not usable
    std::array<std::uint32_t, kMaxMatches> matches{};
    std::array<char, kMaxText> text{};

    void Add(std::uint32_t match) {
      if (count < kMaxMatches) matches[count] = match;
      if (count <= kMaxMatches) ++count;
    }
  };

  // `slots` must be a power of two.
  explicit MatchMemo(std::size_t slots) : entries_(slots) {}

  // The entry of `text`, with `fresh` false if it holds what a scan found, or emptied for the
  // caller to fill. nullptr: too long to keep.
  Entry* Find(std::string_view text, bool& fresh);

 private:
  std::vector<Entry> entries_;
};

}  // namespace bouncesight
