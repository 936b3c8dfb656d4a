// The smallest journalled table, for tests: numbers by key, in a fixed number of slots.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "metrics/byte_codec.h"
#include "metrics/journalled_table.h"

namespace bouncesight {

class NumberTable final : public JournalledTable {
 public:
  explicit NumberTable(std::size_t slots) : numbers_(slots) {}

  // 0 removes the entry.
  void Set(std::size_t slot, std::uint64_t number) {
    numbers_[slot] = number;
    dirty_.insert(slot);
  }
  const std::vector<std::uint64_t>& numbers() const { return numbers_; }

  TablePiece Take(const RuleNames&, bool whole) override {
    TablePiece piece{whole || all_, {}};
    ByteWriter out;
    for (std::size_t i = 0; piece.whole && i < numbers_.size(); ++i) {
      if (numbers_[i] != 0) Write(out, i);
    }
    for (const std::size_t slot : dirty_) {
      if (!piece.whole) Write(out, slot);
    }
    dirty_.clear();
    all_ = false;
    piece.bytes = out.Take();
    return piece;
  }

  Status Restore(const std::vector<std::string>& pieces, const RuleNames&) override {
    std::vector<std::uint64_t> numbers(numbers_.size());
    for (const std::string& piece : pieces) {
      ByteReader in(piece);
      while (in.ok() && !in.at_end()) {
        const std::uint64_t slot = in.Bounded(numbers.size() - 1);
        numbers[slot] = in.Number();
      }
      if (!in.ok()) return Error{"the table of numbers is damaged"};
    }
    numbers_ = std::move(numbers);
    all_ = true;
    return Ok{};
  }

  void Rename(const RuleNames&, const RuleNames&) override { all_ = true; }

 private:
  void Write(ByteWriter& out, std::size_t slot) const {
    out.Number(slot);
    out.Number(numbers_[slot]);
  }

  std::vector<std::uint64_t> numbers_;
  std::set<std::size_t> dirty_;
  bool all_ = true;
};

}  // namespace bouncesight
