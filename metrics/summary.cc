#include "metrics/summary.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "metrics/summary_time.h"
#include "rules/cause.h"

namespace bouncesight {
namespace {

constexpr std::string_view kNoDomain = "no domain";

// Equal counts stay in their order.
void KeepTop(std::vector<Ranked>& all, std::size_t n) {
  std::stable_sort(all.begin(), all.end(),
                   [](const Ranked& a, const Ranked& b) { return a.count > b.count; });
  if (all.size() > n) all.resize(n);
}

// Counts under a name, and under it the causes, to find the commonest.
class Ranking {
 public:
  void Add(const std::string& name, std::uint64_t count, std::uint64_t permanent,
           const std::string& detail) {
    if (count == 0) return;
    Ranked& entry = entries_[name];
    entry.count += count;
    entry.permanent += permanent;
    details_[name][detail] += count;
  }

  std::vector<Ranked> Top(std::size_t n) {
    std::vector<Ranked> all;
    for (auto& [name, entry] : entries_) {
      const auto& details = details_[name];
      const auto top =
          std::max_element(details.begin(), details.end(),
                           [](const auto& a, const auto& b) { return a.second < b.second; });
      entry.name = name;
      entry.detail = top->first;
      all.push_back(std::move(entry));
    }
    KeepTop(all, n);
    return all;
  }

