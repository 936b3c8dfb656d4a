// Strings to small numbers, in the order of their first appearance. Bounded; the arena of texts and
// the index keep their memory over Clear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

class NameTable {
 public:
  static constexpr std::uint32_t kFull = 0xFFFFFFFF;

  explicit NameTable(std::size_t capacity);

  // The number of `name`, given out at its first use; kFull if there is no room for another. The
  // bytes are compared as they are.
  std::uint32_t Intern(std::string_view name);
  // As Intern, but never adds: kFull for an unknown name.
  std::uint32_t Find(std::string_view name) const;

  std::string_view operator[](std::uint32_t number) const;  // valid until the next Intern or Clear
  std::size_t size() const { return spans_.size(); }
  std::size_t capacity() const { return capacity_; }
  void Clear();

 private:
  struct Span {
    std::size_t begin, length;
    std::uint64_t hash;
  };
  std::size_t SlotOf(std::string_view name, std::uint64_t hash) const;
  void Grow();

  std::size_t capacity_;
  std::uint64_t seed_;
  std::string arena_;
  std::vector<Span> spans_;
  std::vector<std::uint32_t> slots_;  // number + 1; 0: free
};

}  // namespace bouncesight
