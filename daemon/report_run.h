// Reads logs at rest on several cores and adds up what they say. The counters do not depend on the
// number of jobs, but for expiries whose earlier reason stands in another job's part of the file:
// those keep message_expired.
#pragma once

#include <memory>
#include <vector>

#include "daemon/log_input.h"
#include "metrics/snapshot.h"
#include "metrics/template_miner.h"
#include "parsers/format.h"
#include "parsers/result.h"
#include "rules/rule_set.h"

namespace bouncesight {

struct ReportResult {
  std::shared_ptr<const Snapshot> snapshot;
  TemplateMiner miner;  // the replies that no rule knows
};

class ReportRun {
 public:
  ReportRun(std::shared_ptr<const RuleSet> rules, Format format);

  // The first read error ends the run. With `progress` stderr shows how far it is.
  Result<ReportResult> Read(const std::vector<LogRange>& ranges, unsigned jobs, bool progress);

 private:
  std::shared_ptr<const RuleSet> rules_;
  Format format_;
};

}  // namespace bouncesight
