#include <algorithm>

#include "metrics/summary.h"

namespace bouncesight {

void Advise(Summary& summary, const RuleSet& rules, Language language, std::size_t most) {
  for (Ranked& row : summary.causes) {
    const auto cause = rules.FindCause(row.name);
    if (!cause) continue;
    const Advice advice = rules.advice(*cause, RuleId::kNone);
    row.act = ActName(advice.act);
    row.detail = rules.cause_family(*cause);
    if (summary.advice.size() >= most) continue;
    summary.advice.push_back({row.name, row.act, std::string(RetryName(advice.retry)), row.count,
                              advice.text(language)});
  }
  for (Ranked& row : summary.blocklists) {
    const std::string_view link = rules.delisting_link(row.name);
    if (link.starts_with("https://") || link.starts_with("http://")) row.link = link;
  }
}

void KeepRanking(Summary& summary, std::string_view name) {
  const auto known = std::find(std::begin(kSummaryRankings), std::end(kSummaryRankings), name);
  if (known == std::end(kSummaryRankings)) return;
  const std::pair<std::string_view, std::vector<Ranked>*> rankings[] = {
      {"cause", &summary.causes},
      {"domain", &summary.domains},
      {"provider", &summary.providers},
      {"code", &summary.codes},
      {"blocklist", &summary.blocklists}};
  bool timed = true;
  for (const auto& [one, rows] : rankings) {
    if (one == name) timed = false;
    if (one != name) rows->clear();
  }
  if (!timed) summary.timeline.clear();
  summary.delays.clear();
  summary.steps.clear();
  summary.refusals.causes.clear();
  summary.refusals.blocklists.clear();
  summary.refusals.unclassified_templates.clear();
  summary.unclassified_templates.clear();
  summary.advice.clear();
}

}  // namespace bouncesight
