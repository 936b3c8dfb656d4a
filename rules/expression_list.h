// The expressions of patterns by their number: a hundred thousand short texts in one block, which
// needs no allocation for each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/stored_list.h"

namespace bouncesight {

class ExpressionList {
 public:
  // Without a NUL in it.
  void Add(std::string_view expression) {
    bytes_.Alter([&](std::vector<char>& bytes) {
      bytes.insert(bytes.end(), expression.begin(), expression.end());
      bytes.push_back('\0');
    });
    ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  }

  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }

  // Ends with a NUL. Good until the next Add.
  const char* c_str(std::size_t id) const { return bytes_.data() + (id == 0 ? 0 : ends_[id - 1]); }
  std::string_view operator[](std::size_t id) const { return c_str(id); }

  friend bool operator==(const ExpressionList&, const ExpressionList&) = default;

  // All that there is, for an archive (catalog_image.cc) that writes or reads it.
  template <typename Archive>
  void Fields(Archive& archive) {
    archive(bytes_, ends_);
  }

 private:
  StoredList<char> bytes_;
  StoredList<std::uint32_t> ends_;  // of each with its NUL
};

}  // namespace bouncesight
