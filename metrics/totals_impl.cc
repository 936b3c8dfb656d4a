// What Totals knows by name: causes, providers, rules, sources, instances, block lists.
#include "metrics/totals_impl.h"

#include "metrics/label.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMaxNames = 0xFFFE;  // of causes and of providers: their numbers have 16 bits
constexpr std::size_t kMaxRules = 20000;   // over all rule sets since the state began

// Joined by a byte that no label holds.
std::string Join(std::string_view a, std::string_view b) {
  std::string key(a);
  key += '\n';
  key += b;
  return key;
}

std::string InstanceKey(std::uint16_t source, Mta mta, std::string_view name) {
  return Join(std::to_string(source) + ' ' + std::to_string(static_cast<int>(mta)), name);
}

std::string ListKey(std::uint16_t source, std::string_view list, std::string_view ip) {
  return Join(std::to_string(source), Join(list, ip));
}

// The number of `name` in a table and its index; 0 where there is no room for another.
std::uint16_t NumberOf(std::string_view name, NameTable& index, std::vector<std::string>& names) {
  const std::string label = NameLabel(name);
  const std::uint32_t number = index.Intern(label);
  if (number == NameTable::kFull) return 0;
  if (number == names.size()) names.push_back(label);
  return static_cast<std::uint16_t>(number);
}

// Leaves the rules that have hit.
void DropIdleRules(Snapshot& data) {
  std::vector<std::string> rules = {""};
  By<NameKind::kRule, std::uint64_t> hits;
  for (std::size_t i = 1; i < data.rules.size(); ++i) {
    if (data.rule_hits.Of(i) == 0) continue;
    hits.Grown(rules.size()) = data.rule_hits[i];
    rules.push_back(data.rules[i]);
  }
  data.rules = std::move(rules);
  data.rule_hits = std::move(hits);
}

void Index(const std::vector<std::string>& names, NameTable& index) {
  index.Clear();
  for (const std::string& name : names) index.Intern(name);
}

}  // namespace

Totals::Impl::Impl(TotalsLimits limits)
    : limits_(std::move(limits)),
      places_(limits_.domains),
      causes_(kMaxNames),
      providers_(kMaxNames),
      rules_(kMaxRules) {
  AddNames(*BuiltinNames());
}

void Totals::Impl::Restore(const Snapshot& restored) {
  data_ = restored;
  if (!limits_.all_rules) DropIdleRules(data_);
  places_.Restore(restored.domains);
  series_.Clear();
  domain_deliveries_.Clear();
  series_of_domain_.assign(places_.domains().size(), 0);
  for (const DomainSeries& one : restored.domain_series) AddSeries(one.key, one.count);
  for (const DomainDeliveries& one : restored.domain_deliveries) {
    domain_deliveries_[one.key] = one.count;
  }
  Index(data_.causes, causes_);
  Index(data_.providers, providers_);
  Index(data_.rules, rules_);
  for (std::size_t i = 0; i < data_.sources.size(); ++i) sources_[data_.sources[i].name] = i;
  instances_of_source_.assign(data_.sources.size(), 0);
  silent_sources_ = data_.sources.size();
  for (std::size_t i = 0; i < data_.instances.size(); ++i) {
    const InstanceTotals& one = data_.instances[i];
    instances_[InstanceKey(one.source, one.mta, one.name)] = i;
    NoteInstance(one.source, one.mta);
  }
  for (std::size_t i = 0; i < data_.lists.size(); ++i) {
    lists_[ListKey(data_.lists[i].source, data_.lists[i].list, data_.lists[i].ip)] = i;
  }
  AddNames(*BuiltinNames());
  CountCells();
}

void Totals::Impl::AddNames(const RuleNames& names) {
  for (const std::string& name : names.causes) CauseNumber(name);
  for (const std::string& name : names.providers) ProviderNumber(name);
  other_provider_ = ProviderNumber(kOtherLabel);
  RuleNumber("");
  if (limits_.all_rules) {
    for (const std::string& name : names.rules) RuleNumber(name);
  }
  NoteProviderLists(names);
}

void Totals::Impl::NoteProviderLists(const RuleNames& names) {
  provider_lists_.clear();
  for (const std::string& list : names.provider_lists) provider_lists_.insert(NameLabel(list));
  for (ListTotals& one : data_.lists) one.of_provider = provider_lists_.contains(one.list);
}

