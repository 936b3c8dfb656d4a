// What the join has counted, summed over the sources: its families and tables have no label for the
// source.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "metrics/snapshot.h"

namespace bouncesight {

// The rows of all sources under one name: SummedRows(snapshot, &JoinedRows::senders). Those without
// an attempt are left out.
std::map<std::string, LabelRow> SummedRows(const Snapshot& snapshot,
                                           std::vector<LabelRow> JoinedRows::*which);

// One row for each provider and cause, in the order of their numbers; its age is that of the
// oldest.
std::vector<WaitingRow> SummedWaiting(const Snapshot& snapshot);

}  // namespace bouncesight
