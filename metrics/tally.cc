#include "metrics/tally.h"

#include <algorithm>

#include "metrics/label.h"
#include "parsers/text/ascii.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMaxLabelBytes = 128;

template <typename T>
std::size_t Index(T value) {
  return static_cast<std::size_t>(value);
}

}  // namespace

Tally::Tally(std::shared_ptr<const RuleNames> names, TallyLimits limits)
    : names_(std::move(names)), limits_(limits), domains_(limits.max_domains + 1) {
  domains_.Intern(kOtherLabel);
}

SourceId Tally::Source(std::string_view name) {
  const auto found = std::find_if(sources_.begin(), sources_.end(),
                                  [&](const SourceTally& source) { return source.name == name; });
  const auto number = found - sources_.begin();
  if (found == sources_.end()) sources_.emplace_back().name = name;
  return static_cast<SourceId>(number);
}

InstanceTally& Tally::Instance(SourceTally& source, const DeliveryEvent& event) {
  const auto is = [&](const InstanceTally& instance, std::string_view name) {
    return instance.mta == event.mta && SameBytes(instance.name, name);
  };
  auto& all = source.instances;
  if (source.last_instance < all.size() && is(all[source.last_instance], event.instance)) {
    return all[source.last_instance];
  }
  std::string_view name = event.instance.substr(0, kMaxLabelBytes);
  auto found = std::find_if(all.begin(), all.end(), [&](auto& one) { return is(one, name); });
  if (found == all.end() && all.size() >= limits_.max_instances) {
    log_.overflow.instance += event.repeat;
    name = kOtherLabel;
    found = std::find_if(all.begin(), all.end(), [&](auto& one) { return is(one, name); });
  }
  if (found == all.end()) {
    all.push_back({{}, event.mta, std::string(name), {}});
    found = all.end() - 1;
  }
  source.last_instance = Index(found - all.begin());
  return *found;
}

void Tally::CountEvent(SourceId id, const DeliveryEvent& event, const Verdict& verdict) {
  ++At(id).counted;  // one line, whatever it stands for
  CountResult(id, event, verdict);
}

void Tally::CountResult(SourceId id, const DeliveryEvent& event, const Verdict& verdict) {
  InstanceTally& instance = Instance(At(id), event);
  const std::size_t outcome = DeliveryIndex(event.outcome);
  if (outcome == kDeliveryOutcomeCount) return CountRejection(id, instance, event, verdict);
  instance.deliveries[outcome] += event.repeat;
  if (outcome >= kAttemptOutcomeCount) return;
  instance.providers.Grown(Index(verdict.provider))[outcome] += event.repeat;
  const std::size_t failure = FailureIndex(event.outcome);
  const bool failed = failure < kFailureOutcomeCount;
  const std::uint32_t domain = Domain(event, failed);
  CountDelivery(domain, verdict.provider, outcome, event.repeat);
  const std::size_t final_index = FinalIndex(event.outcome);
  if (final_index < kFinalOutcomeCount) CountDelay(final_index, event, verdict.provider);
  if (!failed) return;
  CountFailure(instance, failure, event, verdict);
  CountDomain(domain, id, failure, event, verdict);
  if (verdict.blocklist.empty()) return;
  List(id, verdict.blocklist, verdict.listed_ip, event.repeat).hits[failure] += event.repeat;
}

void Tally::CountDelay(std::size_t final_index, const DeliveryEvent& event, ProviderId provider) {
  log_.delays[Index(event.mta)][final_index].Observe(event.delay_seconds, event.repeat);
  if (provider != ProviderId::kNone) {
    DelayRow& row = log_.provider_delays.Grown(Index(provider));
    row[final_index].Observe(event.delay_seconds, event.repeat);
  }
  if (!TellsStep(event.mta, DelayStep::kQueue)) return;
  auto& steps = log_.steps[Index(event.mta)];
  for (std::size_t i = 0; i < kDelayStepCount; ++i) {
    steps[i].Observe(event.step_seconds[i], event.repeat);
  }
}

void Tally::CountFailure(InstanceTally& instance, std::size_t outcome, const DeliveryEvent& event,
                         const Verdict& verdict) {
  const std::size_t cause = Index(verdict.cause);
  instance.failures.Grown(cause)[outcome] += event.repeat;
  if (verdict.cause == CauseId::kUnclassified) log_.unclassified += event.repeat;
  CountRule(verdict.rule, event.repeat);
  if (!limits_.exemplars) return;
  if (cause >= instance.exemplars.size()) instance.exemplars.resize(cause + 1);
  instance.exemplars[cause][outcome].Set(event.queue_id, static_cast<std::uint32_t>(verdict.rule));
}

