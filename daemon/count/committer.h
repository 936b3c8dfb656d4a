// Each second: collect from every worker, merge, write the state, and only then publish. So a
// scrape shows exactly what a restart would restore, whenever the process dies.
//
// When the state cannot be written, the published counters stay as they are: true, but old. What
// was collected meanwhile is kept and goes with the next record that can be written.
//
// A commit that brings nothing new writes nothing, once both slots hold all there is: what is shown
// is what would be restored, so the state is as young as after a write. Each minute
// it is written nevertheless, so that a folder that cannot be written is not found out too late.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/count/published.h"
#include "daemon/count/state_store.h"
#include "daemon/count/worker.h"
#include "daemon/system/clock.h"
#include "metrics/totals.h"

namespace bouncesight {

class Committer {
 public:
  // Gives what the workers have, or fewer while the daemon ends.
  using Collect = std::function<std::vector<HandOver>()>;
  static constexpr std::chrono::seconds kLongestIdle{60};

  // `box` shows the restored counters at once. All references must outlive the committer.
  Committer(StateStore& store, Totals totals, const Clock& clock, PublishedBox& box);

  // One commit. One thread at a time.
  void Commit(const Collect& collect);

  // Every source has read what was there at its start.
  bool caught_up() const { return now_.caught_up; }

  // From any thread: the names of rules that were loaded anew, for their zero series.
  void AddNames(std::shared_ptr<const RuleNames> names);
  // The same for a source that was added.
  void AddSource(std::string name, std::optional<Mta> mta);

 private:
  // True: it brought something new.
  bool Merge(std::vector<HandOver>& overs);
  bool Collected(std::vector<HandOver>& overs);
  bool NeedsWrite() const;
  bool Write();

  StateStore& store_;
  Totals totals_;
  const Clock& clock_;
  PublishedBox& box_;
  Published now_;
  std::vector<StateBlob> blobs_;
  std::chrono::steady_clock::time_point last_commit_;
  std::chrono::steady_clock::time_point last_write_;
  int stale_slots_ = StateStore::kSlots;  // that do not hold all there is
  std::mutex names_mutex_;
  std::vector<std::shared_ptr<const RuleNames>> new_names_;
  std::vector<std::pair<std::string, std::optional<Mta>>> new_sources_;
  bool failing_ = false;
};

}  // namespace bouncesight
