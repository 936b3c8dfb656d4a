#include "metrics/name_table.h"

#include "parsers/text/hash.h"
#include "parsers/text/text.h"

namespace bouncesight {
// The seed is the object's address: it differs from run to run, so nobody can aim collisions.
NameTable::NameTable(std::size_t capacity)
    : capacity_(capacity), seed_(reinterpret_cast<std::uintptr_t>(this)), slots_(64) {}

std::size_t NameTable::SlotOf(std::string_view name, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at] != 0) {
    const std::uint32_t number = slots_[at] - 1;
    if (spans_[number].hash == hash && SameBytes((*this)[number], name)) break;
    at = (at + 1) & mask;
  }
  return at;
}

std::uint32_t NameTable::Find(std::string_view name) const {
  const std::uint32_t slot = slots_[SlotOf(name, HashBytes(name, seed_))];
  return slot == 0 ? kFull : slot - 1;
}

std::uint32_t NameTable::Intern(std::string_view name) {
  const std::uint64_t hash = HashBytes(name, seed_);
  std::uint32_t& slot = slots_[SlotOf(name, hash)];
  if (slot != 0) return slot - 1;
  if (spans_.size() >= capacity_) return kFull;
  spans_.push_back({arena_.size(), name.size(), hash});
  arena_.append(name);
  slot = static_cast<std::uint32_t>(spans_.size());
  if (spans_.size() * 2 > slots_.size()) Grow();
  return static_cast<std::uint32_t>(spans_.size() - 1);
}

std::string_view NameTable::operator[](std::uint32_t number) const {
  const Span& span = spans_[number];
  return std::string_view(arena_).substr(span.begin, span.length);
}

void NameTable::Grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    std::size_t at = spans_[i].hash & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

void NameTable::Clear() {
  slots_.assign(slots_.size(), 0);
  spans_.clear();
  arena_.clear();
}

}  // namespace bouncesight
