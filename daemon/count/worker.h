// A thread that reads its sources in turns and counts. Nobody else touches its sources, classifier
// and tally, so no line takes a lock (a source's turn takes one, for InHand); what others want of
// it is posted and done between two turns, where positions and counters agree. With nothing at hand
// it rests for 250 ms, or until a source has news.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "daemon/count/counting.h"
#include "daemon/count/source.h"
#include "daemon/system/clock.h"
#include "daemon/system/mutex.h"
#include "metrics/state_change.h"

namespace boost::asio {
class io_context;
}

namespace bouncesight {

// Positions and counters of the same moment.
struct HandOver {
  std::vector<std::unique_ptr<Tally>> tallies;  // oldest first; more than one after a reload
  std::vector<StateBlob> blobs;
  std::vector<std::unique_ptr<HistoryBatch>> history;  // as tallies; empty: none is kept
  std::vector<TableChange> tables;  // one for each table, with no piece where nothing changed
  std::vector<LiveSource> live;
  bool caught_up = false;
  bool ended = false;  // every source has; of a worker without sources, too
};

class Worker {
 public:
  // Makes a source that pours into `streams` and may wait for its sockets on `io`.
  using SourceMaker =
      std::function<std::unique_ptr<Source>(StreamFactory& streams, boost::asio::io_context& io)>;

  // `history` makes what is noted for the history; it must outlive the worker. `queues`: what the
  // joins of all sources share; null: each has its own bound.
  explicit Worker(std::shared_ptr<const RuleSet> rules,
                  const std::shared_ptr<const RuleNames>& names, TallyLimits limits = {},
                  HistoryBatchMaker history = {}, std::shared_ptr<MemoryBudget> queues = nullptr);
  ~Worker();  // stops
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Before Start. Of `restored` the source finds its blob and its tables by its name.
  void AddSource(const std::string& name, ReaderOptions options, const SourceMaker& maker,
                 const StateRecord& restored);

  // Before Start: what the join had counted by the state, so that it is shown from the first
  // scrape.
  Tally RestoredRows() const;

  void Start();
  // Ends the thread after the turn that it is in. What was not collected is not counted.
  void Stop();

  // From any thread. Done at the end of the turn; what is collected after a Farewell has all that
  // the sources could still take.
  void Farewell();
  // The source that is being read, or asked where it stands, at this moment; "-": none is.
  std::string InHand() const;
  // `whole`: all entries of each table, for a record of the state that is written whole.
  std::future<HandOver> Collect(bool whole = false);
  void SetRules(std::shared_ptr<const RuleSet> rules, std::shared_ptr<const RuleNames> names);

  struct NewSource {
    std::string name;
    ReaderOptions options;
    SourceMaker maker;
  };
  // First all of `removed` end, then `added` begin; one whose name is followed already takes the
  // place of that source and goes on where it stood. What was counted stays counted.
  struct SourceChanges {
    std::vector<std::string> removed;
    std::vector<NewSource> added;
  };
  std::future<void> ChangeSources(SourceChanges changes);

  // Without a thread, for tests: one turn of every source. True: more is at hand.
  bool TurnOnce();
  HandOver CollectNow(bool whole = false);
  void ChangeSourcesNow(const SourceChanges& changes);

 private:
  struct Entry;
  struct Loop;
  class Handling;

  void Turn();
  void Rest(std::chrono::milliseconds time);
  // Adds where it stood to `stood`.
  void Remove(const std::string& name, StateRecord& stood);
  void RestoreTables(Entry& entry, const StateRecord& restored);
  void AddJoined(Tally& tally) const;
  void NoteLines(const SourceTally& lines);
  void SetRulesNow(std::shared_ptr<const RuleSet> rules, std::shared_ptr<const RuleNames> names);

  std::unique_ptr<HistoryBatch> NewHistory() const;

  TallyLimits limits_;
  HistoryBatchMaker history_;
  Counters counters_;
  // Counted with earlier rules, not collected yet.
  std::vector<std::unique_ptr<Tally>> full_;
  std::vector<std::unique_ptr<HistoryBatch>> full_history_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::unique_ptr<Loop> loop_;
  mutable Mutex in_hand_mutex_;
  std::string in_hand_ GUARDED_BY(in_hand_mutex_);
  std::thread thread_;
};

}  // namespace bouncesight
