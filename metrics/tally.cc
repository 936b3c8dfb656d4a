#include "metrics/tally.h"

#include <algorithm>

namespace bouncesight {
namespace {

constexpr std::size_t kMaxDomainBytes = 253;  // RFC 1035, 2.3.4, without the last dot
constexpr std::string_view kOther = "other";
constexpr std::string_view kTooLong = "invalid";
constexpr std::size_t kMaxLabelBytes = 128;

// `text` in lower case, in `buffer`. Only ASCII: what else a name holds is for label.h.
std::string_view LowerCase(std::string_view text, std::array<char, kMaxDomainBytes>& buffer) {
  if (text.size() > buffer.size()) return kTooLong;
  std::transform(text.begin(), text.end(), buffer.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return {buffer.data(), text.size()};
}

template <typename T>
std::size_t Index(T value) {
  return static_cast<std::size_t>(value);
}

}  // namespace

Tally::Tally(std::shared_ptr<const RuleNames> names, TallyLimits limits)
    : names_(std::move(names)), limits_(limits), domains_(limits.max_domains + 1) {
  domains_.Intern(kOther);
  rule_hits_.resize(names_->rules.size());
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
    return instance.mta == event.mta && instance.name == name;
  };
  auto& all = source.instances;
  if (source.last_instance < all.size() && is(all[source.last_instance], event.instance)) {
    return all[source.last_instance];
  }
  std::string_view name = event.instance.substr(0, kMaxLabelBytes);
  auto found = std::find_if(all.begin(), all.end(), [&](auto& one) { return is(one, name); });
  if (found == all.end() && all.size() >= limits_.max_instances) {
    overflow_.instance += event.repeat;
    name = kOther;
    found = std::find_if(all.begin(), all.end(), [&](auto& one) { return is(one, name); });
  }
  if (found == all.end()) {
    all.push_back({event.mta, std::string(name), {}, {}, {}});
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
  instance.deliveries[Index(event.outcome)] += event.repeat;
  const std::size_t final_index = FinalIndex(event.outcome);
  if (final_index < kFinalOutcomeCount) CountDelay(final_index, event);
  const std::size_t failure = FailureIndex(event.outcome);
  if (failure < kFailureOutcomeCount) CountFailure(instance, failure, event, verdict);
}

void Tally::CountDelay(std::size_t final_index, const DeliveryEvent& event) {
  delays_[Index(event.mta)][final_index].Observe(event.delay_seconds, event.repeat);
  if (!TellsStep(event.mta, DelayStep::kQueue)) return;
  auto& steps = steps_[Index(event.mta)];
  for (std::size_t i = 0; i < kDelayStepCount; ++i) {
    steps[i].Observe(event.step_seconds[i], event.repeat);
  }
}

void Tally::CountFailure(InstanceTally& instance, std::size_t outcome, const DeliveryEvent& event,
                         const Verdict& verdict) {
  const std::size_t cause = Index(verdict.cause);
  if (cause >= instance.failures.size()) {
    instance.failures.resize(std::max(names_->causes.size(), cause + 1));
  }
  instance.failures[cause][outcome] += event.repeat;
  const std::size_t rule = Index(verdict.rule);
  if (limits_.exemplars) {
    instance.exemplars.resize(instance.failures.size());
    instance.exemplars[cause][outcome].Set(event.queue_id, static_cast<std::uint32_t>(rule));
  }
  if (rule != 0 && rule < rule_hits_.size()) rule_hits_[rule] += event.repeat;
  CountDomain(outcome, event, verdict);
  if (!verdict.blocklist.empty()) CountBlocklist(outcome, event.repeat, verdict);
}

void Tally::CountDomain(std::size_t outcome, const DeliveryEvent& event, const Verdict& verdict) {
  std::array<char, kMaxDomainBytes> buffer;
  SeriesKey key;
  key.domain = domains_.Intern(LowerCase(event.recipient_domain, buffer));
  if (key.domain == NameTable::kFull) {
    key.domain = 0;
    overflow_.domain += event.repeat;
  }
  key.provider = static_cast<std::uint16_t>(verdict.provider);
  key.cause = static_cast<std::uint16_t>(verdict.cause);
  key.code = event.reply.code;
  key.enhanced = event.reply.enhanced;
  key.outcome = static_cast<std::uint8_t>(outcome);
  if (series_.size() >= limits_.max_series && !series_.Contains(key)) {
    // Outcomes and causes are closed sets, so what this adds to the table is bounded.
    key.domain = 0;
    key.provider = 0;
    key.code = kOtherCode;
    key.enhanced = kOtherEnhanced;
    overflow_.code += event.repeat;
  }
  series_[key] += event.repeat;
}

void Tally::CountBlocklist(std::size_t outcome, std::uint32_t repeat, const Verdict& verdict) {
  const auto count_as = [&](std::string_view list, std::string_view ip) {
    const auto found =
        std::find_if(blocklists_.begin(), blocklists_.end(),
                     [&](const BlocklistTally& one) { return one.list == list && one.ip == ip; });
    if (found != blocklists_.end()) return found->hits[outcome] += repeat, true;
    if (blocklists_.size() >= limits_.max_blocklists && list != kOther) return false;
    blocklists_.push_back({std::string(list), std::string(ip), {}});
    blocklists_.back().hits[outcome] += repeat;
    return true;
  };
  const std::string_view list = verdict.blocklist.substr(0, kMaxLabelBytes);
  if (count_as(list, verdict.listed_ip.substr(0, kMaxLabelBytes))) return;
  overflow_.blocklist += repeat;
  count_as(kOther, kOther);
}

bool Tally::nearly_full() const {
  return domains_.size() * 2 > limits_.max_domains || series_.size() * 2 > limits_.max_series ||
         blocklists_.size() * 2 > limits_.max_blocklists;
}

void Tally::Clear(std::shared_ptr<const RuleNames> names) {
  const bool renamed = names != names_;
  std::erase_if(sources_, [](const SourceTally& source) {
    return source.counted + source.excluded == 0 &&
           std::all_of(source.skipped.begin(), source.skipped.end(), [](auto n) { return n == 0; });
  });
  names_ = std::move(names);
  for (SourceTally& source : sources_) {
    source.bytes = source.counted = source.excluded = source.truncated = 0;
    source.skipped = {};
    // An instance keeps its place, or each first line of an interval would allocate; but not beyond
    // what one interval may hold.
    for (InstanceTally& instance : source.instances) {
      instance.deliveries = {};
      std::fill(instance.failures.begin(), instance.failures.end(),
                std::array<std::uint64_t, kFailureOutcomeCount>{});
      std::fill(instance.exemplars.begin(), instance.exemplars.end(), ExemplarRow{});
      if (renamed) {
        instance.failures.clear();
        instance.exemplars.clear();
      }
    }
  }
  domains_.Clear();
  domains_.Intern(kOther);
  series_.Clear();
  blocklists_.clear();
  rule_hits_.assign(names_->rules.size(), 0);
  delays_ = {};
  steps_ = {};
  overflow_ = {};
}

}  // namespace bouncesight
