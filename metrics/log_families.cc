// The metrics of the logs: everything here comes out of a Snapshot.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/families.h"
#include "metrics/label.h"

namespace bouncesight {
namespace {

using prometheus::MetricType;

std::string CodeText(std::uint16_t code) {
  if (code == 0) return {};
  return code == kOtherCode ? std::string(kOtherLabel) : std::to_string(code);
}

std::string_view EnhancedText(EnhancedCode code, EnhancedCodeText& buffer) {
  return code == kOtherEnhanced ? kOtherLabel : FormatEnhancedCode(code, buffer);
}

// One row for each instance, and one without an instance for each source that has shown none yet,
// so that alerts have a zero to start from.
std::vector<InstanceTotals> Instances(const Snapshot& snapshot) {
  std::vector<InstanceTotals> rows = snapshot.instances;
  std::vector<bool> seen(snapshot.sources.size());
  for (const InstanceTotals& row : rows) seen[row.source] = true;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i]) rows.push_back({{}, static_cast<std::uint16_t>(i), Mta::kPostfix, "", {}});
  }
  return rows;
}

struct InstanceLabels {
  std::string_view source, mta, name;
};

InstanceLabels LabelsOf(const Snapshot& snapshot, const InstanceTotals& row, std::size_t index) {
  const bool real = index < snapshot.instances.size();
  return {snapshot.sources[row.source].name, real ? MtaName(row.mta) : "", row.name};
}

void AppendDeliveries(const Snapshot& snapshot, const std::vector<InstanceTotals>& rows,
                      Families& families) {
  FamilyBuilder out(
      families, "deliveries_total",
      "Delivery results by outcome; suspended is a recipient put off with no attempt.",
      MetricType::Counter);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const InstanceLabels labels = LabelsOf(snapshot, rows[i], i);
    for (std::size_t outcome = 0; outcome < kDeliveryOutcomeCount; ++outcome) {
      out.Add({{"source", labels.source},
               {"mta", labels.mta},
               {"mta_instance", labels.name},
               {"outcome", OutcomeName(kDeliveryOutcomes[outcome])}},
              rows[i].deliveries[outcome]);
    }
  }
}

void AppendFailures(const Snapshot& snapshot, const std::vector<InstanceTotals>& rows,
                    Families& families) {
  FamilyBuilder out(
      families, "failures_total",
      "Deliveries that failed, for now or for good, by the cause that the reply names.",
      MetricType::Counter);
  out.Reserve(rows.size() * snapshot.causes.size() * kFailureOutcomeCount);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const InstanceLabels labels = LabelsOf(snapshot, rows[i], i);
    for (std::size_t cause = 0; cause < snapshot.causes.size(); ++cause) {
      const FailureCounts counts = rows[i].failures.Of(cause);
      for (std::size_t outcome = 0; outcome < kFailureOutcomeCount; ++outcome) {
        out.Add({{"source", labels.source},
                 {"mta", labels.mta},
                 {"mta_instance", labels.name},
                 {"outcome", OutcomeName(kFailureOutcomes[outcome])},
                 {"cause", snapshot.causes[cause]}},
                counts[outcome]);
      }
    }
  }
}

// Instances of two MTAs in one source may have the same name, and this family has no mta.
void AppendProviders(const Snapshot& snapshot, Families& families) {
  FamilyBuilder out(families, "provider_deliveries_total",
                    "Delivery attempts by the provider of the remote host and their outcome.",
                    MetricType::Counter);
  std::map<std::pair<std::string, std::string>, By<NameKind::kProvider, AttemptCounts>> rows;
  for (const InstanceTotals& one : snapshot.instances) {
    auto& row = rows[{snapshot.sources[one.source].name, one.name}];
    for (std::size_t i = 0; i < one.providers.size(); ++i) Add(row.Grown(i), one.providers[i]);
  }
  for (const auto& [labels, row] : rows) {
    for (std::size_t provider = 0; provider < row.size(); ++provider) {
      if (IsZero(row[provider])) continue;
      for (std::size_t outcome = 0; outcome < kAttemptOutcomeCount; ++outcome) {
        out.Add({{"source", labels.first},
                 {"mta_instance", labels.second},
                 {"provider", snapshot.providers[provider]},
                 {"outcome", OutcomeName(kDeliveryOutcomes[outcome])}},
                row[provider][outcome]);
      }
    }
  }
}

void AppendDomainDeliveries(const Snapshot& snapshot, Families& families) {
  FamilyBuilder out(families, "domain_deliveries_total",
                    "Delivery attempts by recipient domain and their outcome.",
                    MetricType::Counter);
  out.Reserve(snapshot.domain_deliveries.size());
  for (const DomainDeliveries& one : snapshot.domain_deliveries) {
    out.Add({{"provider", snapshot.providers[one.key.provider]},
             {"domain", snapshot.domains[one.key.domain].name},
             {"outcome", OutcomeName(kDeliveryOutcomes[one.key.outcome])}},
            one.count);
  }
}

std::string_view SourceName(const Snapshot& snapshot, std::uint16_t source) {
  return source == kNoSource ? std::string_view() : snapshot.sources[source].name;
}

