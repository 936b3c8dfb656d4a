#include "rules/code_index.h"

#include <algorithm>

namespace bouncesight {

void CodeIndex::Add(const Rule& rule, std::uint32_t index, std::uint16_t strength) {
  max_strength_ = std::max(max_strength_, strength);
  if (rule.when.enhanced.empty()) {
    for (const CodeRange& range : rule.when.codes) {
      for (std::size_t code = range.first; code <= range.last && code < basic_.size(); ++code) {
        basic_[code].push_back(index);
      }
    }
  }
  for (const EnhancedPattern& pattern : rule.when.enhanced) {
    const auto add = [&](std::uint8_t status_class) {
      enhanced_[{status_class, pattern.subject, pattern.detail}].push_back(index);
    };
    if (pattern.status_class != 0) {
      add(pattern.status_class);
    } else {
      add(4);
      add(5);
    }
  }
}

}  // namespace bouncesight