void Totals::Impl::Translate(const std::shared_ptr<const RuleNames>& names) {
  if (numbers_.names == names) return;
  numbers_ = {names, {}, {}, {}};
  for (const std::string& name : names->causes) numbers_.causes.push_back(CauseNumber(name));
  for (const std::string& name : names->providers) {
    numbers_.providers.push_back(ProviderNumber(name));
  }
  numbers_.rules.assign(names->rules.size(), RuleSetNumbers::kUnseen);
  NoteProviderLists(*names);
}

std::uint16_t Totals::Impl::Translated(NameKind kind, std::size_t number) {
  std::vector<std::uint16_t>& table = kind == NameKind::kCause      ? numbers_.causes
                                      : kind == NameKind::kProvider ? numbers_.providers
                                                                    : numbers_.rules;
  if (number >= table.size()) return 0;
  if (table[number] == RuleSetNumbers::kUnseen) {
    table[number] = RuleNumber(numbers_.names->rules[number]);
  }
  return table[number];
}

std::uint16_t Totals::Impl::CauseNumber(std::string_view name) {
  return NumberOf(name, causes_, data_.causes);
}

std::uint16_t Totals::Impl::ProviderNumber(std::string_view name) {
  return NumberOf(name, providers_, data_.providers);
}

std::uint16_t Totals::Impl::RuleNumber(std::string_view name) {
  return NumberOf(name, rules_, data_.rules);
}

std::uint16_t Totals::Impl::SourceIndex(std::string_view name) {
  const auto [found, added] = sources_.emplace(NameLabel(name), data_.sources.size());
  if (added) {
    data_.sources.emplace_back().name = found->first;
    instances_of_source_.push_back(0);
    ++silent_sources_;
  }
  return static_cast<std::uint16_t>(found->second);
}

void Totals::Impl::AddSource(std::string_view name, std::optional<Mta> mta) {
  const std::uint16_t source = SourceIndex(name);
  if (!mta || instances_of_source_[source] != 0) return;
  // The name that Postfix has by default; others have none in a log of their own.
  InstanceIndex(source, *mta, *mta == Mta::kPostfix ? "postfix" : "", true);
}

std::size_t Totals::Impl::InstanceIndex(std::uint16_t source, Mta mta, std::string_view name,
                                        bool may_fold) {
  const std::string label = NameLabel(name);
  const auto [found, added] =
      instances_.emplace(InstanceKey(source, mta, label), data_.instances.size());
  if (!added) return found->second;
  const bool room =
      instances_of_source_[source] < limits_.max_instances && HasRoomFor(SeriesPerInstance());
  if (may_fold && !room) {
    instances_.erase(found);
    return InstanceIndex(source, mta, kOtherLabel, false);
  }
  data_.instances.push_back({{}, source, mta, label, {}});
  NoteInstance(source, mta);
  return found->second;
}

void Totals::Impl::NoteInstance(std::uint16_t source, Mta mta) {
  if (instances_of_source_[source]++ == 0) --silent_sources_;
  mtas_ |= 1U << static_cast<unsigned>(mta);
}

std::size_t Totals::Impl::ListIndex(std::uint16_t source, const std::string& list,
                                    const std::string& ip, bool may_fold) {
  const auto [found, added] = lists_.emplace(ListKey(source, list, ip), data_.lists.size());
  if (!added) return found->second;
  const bool room =
      data_.lists.size() < limits_.max_blocklist_pairs && HasRoomFor(kFailureOutcomeCount + 1);
  if (may_fold && !room) {
    lists_.erase(found);
    return ListIndex(source, std::string(kOtherLabel), std::string(kOtherLabel), false);
  }
  data_.lists.push_back({{}, source, provider_lists_.contains(list), list, ip});
  return found->second;
}

std::shared_ptr<const Snapshot> Totals::Impl::Publish() {
  ++data_.generation;
  auto snapshot = std::make_shared<Snapshot>(data_);
  snapshot->domains = places_.domains();
  snapshot->domain_series = series_.entries();
  snapshot->domain_deliveries = domain_deliveries_.entries();
  return snapshot;
}

}  // namespace bouncesight
