#include "rules/suffix_map.h"

#include <array>

#include "parsers/text/ascii.h"
#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

constexpr std::size_t kLongestName = 255;  // RFC 1035

// FNV-1a from the last byte to the first, so that every suffix's hash is met on the way.
std::uint64_t Finish(const Fnv1a& hash) { return hash.value() ^ (hash.value() >> 29); }

std::uint64_t HashOf(std::string_view name) {
  Fnv1a hash;
  for (std::size_t i = name.size(); i > 0; --i) hash.Add(name[i - 1]);
  return Finish(hash);
}

}  // namespace

const SuffixMap::Slot& SuffixMap::SlotOf(std::string_view name, std::uint64_t hash) const {
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].value != 0 && slots_[at].name != name) at = (at + 1) & (slots_.size() - 1);
  return slots_[at];
}

void SuffixMap::Grow() {
  std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
  old.swap(slots_);
  used_ = 0;
  for (const Slot& slot : old) {
    if (slot.value != 0) Add(slot.name, slot.value);
  }
}

void SuffixMap::Add(std::string_view name, std::uint16_t value) {
  if ((used_ + 1) * 2 > slots_.size()) Grow();
  const std::string lower = LowerCase(name);
  auto& slot = const_cast<Slot&>(SlotOf(lower, HashOf(lower)));
  if (slot.value != 0) return;
  slot = {lower, value};
  ++used_;
}

std::uint16_t SuffixMap::Find(std::string_view name) const {
  while (!name.empty() && name.back() == '.') name.remove_suffix(1);
  if (slots_.empty() || name.empty() || name.size() > kLongestName) return 0;
  std::array<char, kLongestName> buffer;
  Fnv1a hash;
  std::uint16_t value = 0;
  for (std::size_t i = name.size(); i > 0; --i) {
    buffer[i - 1] = ToLower(name[i - 1]);
    hash.Add(buffer[i - 1]);
    if (i > 1 && name[i - 2] != '.') continue;
    const std::string_view suffix(buffer.data() + i - 1, name.size() - i + 1);
    if (const Slot& slot = SlotOf(suffix, Finish(hash)); slot.value != 0) value = slot.value;
  }
  return value;
}

}  // namespace bouncesight
