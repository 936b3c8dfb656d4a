// Where a worker's sources end: each stream is a Pump into the worker's counters.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/count/format_watch.h"
#include "daemon/count/history_batch.h"
#include "daemon/count/line_stream.h"
#include "metrics/joined_counts.h"
#include "metrics/journalled_table.h"
#include "metrics/message_join.h"
#include "metrics/names.h"
#include "metrics/tally.h"
#include "parsers/mta/reader_options.h"
#include "rules/classifier.h"

namespace bouncesight {

// What one worker counts with. All are replaced when rules are reloaded, the tally also when it is
// handed over.
struct Counters {
  std::shared_ptr<const RuleNames> names;
  Classifier classifier;
  std::unique_ptr<Tally> tally;
  bool accounts = false;                            // of the join: keep and count logins
  std::shared_ptr<MemoryBudget> queues = nullptr;   // of all joins; null: each has its own
  std::unique_ptr<HistoryBatch> history = nullptr;  // null: none is kept
};

// A table that lives in the state, under this key.
struct NamedTable {
  std::string key;
  JournalledTable& table;
};

// The streams of one source. `counters` must outlive it and its streams; one thread.
class SourceCounting final : public StreamFactory {
 public:
  SourceCounting(std::string source, ReaderOptions options, Counters& counters);

  std::unique_ptr<LineStream> NewStream(std::uint64_t start_offset) override;

  // What the source remembers from line to line, over restarts.
  std::vector<NamedTable> tables() {
    return {{"messages:" + source_, join_}, {"senders:" + source_, joined_}};
  }
  // What the join has counted since the state began, and what waits.
  JoinedRows joined_rows() const { return joined_.RowsWith(join_); }
  const std::string& source() const { return source_; }
  FormatWatch& watch() { return watch_; }

 private:
  class Stream;

  std::string source_;
  ReaderOptions options_;
  Counters& counters_;
  MessageJoin join_;
  JoinedCounts joined_;
  FormatWatch watch_;
};

}  // namespace bouncesight
