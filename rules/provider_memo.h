// Who runs a host, of those that were asked for lately. Mail goes to the same hosts over and over,
// and finding a name by its suffix walks its bytes one by one: 40 instructions instead of 500 for
// each delivery.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "parsers/text/hash.h"
#include "rules/verdict.h"

namespace bouncesight {

// Direct mapped: a name takes the place of the one that was there. Names are compared whole, so a
// collision costs a look-up and never a wrong answer. Not thread-safe; allocates only when made.
class ProviderMemo {
 public:
  ProviderMemo() : entries_(kSlots) {}

  // What `find(name)` says, or said.
  template <typename Find>
  ProviderId Of(std::string_view name, Find find) {
    if (name.empty() || name.size() > kMostBytes) return find(name);
    Entry& entry = entries_[HashBytes(name, 0) & (kSlots - 1)];
    if (entry.size == name.size() && std::memcmp(entry.name.data(), name.data(), entry.size) == 0) {
      return entry.provider;
    }
    name.copy(entry.name.data(), name.size());
    entry.size = static_cast<std::uint8_t>(name.size());
    entry.provider = find(name);
    return entry.provider;
  }

 private:
  static constexpr std::size_t kSlots = 512;
  static constexpr std::size_t kMostBytes = 60;

  struct Entry {
    ProviderId provider = ProviderId::kNone;
    std::uint8_t size = 0;  // 0: free
    std::array<char, kMostBytes> name{};
  };

  std::vector<Entry> entries_;
};

}  // namespace bouncesight
