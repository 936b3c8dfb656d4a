// The history read as if it were a log: for `report --history` and `events --history`.
//
// A row of it is an event with the reply's template for its text. What was delivered, suspended or
// refused by our own server is known by five minutes, cause and provider alone; it comes as one
// event for each such sum, with neither host nor domain nor queue id.
#pragma once

#include <functional>
#include <memory>

#include "daemon/batch/event_filter.h"
#include "daemon/batch/report_run.h"
#include "daemon/batch/time_window.h"
#include "daemon/history/history_reader.h"
#include "rules/rule_set.h"

namespace bouncesight {

class HistoryReplay {
 public:
  HistoryReplay(const HistoryReader& reader, std::shared_ptr<const RuleSet> rules,
                TimeWindow window, const EventFilter& filter)
      : reader_(reader), rules_(std::move(rules)), window_(window), filter_(filter) {}

  // Views are valid during the call. False: enough.
  using Take = std::function<bool(const DeliveryEvent&, const Verdict&, const HistoryRow&)>;
  // Failures and refusals as they were kept, each in the order of counting.
  Status EachRow(const Take& take) const;

  // What a report of the span has. The counters stand under the sources of their rows, those of
  // sums under "history". A cause or provider that the rules do not know any more is unclassified,
  // or none.
  Result<ReportResult> Report() const;

 private:
  const HistoryReader& reader_;
  std::shared_ptr<const RuleSet> rules_;
  TimeWindow window_;
  const EventFilter& filter_;
};

}  // namespace bouncesight
