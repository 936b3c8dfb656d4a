// Names of the program's own, which are keys of its output, and what people call them.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "rules/advice.h"

namespace bouncesight {

struct NamedWords {
  std::string_view name, chinese;
  std::string_view english = {};  // empty: the name itself will do
};

// What people call `name` in that language; empty if no more than the name.
inline std::string_view WordsFor(std::span<const NamedWords> table, std::string_view name,
                                 Language language) {
  const auto row = std::ranges::find(table, name, &NamedWords::name);
  if (row == table.end()) return {};
  return language == Language::kChinese ? row->chinese : row->english;
}

}  // namespace bouncesight
