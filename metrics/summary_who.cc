#include "metrics/summary_who.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "metrics/named_traffic.h"
#include "metrics/summary_words.h"
#include "metrics/text_table.h"

namespace bouncesight {
namespace {

SenderRank RankOf(const LabelRow& row, const std::vector<std::string>& causes) {
  SenderRank rank;
  rank.name = row.name;
  rank.attempts = std::reduce(row.deliveries.begin(), row.deliveries.end());
  rank.failures = rank.attempts - row.deliveries[0];
  rank.permanent = row.deliveries[DeliveryIndex(Outcome::kBounced)] +
                   row.deliveries[DeliveryIndex(Outcome::kExpired)];
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < row.failures.size() && i < causes.size(); ++i) {
    if (SpeaksOfSpam(i)) rank.spam += row.failures[i];
    if (row.failures[i] <= most) continue;
    most = row.failures[i];
    rank.cause = causes[i];
  }
  return rank;
}

// Those of which `count` is not 0, the most first.
template <typename Rank>
std::vector<Rank> Top(const std::vector<Rank>& all, std::uint64_t Rank::*count, std::size_t top) {
  std::vector<Rank> best;
  for (const Rank& one : all) {
    if (one.*count != 0) best.push_back(one);
  }
  std::ranges::stable_sort(best, std::greater<>(), count);
  if (best.size() > top) best.resize(top);
  return best;
}

std::vector<SenderRank> RanksOf(const std::vector<LabelRow>& rows,
                                const std::vector<std::string>& causes) {
  std::vector<SenderRank> ranks;
  ranks.reserve(rows.size());
  for (const LabelRow& row : rows) ranks.push_back(RankOf(row, causes));
  return ranks;
}

std::string NameAt(const std::vector<std::string>& names, std::size_t number) {
  return number < names.size() ? names[number] : std::string();
}

}  // namespace

WhoSummary SummariseWho(const Snapshot& snapshot, const ReportFacts& facts, std::size_t top,
                        const std::vector<std::string>& providers) {
  WhoSummary who;
  const std::vector<SenderRank> senders = RanksOf(facts.Senders(), snapshot.causes);
  const std::vector<SenderRank> accounts = RanksOf(facts.Accounts(), snapshot.causes);
  who.senders = Top(senders, &SenderRank::failures, top);
  who.accounts = Top(accounts, &SenderRank::failures, top);
  who.spam_senders = Top(senders, &SenderRank::spam, top);
  who.spam_accounts = Top(accounts, &SenderRank::spam, top);
  const std::vector<WaitingRow> rows = facts.waiting().Rows(facts.span().last.value_or(0));
  std::vector<WaitingRank> waiting;
  waiting.reserve(rows.size());
  for (const WaitingRow& row : rows) {
    waiting.push_back({NameAt(providers, row.provider), NameAt(snapshot.causes, row.cause),
                       row.recipients, row.oldest_seconds});
  }
  who.waiting = Top(waiting, &WaitingRank::recipients, top);
  const std::vector<RetryCounts> retries = facts.waiting().Retries();
  std::vector<std::pair<std::uint64_t, RetryRank>> ranks;
  ranks.reserve(retries.size());
  for (std::size_t i = 0; i < retries.size(); ++i) {
    const RetryCounts& one = retries[i];
    if (one.all() == 0) continue;
    ranks.emplace_back(one.all(),
                       RetryRank{NameAt(snapshot.causes, i), one.delivered, one.failed, one.waiting,
                                 one.after.Quantile(0.5), one.after.Quantile(0.95)});
  }
  std::ranges::stable_sort(ranks, std::greater<>(), &decltype(ranks)::value_type::first);
  who.retries.reserve(std::min(ranks.size(), top));
  for (std::size_t i = 0; i < ranks.size() && i < top; ++i) {
    who.retries.push_back(std::move(ranks[i].second));
  }
  return who;
}

std::string RetryText(const RetryRank& one, Language language) {
  if (one.settled() == 0) return "-";
  std::string text = ShareText(one.delivered, one.settled());
  if (one.p95 < 0) return text;
  const std::string_view within = WordsOf(language).within;
  return text.append(" ").append(within).append(" ").append(DelayText(one.p95));
}

}  // namespace bouncesight
