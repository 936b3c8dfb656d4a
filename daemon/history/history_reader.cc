#include "daemon/history/history_reader.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "daemon/history/history_question.h"
#include "daemon/history/schema.h"

namespace bouncesight {
namespace {

constexpr std::string_view kFailed =
    "outcome IN (SELECT id FROM names WHERE text IN ('deferred', 'bounced', 'expired'))";

std::string_view ColumnOf(HistoryBy by) {
  return by == HistoryBy::kOutcome ? "outcome" : by == HistoryBy::kCause ? "cause" : "provider";
}

// `sql` gives number of the name, of the address or 0, failures, attempts, first, last.
template <typename... Values>
Result<std::vector<HistoryRanked>> Ranked(const std::string& path, const std::string& sql,
                                          const Values&... values) {
  HistoryQuestion question(path);
  std::vector<HistoryRanked> ranked;
  SqliteQuery query(question.db(), sql);
  query.Ask(values...);
  while (query.Next()) {
    ranked.push_back({question.Text(query.Number(0)), question.Text(query.Number(1)),
                      static_cast<std::uint64_t>(query.Number(2)),
                      static_cast<std::uint64_t>(query.Number(3)), query.Number(4),
                      query.Number(5)});
  }
  if (Status status = question.status(); !status) return status.error();
  return ranked;
}

std::string CausesOf(std::string_view which) {
  return "SELECT cause, 0, sum(results), 0, min(time), max(time) FROM total_counts WHERE time >= ? "
         "AND time < ? AND " +
         std::string(which) + " GROUP BY cause ORDER BY 3 DESC, 1 LIMIT ?";
}

std::string Providers() {
  const std::string failed = " FILTER (WHERE " + std::string(kFailed) + ")";
  return "SELECT provider, 0, sum(results)" + failed + " AS failures, sum(results), min(time)" +
         failed + ", max(time)" + failed +
         " FROM total_counts WHERE time >= ? AND time < ? AND outcome IN (SELECT id "
         "FROM names WHERE text IN ('delivered', 'deferred', 'bounced', 'expired')) GROUP BY "
         "provider HAVING failures > 0 ORDER BY 3 DESC, 1 LIMIT ?";
}

// Each half by itself, so that the first is looked up in its key.
std::string EndOfTotals(const std::string& which) {
  const std::string end = which + "(time)";
  return "SELECT " + end + " FROM (SELECT " + end + " AS time FROM total_rows UNION ALL SELECT " +
         end + " FROM news WHERE what = " + std::to_string(kNewsTotal) + ")";
}

constexpr const char* kRanks =
    "SELECT name, listed_ip, sum(failures), 0, min(hour), max(hour) FROM rank_counts WHERE "
    "hour >= ? AND hour < ? AND kind = ? AND failures > 0 GROUP BY name, listed_ip ORDER BY 3 "
    "DESC, 1, 2 "
    "LIMIT ?";

RankKind KindOf(HistoryRank rank) {
  return rank == HistoryRank::kDomains   ? RankKind::kDomain
         : rank == HistoryRank::kSenders ? RankKind::kSender
                                         : RankKind::kList;
}

}  // namespace

Result<HistoryExtent> HistoryReader::Extent() const {
  HistoryQuestion question(path_);
  HistoryExtent extent;
  extent.first = question.db().Number(EndOfTotals("min").c_str());
  extent.last = question.db().Number(EndOfTotals("max").c_str());
  // Ids have no gaps: rows come at the end, and go at the start.
  extent.failures = static_cast<std::uint64_t>(question.db().Number(
      "SELECT (SELECT max(id) FROM failure_rows) - (SELECT min(id) FROM failure_rows) + 1"));
  extent.rejections =
      static_cast<std::uint64_t>(question.db().Number("SELECT count(*) FROM rejection_rows"));
  if (Status status = question.status(); !status) return status.error();
  return extent;
}

Result<std::vector<HistoryPoint>> HistoryReader::Timeline(HistorySpan span, std::int64_t step,
                                                          HistoryBy by, std::int64_t offset) const {
  HistoryQuestion question(path_);
  const std::string where =
      by == HistoryBy::kOutcome ? std::string() : " AND " + std::string(kFailed);
  SqliteQuery query(question.db(), "SELECT (time + ?1) / ?2 * ?2 - ?1 AS step, " +
                                       std::string(ColumnOf(by)) +
                                       " AS name, sum(results) FROM total_counts WHERE time >= ?3 "
                                       "AND time < ?4" +
                                       where + " GROUP BY 1, 2");
  std::vector<HistoryPoint> points;
  query.Ask(offset, step, span.from, span.to);
  while (query.Next()) {
    points.push_back({query.Number(0), question.Text(query.Number(1)),
                      static_cast<std::uint64_t>(query.Number(2))});
  }
  if (Status status = question.status(); !status) return status.error();
  std::sort(points.begin(), points.end(), [](const HistoryPoint& a, const HistoryPoint& b) {
    return std::tie(a.time, a.name) < std::tie(b.time, b.name);
  });
  return points;
}

Result<std::vector<HistoryRanked>> HistoryReader::Top(HistoryRank rank, HistorySpan span,
                                                      std::size_t limit) const {
  if (rank == HistoryRank::kCauses) {
    return Ranked(path_, CausesOf(kFailed), span.from, span.to, limit);
  }
  if (rank == HistoryRank::kProviders) {
    return Ranked(path_, Providers(), span.from, span.to, limit);
  }
  return Ranked(path_, kRanks, span.from - span.from % kHistoryHour, span.to,
                static_cast<int>(KindOf(rank)), limit);
}

Result<std::vector<HistoryRanked>> HistoryReader::TopRejections(HistorySpan span,
                                                                std::size_t limit) const {
  return Ranked(path_, CausesOf("outcome IN (SELECT id FROM names WHERE text = 'rejected')"),
                span.from, span.to, limit);
}

Status HistoryReader::EachTotal(HistorySpan span,
                                const std::function<void(const HistoryTotal&)>& take) const {
  HistoryQuestion question(path_);
  SqliteQuery query(
      question.db(),
      "SELECT time, outcome, cause, provider, results FROM total_counts WHERE time >= "
      "? AND time < ? ORDER BY time");
  query.Ask(span.from, span.to);
  while (query.Next()) {
    HistoryTotal total;
    total.time = query.Number(0);
    total.outcome = question.Text(query.Number(1));
    total.cause = question.Text(query.Number(2));
    total.provider = question.Text(query.Number(3));
    total.results = static_cast<std::uint64_t>(query.Number(4));
    take(total);
  }
  return question.status();
}

}  // namespace bouncesight