 private:
  std::map<std::string, Ranked> entries_;
  std::map<std::string, std::map<std::string, std::uint64_t>> details_;
};

std::string FamilyOf(const std::string& cause) {
  const auto id = FindBuiltinCause(cause);
  return id ? std::string(BuiltinCause(*id).family) : std::string();
}

std::string CodesOf(const SeriesKey& key) {
  if (key.code == kOtherCode) return "other";
  std::string codes = key.code == 0 ? std::string() : std::to_string(key.code);
  EnhancedCodeText buffer;
  const std::string_view enhanced = FormatEnhancedCode(key.enhanced, buffer);
  if (!codes.empty() && !enhanced.empty()) codes += ' ';
  codes += enhanced;
  return codes.empty() ? "no code" : codes;
}

template <std::size_t size>
std::uint64_t Sum(const std::array<std::uint64_t, size>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::optional<Moment> At(const std::optional<std::int64_t>& time, const ZoneOffset& zone) {
  if (!time) return std::nullopt;
  return Moment{*time, zone(*time)};
}

void SetSpan(Ranked& row, const TimeSpan& span, const ZoneOffset& zone) {
  row.first = At(span.first, zone);
  row.last = At(span.last, zone);
}

void SetDelays(Ranked& row, const DelayHistogram& delays) {
  row.median = delays.Quantile(0.5);
  row.p95 = delays.Quantile(0.95);
}

std::uint64_t PermanentOf(const DomainSeries& one) {
  const Outcome outcome = kFailureOutcomes[one.key.outcome];
  const Permanence permanence = PermanenceOf(one.key.code, one.key.enhanced, outcome);
  return permanence == Permanence::kPermanent ? one.count : 0;
}

void SummariseInstances(const Snapshot& snapshot, const ReportFacts& facts,
                        const SummaryOptions& options, Summary& summary) {
  for (const Outcome outcome : kDeliveryOutcomes) {
    summary.outcomes.emplace_back(OutcomeName(outcome), 0);
  }
  // Only the series by domain have the codes.
  std::vector<std::uint64_t> permanent(snapshot.causes.size());
  for (const DomainSeries& one : snapshot.domain_series) {
    permanent[one.key.cause] += PermanentOf(one);
  }
  std::vector<std::uint64_t> failures(snapshot.causes.size());
  for (const InstanceTotals& one : snapshot.instances) {
    for (std::size_t i = 0; i < kDeliveryOutcomeCount; ++i) {
      summary.outcomes[i].second += one.deliveries[i];
    }
    for (std::size_t i = 0; i < one.failures.size(); ++i) failures[i] += Sum(one.failures[i]);
  }
  Ranking causes;
  for (std::size_t i = 0; i < failures.size(); ++i) {
    summary.failures += failures[i];
    causes.Add(snapshot.causes[i], failures[i], permanent[i], FamilyOf(snapshot.causes[i]));
  }
  summary.causes = causes.Top(options.top);
  for (Ranked& row : summary.causes) {
    const auto number = std::find(snapshot.causes.begin(), snapshot.causes.end(), row.name);
    const auto index = static_cast<std::size_t>(number - snapshot.causes.begin());
    SetSpan(row, facts.Cause(index), options.zone);
  }
  summary.unclassified = snapshot.unclassified;
}

void SummariseSeries(const Snapshot& snapshot, std::size_t top, Summary& summary) {
  Ranking domains, codes, providers;
  for (const DomainSeries& one : snapshot.domain_series) {
    const SeriesKey& key = one.key;
    const std::uint64_t permanent = PermanentOf(one);
    const std::string& cause = snapshot.causes[key.cause];
    const std::string& domain = snapshot.domains[key.domain].name;
    const std::string& provider = snapshot.providers[key.provider];
    domains.Add(domain.empty() ? std::string(kNoDomain) : domain, one.count, permanent, cause);
    codes.Add(CodesOf(key), one.count, permanent, cause);
    if (!provider.empty()) providers.Add(provider, one.count, permanent, cause);
  }
  summary.domains = domains.Top(top);
  summary.codes = codes.Top(top);
  summary.providers = providers.Top(top);
}

// All traffic of the domains and providers that are in the rankings, beside their failures.
void AddTraffic(const Snapshot& snapshot, const ReportFacts& facts, Summary& summary) {
  const std::map<std::string, DomainTraffic> domains = facts.Domains();
  for (Ranked& row : summary.domains) {
    const auto found = domains.find(row.name == kNoDomain ? std::string() : row.name);
    if (found == domains.end()) continue;
    row.attempts = Sum(found->second.attempts);
    SetDelays(row, found->second.delays);
  }
  std::map<std::string, DomainTraffic> providers;
  for (const InstanceTotals& one : snapshot.instances) {
    for (std::size_t i = 0; i < one.providers.size(); ++i) {
      Add(providers[snapshot.providers[i]].attempts, one.providers[i]);
    }
  }
  for (std::size_t i = 0; i < snapshot.provider_delays.size(); ++i) {
    for (const DelayHistogram& delays : snapshot.provider_delays[i]) {
      providers[snapshot.providers[i]].delays.Add(delays);
    }
  }
  for (Ranked& row : summary.providers) {
    row.attempts = Sum(providers[row.name].attempts);
    SetDelays(row, providers[row.name].delays);
  }
}

// The hits of a list and address of all sources together.
std::vector<Ranked> SummariseBlocklists(const Snapshot& snapshot, const ReportFacts& facts,
                                        const SummaryOptions& options) {
  std::map<std::pair<std::string, std::string>, Ranked> lists;
  for (const ListTotals& one : snapshot.lists) {
    if (IsZero(one.hits)) continue;
    Ranked& entry = lists[{one.list, one.ip}];
    for (std::size_t i = 0; i < kFailureOutcomeCount; ++i) {
      entry.count += one.hits[i];
      if (PermanenceOf(0, {}, kFailureOutcomes[i]) == Permanence::kPermanent)
        entry.permanent += one.hits[i];
    }
  }
  const auto spans = facts.Lists();
  std::vector<Ranked> all;
  for (auto& [key, entry] : lists) {
    std::tie(entry.name, entry.detail) = key;
    if (const auto span = spans.find(key); span != spans.end()) {
      SetSpan(entry, span->second, options.zone);
    }
    all.push_back(std::move(entry));
  }
  KeepTop(all, options.top);
  return all;
}

RefusalSummary SummariseRefusals(const Snapshot& snapshot, std::size_t top) {
  RefusalSummary refusals;
  Ranking causes, lists;
  for (const InstanceTotals& one : snapshot.instances) {
    for (std::size_t i = 0; i < one.rejections.size(); ++i) {
      const auto [temporary, permanent] = one.rejections[i];
      const std::string& cause = snapshot.causes[i];
      causes.Add(cause, temporary + permanent, permanent, FamilyOf(cause));
      refusals.count += temporary + permanent;
      refusals.permanent += permanent;
    }
  }
  for (const ListTotals& one : snapshot.lists) lists.Add(one.list, one.rejections, 0, "");
  refusals.causes = causes.Top(top);
  refusals.blocklists = lists.Top(top);
  return refusals;
}

SourceSummary SummariseSource(const SourceTotals& source) {
  SourceSummary one{source.name,    source.bytes,     source.lines(),
                    source.counted, source.truncated, {}};
  for (std::size_t i = 0; i < kSkipReasonCount; ++i) {
    one.skipped.emplace_back(SkipReasonName(static_cast<SkipReason>(i)), source.skipped[i]);
  }
  one.skipped.emplace_back("excluded", source.excluded);
  return one;
}

// By their last state: a result that is final is one recipient's.
RecipientSummary SummariseRecipients(const Summary& summary, const ReportFacts& facts) {
  RecipientSummary recipients;
  for (const auto& [name, count] : summary.outcomes) {
    if (name == OutcomeName(Outcome::kDelivered)) recipients.delivered += count;
    if (name == OutcomeName(Outcome::kBounced) || name == OutcomeName(Outcome::kExpired)) {
      recipients.failed += count;
    }
  }
  recipients.waiting = facts.waiting().Count();
  return recipients;
}

}  // namespace

Summary Summarise(const Snapshot& snapshot, const ReportFacts& facts, const SummaryOptions& options,
                  std::vector<MinedTemplate> templates,
                  std::vector<MinedTemplate> refusal_templates) {
  Summary summary;
  SummariseInstances(snapshot, facts, options, summary);
  SummariseSeries(snapshot, options.top, summary);
  AddTraffic(snapshot, facts, summary);
  summary.blocklists = SummariseBlocklists(snapshot, facts, options);
  summary.recipients = SummariseRecipients(summary, facts);
  summary.refusals = SummariseRefusals(snapshot, options.top);
  summary.who = SummariseWho(snapshot, facts, options.top, options.providers);
  SummariseTime(snapshot, facts, options, summary);
  for (const SourceTotals& source : snapshot.sources) {
    summary.sources.push_back(SummariseSource(source));
  }
  std::sort(summary.sources.begin(), summary.sources.end(),
            [](const SourceSummary& a, const SourceSummary& b) { return a.name < b.name; });
  summary.unclassified_templates = std::move(templates);
  summary.refusals.unclassified_templates = std::move(refusal_templates);
  return summary;
}

}  // namespace bouncesight
