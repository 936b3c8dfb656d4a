#include "rules/rule.h"

#include <array>

namespace bouncesight {

std::string_view RankName(Rank rank) {
  constexpr std::array<std::string_view, 6> kNames = {"basic",    "generic",  "enhanced",
                                                      "specific", "provider", "operator"};
  return kNames.at(static_cast<std::size_t>(rank));
}

bool EnhancedPattern::Matches(EnhancedCode code) const {
  if (!code.present()) return false;
  if (status_class != 0 ? code.status_class != status_class
                        : code.status_class != 4 && code.status_class != 5) {
    return false;
  }
  return (subject == kAny || subject == code.subject) && (detail == kAny || detail == code.detail);
}

int Rule::condition_count() const {
  return static_cast<int>(!match.empty()) + static_cast<int>(!link.empty()) +
         static_cast<int>(!when.codes.empty()) + static_cast<int>(!when.enhanced.empty()) +
         static_cast<int>(!when.phases.empty()) + static_cast<int>(!when.providers.empty()) +
         static_cast<int>(when.origin != Origin::kUnknown);
}

}  // namespace bouncesight
