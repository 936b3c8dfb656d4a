#include "metrics/memory_budget.h"

#include <algorithm>

namespace bouncesight {

std::size_t MemoryBudget::Fair() const { return bytes_ / std::max<std::size_t>(tables_.load(), 1); }

BudgetShare::BudgetShare(BudgetShare&& other) noexcept
    : budget_(std::move(other.budget_)),
      taken_(std::exchange(other.taken_, 0)),
      asked_(std::exchange(other.asked_, false)) {}

BudgetShare::~BudgetShare() {
  GiveBack(taken_);
  if (asked_) --budget_->tables_;
}

BudgetShare& BudgetShare::operator=(BudgetShare&& other) noexcept {
  std::swap(budget_, other.budget_);
  std::swap(taken_, other.taken_);
  std::swap(asked_, other.asked_);
  return *this;
}

bool BudgetShare::Take(std::size_t bytes) {
  if (!budget_) return true;
  if (!std::exchange(asked_, true)) ++budget_->tables_;
  // One alone leaves no reserve: its fair share is all.
  const bool is_fair = taken_ + bytes <= budget_->Fair();
  std::size_t taken = budget_->taken_.load();
  do {
    const std::size_t left = budget_->bytes_ - taken;
    const bool needs_reserve = bytes + budget_->Reserve() > left;
    if (is_fair && needs_reserve) budget_->wanted_ = true;
    if (bytes > left || (!is_fair && needs_reserve)) return false;
  } while (!budget_->taken_.compare_exchange_weak(taken, taken + bytes));
  taken_ += bytes;
  return true;
}

void BudgetShare::GiveBack(std::size_t bytes) {
  if (!budget_ || bytes == 0) return;
  taken_ -= bytes;
  const std::size_t left = budget_->taken_ -= bytes;
  if (left + budget_->Reserve() <= budget_->bytes_) budget_->wanted_ = false;
}

std::size_t BudgetShare::Owed() const {
  if (!budget_ || !budget_->wanted_) return 0;
  const std::size_t fair = budget_->Fair();
  return taken_ > fair ? taken_ - fair : 0;
}

}  // namespace bouncesight
