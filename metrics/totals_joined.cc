// The part of Totals that keeps what the join has counted. These rows are not added up: a worker
// counts them since the state began, and its last word holds.
#include <algorithm>

#include "metrics/label.h"
#include "metrics/totals_impl.h"

namespace bouncesight {

void Totals::Impl::TranslateFailures(std::vector<LabelRow>& rows) {
  for (LabelRow& row : rows) {
    std::vector<std::uint64_t> failures;
    for (std::size_t i = 0; i < row.failures.size(); ++i) {
      if (row.failures[i] == 0) continue;
      const std::size_t cause = Translated(NameKind::kCause, i);
      failures.resize(std::max(failures.size(), cause + 1));
      failures[cause] += row.failures[i];
    }
    row.failures = std::move(failures);
  }
}

void Totals::Impl::MergeJoined(const Tally& tally) {
  for (const SourceRows& from : tally.joined()) {
    SourceRows to{NameLabel(from.source), from.rows};
    TranslateFailures(to.rows.senders);
    TranslateFailures(to.rows.accounts);
    to.rows.first_deferrals.clear();
    for (std::size_t i = 0; i < from.rows.first_deferrals.size(); ++i) {
      const std::size_t provider = Translated(NameKind::kProvider, i);
      auto& counts = to.rows.first_deferrals;
      counts.resize(std::max(counts.size(), provider + 1));
      counts[provider] += from.rows.first_deferrals[i];
    }
    for (WaitingRow& row : to.rows.waiting) {
      row.provider = Translated(NameKind::kProvider, row.provider);
      row.cause = Translated(NameKind::kCause, row.cause);
    }
    const auto found = std::ranges::find(data_.joined, to.source, &SourceRows::source);
    if (found == data_.joined.end()) {
      data_.joined.push_back(std::move(to));
    } else {
      *found = std::move(to);
    }
  }
}

}  // namespace bouncesight
