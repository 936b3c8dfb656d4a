#include "parsers/event/skip.h"

#include <initializer_list>

namespace bouncesight {
namespace {

std::uint64_t SumOf(const SkipCounts& counts, std::initializer_list<SkipReason> reasons) {
  std::uint64_t sum = 0;
  for (const SkipReason reason : reasons) sum += counts[static_cast<std::size_t>(reason)];
  return sum;
}

}  // namespace

std::uint64_t UnderstoodSkips(const SkipCounts& counts) {
  return SumOf(counts, {SkipReason::kNotDelivery, SkipReason::kAttempt, SkipReason::kProbe,
                        SkipReason::kPartial, SkipReason::kInternalHop});
}

std::uint64_t StrangeSkips(const SkipCounts& counts) {
  return SumOf(counts, {SkipReason::kUnknownFormat, SkipReason::kMalformed, SkipReason::kBinary});
}

std::string_view SkipReasonName(SkipReason reason) {
  static constexpr std::array<std::string_view, kSkipReasonCount> kNames = {
      "not_delivery", "attempt", "probe",  "foreign", "unknown_format",
      "malformed",    "empty",   "binary", "partial", "internal_hop"};
  return kNames[static_cast<std::size_t>(reason)];
}

}  // namespace bouncesight
