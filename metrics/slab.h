// Room for many small things of one kind, named by number: 32 bits instead of a pointer, and never
// moved. What is freed is used again first. Grows by pieces and never shrinks, so that nothing is
// allocated once it has grown to what the traffic needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "metrics/prefetch.h"

namespace bouncesight {

template <typename T>
class Slab {
 public:
  static constexpr std::uint32_t kNone = 0;  // the number of nothing

  // The number of a fresh T{}.
  std::uint32_t New() {
    ++used_;
    std::uint32_t number = free_.empty() ? ++last_ : free_.back();
    if (!free_.empty()) {
      free_.pop_back();
    } else if (number / kPiece >= pieces_.size()) {
      pieces_.push_back(std::make_unique<T[]>(kPiece));
    }
    (*this)[number] = T{};
    return number;
  }
  void Free(std::uint32_t number) {
    --used_;
    free_.push_back(number);
  }

  // Without the library's checks, which a release keeps: a line of a log looks here a dozen times,
  // and numbers come from New alone.
  T& operator[](std::uint32_t number) {
    return pieces_.data()[number / kPiece].get()[number % kPiece];
  }
  const T& operator[](std::uint32_t number) const {
    return pieces_.data()[number / kPiece].get()[number % kPiece];
  }

  // This one will be looked at soon.
  void Prefetch(std::uint32_t number) const { WillRead(&(*this)[number]); }

  std::size_t used() const { return used_; }
  std::size_t used_bytes() const { return used_ * sizeof(T); }
  std::size_t held_bytes() const {
    return pieces_.size() * kPiece * sizeof(T) + free_.capacity() * sizeof(std::uint32_t);
  }

 private:
  static constexpr std::size_t kPiece = 256;

  std::vector<std::unique_ptr<T[]>> pieces_;
  std::vector<std::uint32_t> free_;
  std::uint32_t last_ = 0;
  std::size_t used_ = 0;
};

}  // namespace bouncesight
