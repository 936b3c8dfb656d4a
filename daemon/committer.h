// Each second: collect from every worker, merge, write the state, and only then publish. So a
// scrape shows exactly what a restart would restore, whenever the process dies.
//
// When the state cannot be written, the published counters stay as they are: true, but old. What
// was collected meanwhile is kept and goes with the next record that can be written.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/clock.h"
#include "daemon/published.h"
#include "daemon/state_store.h"
#include "daemon/worker.h"
#include "metrics/totals.h"

namespace bouncesight {

class Committer {
 public:
  // Gives what the workers have, or fewer while the daemon ends.
  using Collect = std::function<std::vector<HandOver>()>;

  // `box` shows the restored counters at once. All references must outlive the committer.
  Committer(StateStore& store, Totals totals, const Clock& clock, PublishedBox& box);

  // One commit. One thread at a time.
  void Commit(const Collect& collect);

  // Every source has read what was there at its start.
  bool caught_up() const { return now_.caught_up; }

  // From any thread: the names of rules that were loaded anew, for their zero series.
  void AddNames(std::shared_ptr<const RuleNames> names);

 private:
  void Merge(std::vector<HandOver>& overs);
  bool Write();

  StateStore& store_;
  Totals totals_;
  const Clock& clock_;
  PublishedBox& box_;
  Published now_;
  std::vector<StateBlob> blobs_;
  std::chrono::steady_clock::time_point last_commit_;
  std::mutex names_mutex_;
  std::vector<std::shared_ptr<const RuleNames>> new_names_;
  bool failing_ = false;
};

}  // namespace bouncesight
