// Reads existing logs on several cores and adds up what they say. The counters do not depend on the
// number of jobs: a log whose lines hang on earlier ones is read by one (joined_lines.h), expiries
// are set aside (late_expiry.h), and senders are found over all parts (metrics/named_traffic.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/batch/event_filter.h"
#include "daemon/batch/read_log.h"
#include "metrics/report_facts.h"
#include "metrics/snapshot.h"
#include "metrics/template_miner.h"
#include "metrics/totals.h"
#include "rules/rule_set.h"

namespace bouncesight {

struct ReportResult {
  std::shared_ptr<const Snapshot> snapshot;
  ReportFacts facts;
  TemplateMiner miner;              // the replies that no rule knows
  TemplateMiner refusals;           // the same, of our own server
  std::uint64_t untimed = 0;        // events left out since their time cannot be told
  std::vector<std::string> faults;  // of each log that could not be read to its end, why
};

// How much a report can hold.
TotalsLimits ReportLimits();

class ReportRun {
 public:
  ReportRun(std::shared_ptr<const RuleSet> rules, LogReading reading, EventFilter filter = {});

  // A log that cannot be read costs itself only. With `progress` stderr shows how far it is.
  ReportResult Read(const std::vector<LogRange>& ranges, unsigned jobs, bool progress);

 private:
  std::shared_ptr<const RuleSet> rules_;
  LogReading reading_;
  EventFilter filter_;
};

}  // namespace bouncesight
