// The thread that commits each interval (each tenth of a second until every source has read what
// was there at the start), and once more at the end. It feeds the watchdog, too: what systemd
// watches is that counters go on, so a write of the state that hangs ends the daemon.
//
// A worker that does not answer in time holds up nobody (a read that hangs: a dead file server, a
// dying disk). The others are committed, and the source in its hands is named. What that worker
// counted since its last answer is committed with its next one; until then its positions stay as
// they were, so a restart in between loses nothing and counts nothing twice.
//
// The room daemon/count is what all sources share, from bytes to what a scrape sees.
//
// * source.h: what a source is; line_stream.h: what it pours its bytes into.
// * counting.h: the stream that counts, a Pump with its worker's classifier and tally.
// * worker.h: a thread that reads its sources in turns; nobody else touches them.
// * commit_loop.h asks the workers each interval; committer.h merges, writes, then publishes.
// * published.h: the last committed snapshot, which HTTP serves.
// * state_store.h: two slots on the disk, each with a log, by state_file.h; state_slot.h and
//   state_log.h: their bytes (daemon/STATE.md). pending_tables.h: what goes into them of tables.
// * rule_keeper.h: the rules in force, and their replacement.
// * format_watch.h, silence_watch.h: what our own log says of lines that do not fit a format, and
//   of files that are not there.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "daemon/count/committer.h"
#include "daemon/count/worker.h"
#include "daemon/system/clock.h"
#include "daemon/system/mutex.h"

namespace bouncesight {

// The longest time between two feedings of a watchdog: a third of its interval, or that of the
// commits where it is shorter or where there is no watchdog (zero).
std::chrono::milliseconds PulseOf(std::chrono::milliseconds commit_interval,
                                  std::chrono::microseconds watchdog);

class CommitLoop {
 public:
  using Workers = std::vector<std::unique_ptr<Worker>>;
  // So long is an answer waited for. A turn takes milliseconds.
  static constexpr std::chrono::milliseconds kAnswerTime{2000};

  struct Times {
    std::chrono::milliseconds interval{1000};  // between commits
    // `alive` is called at least this often, but while a record is written.
    std::chrono::milliseconds pulse{1000};
  };
  // Called on the loop's thread: after each commit; and as often as the pulse wants it.
  struct Calls {
    std::function<void()> committed;
    std::function<void()> alive = [] {};
  };

  // All references must outlive the loop. `clock` judges deadlines; the waits between are real
  // time.
  CommitLoop(Committer& committer, Workers& workers, const Clock& clock, Times times, Calls calls);
  ~CommitLoop();

  void Start();
  // Commits a last time, with every worker that answers within `patience`, and ends the thread.
  void Stop(std::chrono::milliseconds patience);
  // After Stop: whether a worker did not answer. It may never end.
  bool has_hung_worker() const;

 private:
  using Time = std::chrono::steady_clock::time_point;

  // What a worker was asked for last.
  struct PendingAnswer {
    std::future<HandOver> answer;
    bool late = false;    // was not answered in time
    std::string in_hand;  // what it hung in then
  };

  void Run();
  bool IsStopping(Time until);  // or will be, until then
  void CommitOnce();
  WorkerAnswer AnswerOf(std::size_t worker, Time deadline);
  void NoteLate(std::size_t worker);
  bool Waits(std::future<HandOver>& answer, Time deadline);
  void Pulse();

  Committer& committer_;
  Workers& workers_;
  const Clock& clock_;
  const Times times_;
  const Calls calls_;
  std::vector<PendingAnswer> pending_;  // of each worker; the loop's thread, or after it
  Time next_pulse_;
  Mutex mutex_;
  Signal wake_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  Time last_call_ GUARDED_BY(mutex_);  // the end of the patience
  std::thread thread_;
};

}  // namespace bouncesight