void AppendDomains(const Snapshot& snapshot, Families& families) {
  FamilyBuilder out(families, "domain_failures_total",
                    "Failures by recipient domain; domains without a place of their own are other.",
                    MetricType::Counter);
  out.Reserve(snapshot.domain_series.size());
  for (const DomainSeries& one : snapshot.domain_series) {
    EnhancedCodeText buffer;
    out.Add({{"source", SourceName(snapshot, one.key.source)},
             {"provider", snapshot.providers[one.key.provider]},
             {"domain", snapshot.domains[one.key.domain].name},
             {"outcome", OutcomeName(kFailureOutcomes[one.key.outcome])},
             {"code", CodeText(one.key.code)},
             {"enhanced_code", EnhancedText(one.key.enhanced, buffer)},
             {"cause", snapshot.causes[one.key.cause]}},
            one.count);
  }
}

void AppendBlocklists(const Snapshot& snapshot, Families& families) {
  FamilyBuilder out(families, "blocklist_hits_total",
                    "Failures whose reply names a block list, with the address it says is listed.",
                    MetricType::Counter);
  for (const ListTotals& one : snapshot.lists) {
    for (std::size_t outcome = 0; !IsZero(one.hits) && outcome < kFailureOutcomeCount; ++outcome) {
      out.Add({{"source", SourceName(snapshot, one.source)},
               {"blocklist", one.list},
               {"kind", one.of_provider ? "provider" : "dnsbl"},
               {"listed_ip", one.ip},
               {"outcome", OutcomeName(kFailureOutcomes[outcome])}},
              one.hits[outcome]);
    }
  }
}

void AppendRejections(const Snapshot& snapshot, Families& families) {
  {
    FamilyBuilder out(families, "rejections_total",
                      "Mail that our own server refused on the way in, by cause.",
                      MetricType::Counter);
    for (const InstanceTotals& one : snapshot.instances) {
      for (std::size_t cause = 0; cause < one.rejections.size(); ++cause) {
        for (std::size_t i = 0; !IsZero(one.rejections[cause]) && i < kPermanenceCount; ++i) {
          out.Add({{"source", snapshot.sources[one.source].name},
                   {"mta", MtaName(one.mta)},
                   {"mta_instance", one.name},
                   {"cause", snapshot.causes[cause]},
                   {"permanence", PermanenceName(static_cast<Permanence>(i))}},
                  one.rejections[cause][i]);
        }
      }
    }
  }
  FamilyBuilder out(families, "rejection_blocklists_total",
                    "Mail that our own server refused for a block list that names the client.",
                    MetricType::Counter);
  for (const ListTotals& one : snapshot.lists) {
    if (one.rejections == 0) continue;
    out.Add({{"source", SourceName(snapshot, one.source)}, {"blocklist", one.list}},
            one.rejections);
  }
}

void AppendProviderDelays(const Snapshot& snapshot, Families& families) {
  FamilyBuilder out(families, "provider_delay_seconds",
                    "From a message's arrival to its final status, by provider.",
                    MetricType::Histogram);
  for (std::size_t provider = 0; provider < snapshot.provider_delays.size(); ++provider) {
    for (std::size_t i = 0; i < kFinalOutcomeCount; ++i) {
      const DelayHistogram& one = snapshot.provider_delays[provider][i];
      if (IsZero(one)) continue;
      out.Add(
          {{"provider", snapshot.providers[provider]}, {"outcome", OutcomeName(kFinalOutcomes[i])}},
          one);
    }
  }
}

void AppendDelays(const Snapshot& snapshot, Families& families) {
  FamilyBuilder out(families, "delivery_delay_seconds",
                    "From a message's arrival to its final status, once for each recipient.",
                    MetricType::Histogram);
  std::array<bool, kMtaCount> seen{};
  for (const InstanceTotals& one : snapshot.instances)
    seen[static_cast<std::size_t>(one.mta)] = true;
  for (std::size_t mta = 0; mta < kMtaCount; ++mta) {
    for (std::size_t i = 0; seen[mta] && i < kFinalOutcomeCount; ++i) {
      out.Add(
          {{"mta", MtaName(static_cast<Mta>(mta))}, {"outcome", OutcomeName(kFinalOutcomes[i])}},
          snapshot.delays[mta][i]);
    }
  }
}

void AppendSteps(const Snapshot& snapshot, Families& families) {
  FamilyBuilder out(families, "delivery_step_seconds",
                    "The parts of the delay at a message's final status, where lines tell them.",
                    MetricType::Histogram);
  std::array<bool, kMtaCount> seen{};
  for (const InstanceTotals& one : snapshot.instances)
    seen[static_cast<std::size_t>(one.mta)] = true;
  for (std::size_t mta = 0; mta < kMtaCount; ++mta) {
    for (std::size_t i = 0; seen[mta] && i < kDelayStepCount; ++i) {
      const auto step = static_cast<DelayStep>(i);
      if (!TellsStep(static_cast<Mta>(mta), step)) continue;
      out.Add({{"mta", MtaName(static_cast<Mta>(mta))}, {"step", DelayStepName(step)}},
              snapshot.steps[mta][i]);
    }
  }
}

