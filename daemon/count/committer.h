// One commit: merge what the workers have handed over, give the history its part, write the state,
// and only then publish; the order stands in Commit. So a scrape shows exactly what a restart would
// restore, whenever the process dies. The commit loop says when.
//
// When the state cannot be written, the published counters stay as they are: true, but old. What
// was collected meanwhile is kept and goes with the next record that can be written.
//
// A worker may be missing from a commit: its counters and its positions are both as of its last
// answer, so that the record agrees with itself.
//
// A commit writes what changed since the one before; when the store asks for it, all there is.
//
// What is kept of failures goes to the history before the state is written (history.h says why).
//
// A commit that brings nothing new writes nothing: what is shown is what would be restored, so the
// state is as young as after a write. Each minute it is written nevertheless, so that a folder that
// cannot be written is not found out too late.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/count/pending_tables.h"
#include "daemon/count/published.h"
#include "daemon/count/state_store.h"
#include "daemon/count/worker.h"
#include "daemon/system/clock.h"
#include "daemon/system/mutex.h"
#include "metrics/totals.h"

namespace bouncesight {

// What came of asking one worker.
struct WorkerAnswer {
  std::optional<HandOver> over;  // none: it did not answer in time
  std::string hung;              // the source in its hands then
};

class Committer {
 public:
  static constexpr std::chrono::seconds kLongestIdle{60};

  // `box` shows the restored counters at once. The positions and tables of `restored` go with them:
  // they stay in the state until the worker that follows the source has answered. All references
  // must outlive the committer.
  // `history`, if any, gets what the workers noted for it.
  Committer(StateStore& store, Totals totals, const Clock& clock, PublishedBox& box,
            StateRecord restored = {}, HistorySink* history = nullptr);

  // The next commit is to be of tables with all their entries.
  bool wants_whole_tables() const { return store_.wants_record() && tables_.wants_whole(); }

  // One commit of what the workers have answered: always one WorkerAnswer each, in the same order.
  // Of a worker that has not, the positions of its last answer are kept. One thread at a time.
  void Commit(std::vector<WorkerAnswer> answers);

  // Every source has read what was there at its start; one that hangs is not waited for. Never
  // becomes false again. On the thread of Commit.
  bool caught_up() const { return now_.caught_up; }

  // From any thread: the names of rules that were loaded anew, for their zero series.
  void AddNames(std::shared_ptr<const RuleNames> names);
  // The same for a source that was added.
  void AddSource(std::string name, std::optional<Mta> mta);

 private:
  // True: it brought something new.
  bool Merge(std::vector<WorkerAnswer>& answers);
  bool Take(std::vector<WorkerAnswer>& answers);
  void Combine(const std::vector<WorkerAnswer>& answers);
  void NoteHung(const std::string& in_hand);
  bool NeedsWrite() const;
  bool Write();
  Status WriteState(const Snapshot& snapshot);
  void Fold(const Snapshot& snapshot);
  Result<std::string> WholeRecord(const Snapshot& snapshot) const;

  StateStore& store_;
  Totals totals_;
  const Clock& clock_;
  PublishedBox& box_;
  HistorySink* history_;
  std::vector<std::unique_ptr<HistoryBatch>> noted_;  // for the history, of this commit
  Published now_;
  std::vector<std::optional<HandOver>> last_;  // of each worker, without its tallies
  std::vector<StateBlob> restored_;            // empty once every worker has answered
  std::vector<StateBlob> blobs_;
  // Of the commit that was written last; its counters are now_.snapshot.
  std::vector<StateBlob> written_blobs_;
  PendingTables tables_;
  std::chrono::steady_clock::time_point last_commit_;
  std::chrono::steady_clock::time_point last_write_;
  bool stale_ = true;  // the disk does not hold all there is
  Mutex names_mutex_;
  std::vector<std::shared_ptr<const RuleNames>> new_names_ GUARDED_BY(names_mutex_);
  std::vector<std::pair<std::string, std::optional<Mta>>> new_sources_ GUARDED_BY(names_mutex_);
  bool failing_ = false, fold_failing_ = false;
};

}  // namespace bouncesight
