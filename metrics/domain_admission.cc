#include "metrics/domain_admission.h"

#include <algorithm>

namespace bouncesight {
namespace {
constexpr std::uint64_t kFirstPrice = 8;
}

DomainAdmission::DomainAdmission(std::size_t max_domains, std::size_t candidates)
    : max_domains_(max_domains), candidates_(candidates) {}

std::uint64_t DomainAdmission::Price(std::size_t taken) const {
  const std::size_t half = std::max<std::size_t>(max_domains_ / 2, 1);
  if (taken < half) return 1;
  const std::size_t left = max_domains_ > taken ? max_domains_ - taken : 1;
  return std::max<std::uint64_t>(kFirstPrice * half / left, kFirstPrice);
}

bool DomainAdmission::Earns(std::string_view domain, std::uint64_t failures, std::size_t taken) {
  const std::uint64_t price = Price(taken);
  if (failures >= price) {
    candidates_.Remove(domain);
    return true;
  }
  const SpaceSaving::Slot& slot = candidates_.slots()[candidates_.Add(domain, failures).slot];
  if (slot.count - slot.error < price) return false;
  candidates_.Remove(domain);
  return true;
}

}  // namespace bouncesight
