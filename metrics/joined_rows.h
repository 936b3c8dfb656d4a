// What the join by queue id has counted of one source, as plain rows: what a tally carries to the
// committer and a snapshot shows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "metrics/outcomes.h"

namespace bouncesight {

struct LabelRow {
  std::string name;                     // a label value
  AttemptCounts deliveries{};           // by outcome
  std::vector<std::uint64_t> failures;  // by number of the cause

  friend bool operator==(const LabelRow&, const LabelRow&) = default;
};

// Recipients that wait, by provider and cause of the last verdict.
struct WaitingRow {
  std::uint16_t provider = 0, cause = 0;
  std::uint64_t recipients = 0;
  std::uint64_t oldest_seconds = 0;  // since its arrival, by the clock of the log

  friend bool operator==(const WaitingRow&, const WaitingRow&) = default;
};

// Numbers of causes and providers are those of the rules that counted, or of the snapshot.
struct JoinedRows {
  std::vector<LabelRow> senders, accounts;
  std::vector<std::uint64_t> first_deferrals;  // by number of the provider
  std::vector<WaitingRow> waiting;
  std::uint64_t forgotten = 0;  // messages, as MessageTable has them

  friend bool operator==(const JoinedRows&, const JoinedRows&) = default;
};

// The rows of one source.
struct SourceRows {
  std::string source;
  JoinedRows rows;

  friend bool operator==(const SourceRows&, const SourceRows&) = default;
};

}  // namespace bouncesight
