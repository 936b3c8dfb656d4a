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

void KeepWho(WhoSummary& who, std::string_view name) {
  WhoSummary kept;
  if (name == "sender") {
    kept.senders = std::move(who.senders);
    kept.spam_senders = std::move(who.spam_senders);
  } else if (name == "account") {
    kept.accounts = std::move(who.accounts);
    kept.spam_accounts = std::move(who.spam_accounts);
  } else if (name == "waiting") {
    kept.waiting = std::move(who.waiting);
  } else if (name == "retry") {
    kept.retries = std::move(who.retries);
  }
  who = std::move(kept);
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
  for (const std::string_view one : {"sender", "account", "waiting", "retry"}) {
    if (one == name) timed = false;
  }
  KeepWho(summary.who, name);
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
