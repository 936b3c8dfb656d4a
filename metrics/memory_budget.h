// Bytes that several tables share, each on a thread of its own: what one does not need another one
// may take. What all have taken is never more than the budget.
//
// A table asks before it grows. Its fair share is the budget by the tables that have ever asked;
// beyond that it gets what is left but a reserve, so that one that comes later can begin
// at once, and gives back what is over its share when another one needs it.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace bouncesight {

class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t bytes) : bytes_(bytes) {}

  std::size_t bytes() const { return bytes_; }
  std::size_t taken() const { return taken_; }

 private:
  friend class BudgetShare;

  std::size_t Fair() const;
  std::size_t Reserve() const { return bytes_ / 8; }

  const std::size_t bytes_;
  std::atomic<std::size_t> taken_ = 0;
  std::atomic<std::size_t> tables_ = 0;  // that have asked
  // One below its share has got of the reserve, or nothing.
  std::atomic<bool> wanted_ = false;
};

// What one table has taken; given back at its end. One thread.
class BudgetShare {
 public:
  // null: there is no bound.
  explicit BudgetShare(std::shared_ptr<MemoryBudget> budget) : budget_(std::move(budget)) {}
  ~BudgetShare();
  BudgetShare(BudgetShare&& other) noexcept;
  BudgetShare& operator=(BudgetShare&& other) noexcept;

  // More of them. False: none are left for this one.
  bool Take(std::size_t bytes);
  void GiveBack(std::size_t bytes);
  // How much is over its fair share while another one needs it; 0: nothing is to be given back.
  std::size_t Owed() const;

  std::size_t taken() const { return taken_; }

 private:
  std::shared_ptr<MemoryBudget> budget_;
  std::size_t taken_ = 0;
  bool asked_ = false;
};

}  // namespace bouncesight
