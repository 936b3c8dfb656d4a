// The domains that have series of their own, at most max_domains of them.
//
// A domain gets its place when it has earned it (domain_admission.h); pinned domains and groups of
// domains always get one, and are never put out. A domain that was idle for `idle_seconds` loses
// its place only when the table is full and another one has earned it: the series of the old one
// end, and should it come back they begin at 0, which Prometheus reads as the counter reset that it
// is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "metrics/domain_admission.h"
#include "metrics/snapshot.h"

namespace bouncesight {

struct DomainLimits {
  std::size_t max_domains = 1000;
  std::uint64_t idle_seconds = 30 * 86400;  // 0: a place is for ever
  std::vector<std::string> pinned;
  // A group's name, which becomes the label value, and its domains; "*.example.com" stands for
  // every domain below example.com.
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
};

class DomainPlaces {
 public:
  static constexpr std::uint32_t kOther = 0;

  struct Place {
    std::uint32_t index = kOther;
    bool evicted = false;  // another domain had this index until now: its series must go
  };

  explicit DomainPlaces(DomainLimits limits);
  void Restore(const std::vector<DomainTotals>& domains);

  // The place of the domain as logged, which has had `failures` more at `now` (active seconds);
  // with none it earns nothing, but a place that it has is found.
  Place Find(std::string_view domain, std::uint64_t failures, std::uint64_t now);

  const std::vector<DomainTotals>& domains() const { return domains_; }

 private:
  std::string Grouped(std::string label) const;
  Place Admit(std::string label, std::uint64_t now);
  std::uint32_t IdleDomain(std::uint64_t now);

  DomainLimits limits_;
  DomainAdmission admission_;
  std::unordered_set<std::string> always_;  // names that need not earn a place
  std::unordered_map<std::string, std::string> group_of_;
  std::vector<std::pair<std::string, std::string>> group_of_suffix_;  // ".example.com" -> group
  std::vector<DomainTotals> domains_;
  std::unordered_map<std::string, std::uint32_t> index_;
  std::uint64_t none_idle_at_ = ~std::uint64_t{0};  // the search at this time found nothing
};

}  // namespace bouncesight
