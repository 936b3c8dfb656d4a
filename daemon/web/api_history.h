// What the API tells out of the history: /api/v1/timeline, /api/v1/failures, and the report and the
// senders of a period. Thread-safe: each question opens the database anew.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/history/history_reader.h"
#include "metrics/summary.h"

namespace bouncesight {

// A stretch of time that ends now, as the page offers it.
struct Period {
  std::int64_t seconds = 0;
  std::int64_t step = 0;  // of its timeline, in seconds: a multiple of five minutes
};
std::optional<Period> FindPeriod(std::string_view name);  // "1h", "24h", "7d", "30d"

class ApiHistory {
 public:
  // `path` is the database; "" if there is no history.
  explicit ApiHistory(std::string path) : on_(!path.empty()), reader_(std::move(path)) {}

  bool on() const { return on_; }

  // {"step": seconds, "rows": [{"begin", "counts": {name: results}}]}: every step of the period,
  // with or without results. `offset` is the visitor's zone, in seconds east of Greenwich.
  Result<std::string> TimelineJson(const Period& period, HistoryBy by, std::int64_t now,
                                   std::int64_t offset) const;
  // {"failures": [records with the keys of `events`], "before": where older ones begin}.
  Result<std::string> FailuresJson(const HistoryFilter& filter, std::size_t limit,
                                   std::optional<std::int64_t> before) const;
  // What Summarise makes of counters, as far as the history tells it.
  Result<Summary> SummariseSpan(HistorySpan span, std::size_t top) const;
  // As SendersJson (api_tables.h), without the deliveries.
  Result<std::string> SendersJson(HistorySpan span, std::size_t top) const;

 private:
  Status Ready() const;
  Status AddOutcomes(HistorySpan span, Summary& summary) const;
  Status AddRankings(HistorySpan span, std::size_t top, Summary& summary) const;
  Status AddUnknown(HistorySpan span, std::size_t top, Summary& summary) const;

  bool on_;
  HistoryReader reader_;
};

}  // namespace bouncesight
