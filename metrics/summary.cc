#include "metrics/summary.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "rules/cause.h"

namespace bouncesight {
namespace {

// Counts under a name, and under it the causes, to find the commonest.
class Ranking {
 public:
  void Add(const std::string& name, std::size_t outcome, std::uint64_t count,
           const std::string& detail) {
    if (count == 0) return;
    Ranked& entry = entries_[name];
    entry.count += count;
    if (kFailureOutcomes[outcome] != Outcome::kDeferred) entry.permanent += count;
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
    std::stable_sort(all.begin(), all.end(),
                     [](const Ranked& a, const Ranked& b) { return a.count > b.count; });
    if (all.size() > n) all.resize(n);
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

void SummariseInstances(const Snapshot& snapshot, std::size_t top, Summary& summary) {
  Ranking causes;
  for (std::size_t i = 0; i < kOutcomeCount; ++i) {
    summary.outcomes.emplace_back(OutcomeName(static_cast<Outcome>(i)), 0);
  }
  for (const InstanceTotals& one : snapshot.instances) {
    for (std::size_t i = 0; i < kOutcomeCount; ++i) summary.outcomes[i].second += one.deliveries[i];
    for (std::size_t cause = 0; cause < one.failures.size(); ++cause) {
      const std::string& name = snapshot.causes[cause];
      for (std::size_t i = 0; i < kFailureOutcomeCount; ++i) {
        summary.failures += one.failures[cause][i];
        causes.Add(name, i, one.failures[cause][i], FamilyOf(name));
      }
    }
  }
  summary.causes = causes.Top(top);
  summary.unclassified = snapshot.unclassified;
}

void SummariseSeries(const Snapshot& snapshot, std::size_t top, Summary& summary) {
  Ranking domains, codes, providers;
  for (const DomainSeries& one : snapshot.domain_series) {
    const SeriesKey& key = one.key;
    const std::string& cause = snapshot.causes[key.cause];
    const std::string& domain = snapshot.domains[key.domain].name;
    const std::string& provider = snapshot.providers[key.provider];
    domains.Add(domain.empty() ? "no domain" : domain, key.outcome, one.count, cause);
    codes.Add(CodesOf(key), key.outcome, one.count, cause);
    if (!provider.empty()) providers.Add(provider, key.outcome, one.count, cause);
  }
  summary.domains = domains.Top(top);
  summary.codes = codes.Top(top);
  summary.providers = providers.Top(top);
}

std::vector<Ranked> SummariseBlocklists(const Snapshot& snapshot, std::size_t top) {
  std::vector<Ranked> all;
  for (const BlocklistTotals& one : snapshot.blocklists) {
    Ranked& entry = all.emplace_back();
    entry.name = one.list;
    entry.detail = one.ip;
    for (std::size_t i = 0; i < kFailureOutcomeCount; ++i) {
      entry.count += one.hits[i];
      if (kFailureOutcomes[i] != Outcome::kDeferred) entry.permanent += one.hits[i];
    }
  }
  std::sort(all.begin(), all.end(), [](const Ranked& a, const Ranked& b) {
    if (a.count != b.count) return a.count > b.count;
    return std::tie(a.name, a.detail) < std::tie(b.name, b.detail);
  });
  if (all.size() > top) all.resize(top);
  return all;
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

Summary Summarise(const Snapshot& snapshot, std::size_t top, std::vector<MinedTemplate> templates) {
  Summary summary;
  SummariseInstances(snapshot, top, summary);
  SummariseSeries(snapshot, top, summary);
  summary.blocklists = SummariseBlocklists(snapshot, top);
  for (const SourceTotals& source : snapshot.sources) {
    summary.sources.push_back(SummariseSource(source));
  }
  std::sort(summary.sources.begin(), summary.sources.end(),
            [](const SourceSummary& a, const SourceSummary& b) { return a.name < b.name; });
  summary.unclassified_templates = std::move(templates);
  return summary;
}

}  // namespace bouncesight
