#include "metrics/joined_sums.h"

#include <algorithm>
#include <utility>

namespace bouncesight {

std::map<std::string, LabelRow> SummedRows(const Snapshot& snapshot,
                                           std::vector<LabelRow> JoinedRows::*which) {
  std::map<std::string, LabelRow> all;
  for (const SourceRows& source : snapshot.joined) {
    for (const LabelRow& row : source.rows.*which) {
      LabelRow& sum = all[row.name];
      for (std::size_t i = 0; i < kAttemptOutcomeCount; ++i) sum.deliveries[i] += row.deliveries[i];
      sum.failures.resize(std::max(sum.failures.size(), row.failures.size()));
      for (std::size_t i = 0; i < row.failures.size(); ++i) sum.failures[i] += row.failures[i];
    }
  }
  std::erase_if(all, [](const auto& one) { return one.second.deliveries == AttemptCounts{}; });
  return all;
}

std::vector<WaitingRow> SummedWaiting(const Snapshot& snapshot) {
  std::map<std::pair<std::uint16_t, std::uint16_t>, WaitingRow> sums;
  for (const SourceRows& source : snapshot.joined) {
    for (const WaitingRow& row : source.rows.waiting) {
      WaitingRow& sum = sums[{row.provider, row.cause}];
      sum.provider = row.provider;
      sum.cause = row.cause;
      sum.recipients += row.recipients;
      sum.oldest_seconds = std::max(sum.oldest_seconds, row.oldest_seconds);
    }
  }
  std::vector<WaitingRow> all;
  all.reserve(sums.size());
  for (const auto& [key, row] : sums) all.push_back(row);
  return all;
}

}  // namespace bouncesight
