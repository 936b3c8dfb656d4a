#include "rules/suffix_map.h"

#include <array>

namespace bouncesight {
namespace {

constexpr std::size_t kLongestName = 255;  // RFC 1035

std::uint64_t HashOf(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return hash ^ (hash >> 29);
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

const SuffixMap::Slot& SuffixMap::SlotOf(std::string_view name) const {
  std::size_t at = HashOf(name) & (slots_.size() - 1);
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
  std::string lower(name);
  for (char& c : lower) c = Lower(c);
  auto& slot = const_cast<Slot&>(SlotOf(lower));
  if (slot.value != 0) return;
  slot = {lower, value};
  ++used_;
}

std::uint16_t SuffixMap::Find(std::string_view name) const {
  while (!name.empty() && name.back() == '.') name.remove_suffix(1);
  if (slots_.empty() || name.empty() || name.size() > kLongestName) return 0;
  std::array<char, kLongestName> buffer;
  for (std::size_t i = 0; i < name.size(); ++i) buffer[i] = Lower(name[i]);
  std::string_view rest(buffer.data(), name.size());
  while (true) {
    if (const Slot& slot = SlotOf(rest); slot.value != 0) return slot.value;
    const std::size_t dot = rest.find('.');
    if (dot == std::string_view::npos) return 0;
    rest.remove_prefix(dot + 1);
  }
}

}  // namespace bouncesight