// A refusal of our own says nothing of a provider, and the address it calls listed is a client's.
void Tally::CountRejection(SourceId source, InstanceTally& instance, const DeliveryEvent& event,
                           const Verdict& verdict) {
  const Permanence permanence = PermanenceOf(event.reply.code, event.reply.enhanced, event.outcome);
  instance.rejections.Grown(Index(verdict.cause))[Index(permanence)] += event.repeat;
  CountRule(verdict.rule, event.repeat);
  if (verdict.blocklist.empty()) return;
  List(source, verdict.blocklist, {}, event.repeat).rejections += event.repeat;
}

void Tally::CountRule(RuleId rule, std::uint32_t repeat) {
  if (rule != RuleId::kNone && Index(rule) < names_->rules.size()) {
    log_.rule_hits.Grown(Index(rule)) += repeat;
  }
}

std::uint32_t Tally::Domain(const DeliveryEvent& event, bool failed) {
  DomainBuffer buffer;
  const std::uint32_t domain = domains_.Intern(FoldDomain(event.recipient_domain, buffer));
  if (domain != NameTable::kFull) return domain;
  if (failed) log_.overflow.domain += event.repeat;
  return 0;
}

void Tally::CountDelivery(std::uint32_t domain, ProviderId provider, std::size_t outcome,
                          std::uint32_t repeat) {
  DomainKey key{domain, static_cast<std::uint16_t>(provider), static_cast<std::uint8_t>(outcome)};
  if (domain_deliveries_.size() >= limits_.max_series && !domain_deliveries_.Contains(key)) {
    key.domain = 0;
    key.provider = 0;
  }
  domain_deliveries_[key] += repeat;
}

void Tally::CountDomain(std::uint32_t domain, SourceId source, std::size_t outcome,
                        const DeliveryEvent& event, const Verdict& verdict) {
  SeriesKey key;
  key.domain = domain;
  key.source = static_cast<std::uint16_t>(source);
  key.provider = static_cast<std::uint16_t>(verdict.provider);
  key.cause = static_cast<std::uint16_t>(verdict.cause);
  key.code = event.reply.code;
  key.enhanced = event.reply.enhanced;
  key.outcome = static_cast<std::uint8_t>(outcome);
  if (series_.size() >= limits_.max_series && !series_.Contains(key)) {
    // Sources, outcomes and causes are closed sets, so what this adds to the table is bounded.
    key.domain = 0;
    key.provider = 0;
    key.code = kOtherCode;
    key.enhanced = kOtherEnhanced;
    log_.overflow.code += event.repeat;
  }
  series_[key] += event.repeat;
}

ListTally* Tally::FindList(SourceId source, std::string_view list, std::string_view ip) {
  const auto found = std::find_if(lists_.begin(), lists_.end(), [&](const ListTally& one) {
    return one.source == Index(source) && one.list == list && one.ip == ip;
  });
  return found == lists_.end() ? nullptr : &*found;
}

ListCounters& Tally::List(SourceId source, std::string_view list, std::string_view ip,
                          std::uint32_t repeat) {
  list = list.substr(0, kMaxLabelBytes);
  ip = ip.substr(0, kMaxLabelBytes);
  if (ListTally* found = FindList(source, list, ip)) return *found;
  if (lists_.size() >= limits_.max_blocklists) {
    log_.overflow.blocklist += repeat;
    list = ip = kOtherLabel;
    if (ListTally* found = FindList(source, list, ip)) return *found;
  }
  lists_.push_back({{}, static_cast<std::uint16_t>(source), std::string(list), std::string(ip)});
  return lists_.back();
}

bool Tally::nearly_full() const {
  return domains_.size() * 2 > limits_.max_domains || series_.size() * 2 > limits_.max_series ||
         domain_deliveries_.size() * 2 > limits_.max_series ||
         lists_.size() * 2 > limits_.max_blocklists;
}

void Tally::Clear(std::shared_ptr<const RuleNames> names) {
  std::erase_if(sources_, [](const SourceTally& source) {
    return source.counted + source.excluded == 0 &&
           std::all_of(source.skipped.begin(), source.skipped.end(), [](auto n) { return n == 0; });
  });
  names_ = std::move(names);
  const auto reset = [&](auto& counter) { Reset(counter); };
  for (SourceTally& source : sources_) {
    SourceCounters::ForEach(reset, source);
    // An instance keeps its place, or each first line of an interval would allocate; but not beyond
    // what one interval may hold.
    for (InstanceTally& instance : source.instances) {
      InstanceCounters::ForEach(reset, instance);
      std::fill(instance.exemplars.begin(), instance.exemplars.end(), ExemplarRow{});
    }
  }
  domains_.Clear();
  domains_.Intern(kOtherLabel);
  series_.Clear();
  domain_deliveries_.Clear();
  lists_.clear();
  joined_.clear();
  LogCounters::ForEach(reset, log_);
}

}  // namespace bouncesight
