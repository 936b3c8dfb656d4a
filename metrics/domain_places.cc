#include "metrics/domain_places.h"

#include "metrics/label.h"

namespace bouncesight {

DomainPlaces::DomainPlaces(DomainLimits limits)
    : limits_(std::move(limits)), admission_(limits_.max_domains) {
  domains_.push_back({std::string(kOtherLabel), 0});
  index_.emplace(kOtherLabel, kOther);
  always_ = {"", std::string(kInvalidLabel)};
  for (const std::string& domain : limits_.pinned) always_.insert(DomainLabel(domain));
  for (const auto& [group, members] : limits_.groups) {
    const std::string name = NameLabel(group);
    always_.insert(name);
    for (const std::string& member : members) {
      if (member.starts_with("*.")) {
        group_of_suffix_.emplace_back("." + DomainLabel(member.substr(2)), name);
      } else {
        group_of_.emplace(DomainLabel(member), name);
      }
    }
  }
}

void DomainPlaces::Restore(const std::vector<DomainTotals>& domains) {
  if (domains.empty()) return;
  domains_ = domains;
  index_.clear();
  for (std::size_t i = 0; i < domains_.size(); ++i) {
    index_.emplace(domains_[i].name, static_cast<std::uint32_t>(i));
  }
}

std::string DomainPlaces::Grouped(std::string label) const {
  if (const auto found = group_of_.find(label); found != group_of_.end()) return found->second;
  for (const auto& [suffix, group] : group_of_suffix_) {
    if (label.size() > suffix.size() && label.ends_with(suffix)) return group;
  }
  return label;
}

DomainPlaces::Place DomainPlaces::Find(std::string_view domain, std::uint64_t failures,
                                       std::uint64_t now) {
  std::string label = Grouped(DomainLabel(domain));
  if (const auto found = index_.find(label); found != index_.end()) {
    if (failures != 0) domains_[found->second].last_active = now;
    return {found->second, false};
  }
  const std::size_t taken = domains_.size() - 1;
  if (!always_.contains(label)) {
    if (failures == 0) return {};
    // Without a place to give no account is kept: a flood against a full table costs nothing.
    if (taken >= limits_.max_domains && IdleDomain(now) == kOther) return {};
    if (!admission_.Earns(label, failures, taken)) return {};
    return Admit(std::move(label), now);
  }
  domains_.push_back({label, now});
  index_.emplace(std::move(label), static_cast<std::uint32_t>(domains_.size() - 1));
  return {static_cast<std::uint32_t>(domains_.size() - 1), false};
}

DomainPlaces::Place DomainPlaces::Admit(std::string label, std::uint64_t now) {
  Place place;
  if (domains_.size() - 1 < limits_.max_domains) {
    place.index = static_cast<std::uint32_t>(domains_.size());
    domains_.emplace_back();
  } else {
    place = {IdleDomain(now), true};
    index_.erase(domains_[place.index].name);
  }
  domains_[place.index] = {label, now};
  index_.emplace(std::move(label), place.index);
  return place;
}

std::uint32_t DomainPlaces::IdleDomain(std::uint64_t now) {
  if (limits_.idle_seconds == 0 || none_idle_at_ == now) return kOther;
  std::uint32_t oldest = kOther;
  for (std::uint32_t i = 1; i < domains_.size(); ++i) {
    const DomainTotals& domain = domains_[i];
    if (now - domain.last_active < limits_.idle_seconds || always_.contains(domain.name)) continue;
    if (oldest == kOther || domain.last_active < domains_[oldest].last_active) oldest = i;
  }
  if (oldest == kOther) none_idle_at_ = now;
  return oldest;
}

}  // namespace bouncesight
