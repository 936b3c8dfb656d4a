#include "metrics/summary.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "rules/cause.h"

namespace bouncesight {
namespace {

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

std::uint64_t Sum(const FailureCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::uint64_t PermanentOf(const DomainSeries& one) {
  const Outcome outcome = kFailureOutcomes[one.key.outcome];
  const Permanence permanence = PermanenceOf(one.key.code, one.key.enhanced, outcome);
  return permanence == Permanence::kPermanent ? one.count : 0;
}

void SummariseInstances(const Snapshot& snapshot, std::size_t top, Summary& summary) {
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
  summary.causes = causes.Top(top);
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
    domains.Add(domain.empty() ? "no domain" : domain, one.count, permanent, cause);
    codes.Add(CodesOf(key), one.count, permanent, cause);
    if (!provider.empty()) providers.Add(provider, one.count, permanent, cause);
  }
  summary.domains = domains.Top(top);
  summary.codes = codes.Top(top);
  summary.providers = providers.Top(top);
}

// The hits of a list and address of all sources together.
std::vector<Ranked> SummariseBlocklists(const Snapshot& snapshot, std::size_t top) {
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
  std::vector<Ranked> all;
  for (auto& [key, entry] : lists) {
    std::tie(entry.name, entry.detail) = key;
    all.push_back(std::move(entry));
  }
  KeepTop(all, top);
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

}  // namespace

Summary Summarise(const Snapshot& snapshot, std::size_t top, std::vector<MinedTemplate> templates,
                  std::vector<MinedTemplate> refusal_templates) {
  Summary summary;
  SummariseInstances(snapshot, top, summary);
  SummariseSeries(snapshot, top, summary);
  summary.blocklists = SummariseBlocklists(snapshot, top);
  summary.refusals = SummariseRefusals(snapshot, top);
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
