#include "parsers/skip.h"

#include <array>

namespace bouncesight {

std::string_view SkipReasonName(SkipReason reason) {
  static constexpr std::array<std::string_view, kSkipReasonCount> kNames = {
      "not_delivery", "attempt", "probe",  "foreign", "unknown_format",
      "malformed",    "empty",   "binary", "partial"};
  return kNames[static_cast<std::size_t>(reason)];
}

}  // namespace bouncesight
