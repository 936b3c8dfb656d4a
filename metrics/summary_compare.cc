#include "metrics/summary_compare.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "metrics/outcomes.h"

namespace bouncesight {
namespace {

std::uint64_t AttemptsOf(const Summary& summary) {
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < kAttemptOutcomeCount; ++i) all += summary.outcomes[i].second;
  return all;
}

double Share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

void SortByChange(std::vector<ComparedRow>& rows, std::size_t top) {
  const auto change = [](const ComparedRow& row) {
    return std::abs(row.now_share - row.before_share);
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const auto& a, const auto& b) { return change(a) > change(b); });
  if (rows.size() > top) rows.resize(top);
}

// `whole_before` and `whole_now`: of what the shares are, where the rows do not say.
std::vector<ComparedRow> CompareRankings(const std::vector<Ranked>& before,
                                         const std::vector<Ranked>& now, std::uint64_t whole_before,
                                         std::uint64_t whole_now) {
  std::map<std::string, ComparedRow> rows;
  for (const Ranked& one : before) {
    rows[one.name].before = one.count;
    rows[one.name].before_share = Share(one.count, one.attempts != 0 ? one.attempts : whole_before);
  }
  for (const Ranked& one : now) {
    rows[one.name].now = one.count;
    rows[one.name].now_share = Share(one.count, one.attempts != 0 ? one.attempts : whole_now);
  }
  std::vector<ComparedRow> all;
  for (auto& [name, row] : rows) {
    row.name = name;
    all.push_back(row);
  }
  return all;
}

}  // namespace

Comparison Compare(const Summary& before, const Summary& now, std::string period, std::size_t top) {
  Comparison result;
  result.period = std::move(period);
  result.first = before.first;
  result.last = before.last;
  result.attempts_before = AttemptsOf(before);
  result.attempts_now = AttemptsOf(now);
  for (std::size_t i = 0; i < kAttemptOutcomeCount; ++i) {
    const auto& [name, count] = now.outcomes[i];
    const std::uint64_t then = before.outcomes[i].second;
    result.outcomes.push_back({name, then, count, Share(then, result.attempts_before),
                               Share(count, result.attempts_now)});
  }
  result.causes =
      CompareRankings(before.causes, now.causes, result.attempts_before, result.attempts_now);
  result.providers =
      CompareRankings(before.providers, now.providers, result.attempts_before, result.attempts_now);
  SortByChange(result.causes, top);
  SortByChange(result.providers, top);
  return result;
}

}  // namespace bouncesight