void AppendRules(const Snapshot& snapshot, Families& families) {
  FamilyBuilder(families, "unclassified_replies_total", "Failures whose reply no rule knows.",
                MetricType::Counter)
      .Add({}, snapshot.unclassified);
  {
    FamilyBuilder out(families, "label_overflow_total",
                      "Events whose label value was folded into other, by the label.",
                      MetricType::Counter);
    out.Add({{"label", "domain"}}, snapshot.overflow.domain);
    out.Add({{"label", "code"}}, snapshot.overflow.code);
    out.Add({{"label", "mta_instance"}}, snapshot.overflow.instance);
    out.Add({{"label", "blocklist"}}, snapshot.overflow.blocklist);
    out.Add({{"label", "provider"}}, snapshot.overflow.provider);
  }
  FamilyBuilder out(families, "rule_hits_total", "Failures and refusals that a rule decided.",
                    MetricType::Counter);
  for (std::size_t i = 1; i < snapshot.rules.size(); ++i) {
    out.Add({{"rule", snapshot.rules[i]}}, snapshot.rule_hits.Of(i));
  }
}

void AppendSources(const Snapshot& snapshot, Families& families) {
  {
    FamilyBuilder out(families, "source_lines_total",
                      "Lines read, by what became of them: counted, or the reason of a skip.",
                      MetricType::Counter);
    for (const SourceTotals& source : snapshot.sources) {
      out.Add({{"source", source.name}, {"result", "counted"}}, source.counted);
      for (std::size_t i = 0; i < kSkipReasonCount; ++i) {
        out.Add({{"source", source.name}, {"result", SkipReasonName(static_cast<SkipReason>(i))}},
                source.skipped[i]);
      }
      // `report --since` only: a daemon excludes nothing.
      if (source.excluded != 0)
        out.Add({{"source", source.name}, {"result", "excluded"}}, source.excluded);
    }
  }
  {
    FamilyBuilder out(families, "source_bytes_total", "Bytes read.", MetricType::Counter);
    for (const auto& source : snapshot.sources) out.Add({{"source", source.name}}, source.bytes);
  }
  FamilyBuilder out(families, "source_oversize_lines_total",
                    "Lines cut for their length; each is in source_lines_total as well.",
                    MetricType::Counter);
  for (const auto& source : snapshot.sources) out.Add({{"source", source.name}}, source.truncated);
}

// OpenMetrics, "Exemplars": names and values have at most 128 characters together.
std::string ExemplarText(const Snapshot& snapshot, const Exemplar& exemplar) {
  constexpr std::string_view kQueueId = "queue_id", kRule = "rule";
  constexpr std::size_t kMaxCharacters = 128;
  constexpr std::size_t kMaxRule =
      kMaxCharacters - kQueueId.size() - kRule.size() - Exemplar::kMaxQueueId;
  std::string labels;
  const auto append = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    labels.append(labels.empty() ? "" : ",").append(name).append("=\"").append(value) += '"';
  };
  append(kQueueId, NameLabel(exemplar.queue_id()));
  if (exemplar.rule() < snapshot.rules.size()) {
    const std::string& rule = snapshot.rules[exemplar.rule()];
    if (rule.size() <= kMaxRule) append(kRule, rule);
  }
  return labels.empty() ? labels : "{" + labels + "} 1";
}

}  // namespace

Exemplars FailureExemplars(const Snapshot& snapshot) {
  Exemplars all{"bouncesight_failures_total", {}};
  const std::vector<InstanceTotals> rows = Instances(snapshot);
  const bool any = std::any_of(rows.begin(), rows.end(),
                               [](const InstanceTotals& row) { return !row.exemplars.empty(); });
  if (!any) return all;
  for (const InstanceTotals& row : rows) {
    for (std::size_t cause = 0; cause < snapshot.causes.size(); ++cause) {
      for (std::size_t outcome = 0; outcome < kFailureOutcomeCount; ++outcome) {
        const bool has = cause < row.exemplars.size() && row.exemplars[cause][outcome].is_set();
        all.texts.push_back(has ? ExemplarText(snapshot, row.exemplars[cause][outcome]) : "");
      }
    }
  }
  return all;
}

void AppendLogFamilies(const Snapshot& snapshot, Families& families) {
  const std::vector<InstanceTotals> rows = Instances(snapshot);
  AppendDeliveries(snapshot, rows, families);
  AppendFailures(snapshot, rows, families);
  AppendProviders(snapshot, families);
  AppendDomainDeliveries(snapshot, families);
  AppendDomains(snapshot, families);
  AppendBlocklists(snapshot, families);
  AppendRejections(snapshot, families);
  AppendDelays(snapshot, families);
  AppendProviderDelays(snapshot, families);
  AppendSteps(snapshot, families);
  AppendRules(snapshot, families);
  AppendSources(snapshot, families);
  AppendJoinedFamilies(snapshot, families);
}

}  // namespace bouncesight
