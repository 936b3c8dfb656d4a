// A list that may lie in memory of somebody else's: the compiled catalogue's stay where the binary
// is mapped, and the system fetches the pages that are looked at. What is to be changed is copied
// first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace bouncesight {

// Reading is as for a vector, and good for any thread. Not for bool.
template <typename T>
class StoredList {
 public:
  StoredList() = default;
  ~StoredList() = default;
  StoredList(const StoredList& other) : own_(other.own_), items_(other.items_) { Follow(other); }
  StoredList(StoredList&& other) noexcept { *this = std::move(other); }
  StoredList& operator=(const StoredList& other) {
    if (this != &other) *this = StoredList(other);
    return *this;
  }
  StoredList& operator=(StoredList&& other) noexcept {
    own_.swap(other.own_);  // the items stay where they are
    std::swap(items_, other.items_);
    return *this;
  }

  // `items` must outlive this list and its copies, or their first change.
  void Borrow(std::span<const T> items) {
    own_ = {};
    items_ = items;
  }

  // Calls change(std::vector<T>&) with the items, which are its own from then on.
  template <typename Change>
  void Alter(Change&& change) {
    if (items_.data() != own_.data()) own_.assign(items_.begin(), items_.end());
    std::forward<Change>(change)(own_);
    items_ = own_;
  }
  void push_back(const T& item) {
    Alter([&item](std::vector<T>& items) { items.push_back(item); });
  }
  void resize(std::size_t size) {
    Alter([size](std::vector<T>& items) { items.resize(size); });
  }

  const T* data() const { return items_.data(); }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  const T& operator[](std::size_t index) const { return items_.data()[index]; }
  const T& back() const { return items_.data()[items_.size() - 1]; }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

  friend bool operator==(const StoredList& a, const StoredList& b) {
    return std::ranges::equal(a.items_, b.items_);
  }

 private:
  void Follow(const StoredList& other) {
    if (other.items_.data() == other.own_.data()) items_ = own_;
  }

  std::vector<T> own_;  // all of the items, or none
  std::span<const T> items_;
};

}  // namespace bouncesight
