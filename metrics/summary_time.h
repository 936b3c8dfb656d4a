// The part of a summary that tells when and how long: period, hosts, timeline, delays.
#pragma once

#include "metrics/summary.h"

namespace bouncesight {

void SummariseTime(const Snapshot& snapshot, const ReportFacts& facts,
                   const SummaryOptions& options, Summary& summary);

}  // namespace bouncesight
