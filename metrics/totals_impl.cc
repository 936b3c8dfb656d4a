#include "metrics/totals_impl.h"

#include <algorithm>
#include <numeric>

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

template <typename Array>
std::uint64_t Sum(const Array& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

template <typename Array>
void AddTo(Array& to, const Array& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

}  // namespace

Totals::Impl::Impl(TotalsLimits limits)
    : limits_(std::move(limits)),
      places_(limits_.domains),
      causes_(kMaxNames),
      providers_(kMaxNames) {
  ProviderNumber("");
  AddNames(*BuiltinNames());
}

void Totals::Impl::Restore(const Snapshot& restored) {
  data_ = restored;
  places_.Restore(restored.domains);
  series_.Clear();
  series_of_domain_.assign(places_.domains().size(), 0);
  for (const DomainSeries& one : restored.domain_series) AddSeries(one.key, one.count);
  causes_.Clear();
  for (const std::string& name : restored.causes) causes_.Intern(name);
  providers_.Clear();
  for (const std::string& name : restored.providers) providers_.Intern(name);
  for (std::size_t i = 0; i < data_.rules.size(); ++i) rules_[data_.rules[i].rule] = i;
  for (std::size_t i = 0; i < data_.sources.size(); ++i) sources_[data_.sources[i].name] = i;
  instances_of_source_.assign(data_.sources.size(), 0);
  silent_sources_ = data_.sources.size();
  for (std::size_t i = 0; i < data_.instances.size(); ++i) {
    const InstanceTotals& one = data_.instances[i];
    instances_[InstanceKey(one.source, one.mta, one.name)] = i;
    NoteInstance(one.source, one.mta);
  }
  for (std::size_t i = 0; i < data_.blocklists.size(); ++i) {
    blocklists_[Join(data_.blocklists[i].list, data_.blocklists[i].ip)] = i;
  }
  ProviderNumber("");
  AddNames(*BuiltinNames());
}

void Totals::Impl::AddNames(const RuleNames& names) {
  for (const std::string& name : names.causes) CauseNumber(name);
  for (const std::string& name : names.providers) ProviderNumber(name);
  for (const std::string& name : names.rules) RuleIndex(name);
}

void Totals::Impl::Translate(const std::shared_ptr<const RuleNames>& names) {
  if (numbers_.names == names) return;
  numbers_ = {names, {}, {}, {}};
  for (const std::string& name : names->causes) numbers_.causes.push_back(CauseNumber(name));
  for (const std::string& name : names->providers) {
    numbers_.providers.push_back(ProviderNumber(name));
  }
  for (const std::string& name : names->rules) numbers_.rules.push_back(RuleIndex(name));
}

std::uint16_t Totals::Impl::CauseNumber(std::string_view name) {
  const std::uint32_t number = causes_.Intern(NameLabel(name));
  if (number == NameTable::kFull) return 0;
  if (number == data_.causes.size()) data_.causes.push_back(NameLabel(name));
  return static_cast<std::uint16_t>(number);
}

std::uint16_t Totals::Impl::ProviderNumber(std::string_view name) {
  const std::uint32_t number = providers_.Intern(NameLabel(name));
  if (number == NameTable::kFull) return 0;
  if (number == data_.providers.size()) data_.providers.push_back(NameLabel(name));
  return static_cast<std::uint16_t>(number);
}

// data_.rules.size() for "no rule", and for one rule too many.
std::size_t Totals::Impl::RuleIndex(const std::string& name) {
  if (name.empty()) return kMaxRules;
  const std::string label = NameLabel(name);
  const auto found = rules_.find(label);
  if (found != rules_.end()) return found->second;
  if (data_.rules.size() >= kMaxRules) return kMaxRules;
  data_.rules.push_back({label, 0});
  return rules_[label] = data_.rules.size() - 1;
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
  data_.instances.push_back({source, mta, label, {}, {}, {}});
  NoteInstance(source, mta);
  return found->second;
}

void Totals::Impl::NoteInstance(std::uint16_t source, Mta mta) {
  if (instances_of_source_[source]++ == 0) --silent_sources_;
  mtas_ |= 1U << static_cast<unsigned>(mta);
}

std::size_t Totals::Impl::BlocklistIndex(const std::string& list, const std::string& ip,
                                         bool may_fold) {
  const auto [found, added] = blocklists_.emplace(Join(list, ip), data_.blocklists.size());
  if (!added) return found->second;
  const bool room =
      data_.blocklists.size() < limits_.max_blocklist_pairs && HasRoomFor(kFailureOutcomeCount);
  if (may_fold && !room) {
    blocklists_.erase(found);
    return BlocklistIndex(std::string(kOtherLabel), std::string(kOtherLabel), false);
  }
  data_.blocklists.push_back({list, ip, {}});
  return found->second;
}

void Totals::Impl::Merge(const Tally& tally) {
  Translate(tally.shared_names());
  for (const SourceTally& source : tally.sources()) MergeSource(source);
  MergeSeries(tally);
  for (const BlocklistTally& hits : tally.blocklists()) MergeBlocklist(hits);
  for (std::size_t i = 1; i < tally.rule_hits().size(); ++i) {
    const std::size_t rule = numbers_.rules[i];
    if (rule < data_.rules.size()) data_.rules[rule].hits += tally.rule_hits()[i];
  }
  for (std::size_t mta = 0; mta < kMtaCount; ++mta) {
    for (std::size_t i = 0; i < kFinalOutcomeCount; ++i) {
      data_.delays[mta][i].Add(tally.delays()[mta][i]);
    }
    for (std::size_t i = 0; i < kDelayStepCount; ++i) {
      data_.steps[mta][i].Add(tally.steps()[mta][i]);
    }
  }
  data_.overflow.domain += tally.overflow().domain;
  data_.overflow.code += tally.overflow().code;
  data_.overflow.instance += tally.overflow().instance;
  data_.overflow.blocklist += tally.overflow().blocklist;
}

void Totals::Impl::MergeSource(const SourceTally& from) {
  const std::uint16_t index = SourceIndex(from.name);
  SourceTotals& to = data_.sources[index];
  to.bytes += from.bytes;
  to.counted += from.counted;
  to.excluded += from.excluded;
  to.truncated += from.truncated;
  AddTo(to.skipped, from.skipped);
  for (const InstanceTally& instance : from.instances) MergeInstance(index, instance);
}

void Totals::Impl::MergeInstance(std::uint16_t source, const InstanceTally& from) {
  const std::uint64_t events = Sum(from.deliveries);
  if (events == 0) return;  // a Tally keeps the places of instances that it saw before
  const std::size_t index = InstanceIndex(source, from.mta, from.name, true);
  InstanceTotals& to = data_.instances[index];
  if (to.name == kOtherLabel && from.name != kOtherLabel) data_.overflow.instance += events;
  AddTo(to.deliveries, from.deliveries);
  if (to.failures.size() < data_.causes.size()) to.failures.resize(data_.causes.size());
  for (std::size_t cause = 0; cause < from.failures.size(); ++cause) {
    const std::size_t number = cause < numbers_.causes.size() ? numbers_.causes[cause] : 0;
    AddTo(to.failures[number], from.failures[cause]);
    if (cause == 0) data_.unclassified += Sum(from.failures[cause]);
    if (cause < from.exemplars.size()) MergeExemplars(to, number, from.exemplars[cause]);
  }
}

void Totals::Impl::MergeExemplars(InstanceTotals& to, std::size_t cause, const ExemplarRow& from) {
  if (to.exemplars.size() < data_.causes.size()) to.exemplars.resize(data_.causes.size());
  for (std::size_t outcome = 0; outcome < from.size(); ++outcome) {
    if (!from[outcome].is_set()) continue;
    Exemplar& exemplar = to.exemplars[cause][outcome];
    exemplar = from[outcome];
    const std::size_t rule = exemplar.rule();
    const std::size_t number = rule < numbers_.rules.size() ? numbers_.rules[rule] : kMaxRules;
    exemplar.SetRule(number < data_.rules.size() ? static_cast<std::uint32_t>(number + 1) : 0);
  }
}

void Totals::Impl::MergeBlocklist(const BlocklistTally& from) {
  const std::string list = NameLabel(from.list);
  const std::string ip = from.ip == kOtherLabel ? from.ip : AddressLabel(from.ip);
  const std::size_t index = BlocklistIndex(list, ip, true);
  if (data_.blocklists[index].list != list) data_.overflow.blocklist += Sum(from.hits);
  AddTo(data_.blocklists[index].hits, from.hits);
}

std::shared_ptr<const Snapshot> Totals::Impl::Publish() {
  ++data_.generation;
  auto snapshot = std::make_shared<Snapshot>(data_);
  snapshot->domains = places_.domains();
  snapshot->domain_series = series_.entries();
  return snapshot;
}

}  // namespace bouncesight
