// What failed, kept in SQLite beside the state, by a thread of its own.
//
// The room daemon/history. From the workers: count/history_batch.h, what they saw between two
// commits. Here:
//
// * history.h: the thread and its queue; history_writer.h: the database as it writes it.
// * schema.h: its tables (HISTORY.md); sqlite.h: SQLite; name_book.h: texts, each stored once;
//   block_marks.h: what may stand in 1,024 rows, in place of indexes; open_block.h: the rows that
//   are being written.
// * history_reader.h: who asks: the page, `report --history`, `events --history`.
//
// Why the rows equal the counters, whenever the process dies:
//
// The committer hands over what a commit brings, with its number N, before it writes the state
// record N. The history writes it in one transaction, together with how to take it back. So at a
// start, with the state at commit G,
//   * killed before the history wrote N: neither has it, and the lines are read again;
//   * killed after that, before the state has N: the history has N > G. All after G is taken back
//     before anything else is written, and the lines are read again;
//   * killed after the state has N: both have it.
// Rows written after the state could be lost between the two; rows with keys of their own, written
// before and ignored when they come again, would leave the sums wrong. Both files are synced, so it
// holds over a power loss too.
//
// The counting never waits. Workers only fill a buffer. The commit waits for kPatience at most; if
// the database takes longer (it is locked, its disk is slow or full), commits go on without, and
// what they bring queues here. Only then can a kill lose rows: those in the queue, whose commit the
// state has. Whoever is late says so in the log, and in history_up.
//
// Nor does it take the counters' room: with less than kRoomToWrite left on their disk the history
// stands still. That keeps SQLite out of a trap, too. It maps its -shm file and takes one written
// byte a page for a page on the disk; where blocks are smaller than pages, a disk that is full then
// ends the process by SIGBUS.
//
// Memory is bounded: beyond kMostQueued, rows are dropped and counted; sums are kept for an hour's
// commits more. A fault of the database closes it; it is opened anew with the back-off of
// backoff.h, at most 30 s later, and what came of the write that failed is taken back. A broken
// file is never touched: who moves it away has a new one.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/count/history_batch.h"
#include "daemon/history/history_writer.h"
#include "daemon/system/address_veil.h"
#include "daemon/system/backoff.h"
#include "daemon/system/clock.h"
#include "daemon/system/fs.h"
#include "daemon/system/mutex.h"
#include "metrics/live.h"

namespace bouncesight {

// "…/history.db" in the folder of the state.
std::string HistoryPath(const std::string& state_folder);

class History final : public HistorySink {
 public:
  static constexpr std::chrono::milliseconds kPatience{200};
  static constexpr std::size_t kMostQueued = 32UL << 20;  // bytes of rows
  static constexpr std::size_t kMostCommits = 3600;       // whose sums wait
  // Bytes free on its disk. To begin it takes more, so that it does not come and go.
  static constexpr std::int64_t kRoomToWrite = 2L << 20;
  static constexpr std::int64_t kRoomToBegin = 4L << 20;

  // `generation`: the newest commit of the state. All references must outlive it.
  History(FileSystem& fs, const Clock& clock, std::string path, HistoryBounds bounds,
          AddressVeil veil, std::uint64_t generation);
  ~History() override;

  void Start();
  // Writes what it has, for as long as `patience`, and ends. False: a call of the database does not
  // come back.
  [[nodiscard]] bool Stop(std::chrono::milliseconds patience);

  // For the workers. Must not outlive this.
  HistoryBatchMaker maker();
  void Take(std::uint64_t commit, std::vector<std::unique_ptr<HistoryBatch>> batches) override;
  // From any thread.
  LiveHistory Describe() const;

  // Without the thread, for tests: writes what is queued, and prunes one step. False: it could not.
  bool Turn();

 private:
  struct Item {
    std::uint64_t commit = 0;
    std::vector<std::unique_ptr<HistoryBatch>> batches;
    std::size_t bytes() const;
    std::uint64_t rows() const;
  };

  void Run();
  bool Open();
  bool HasRoom(std::int64_t bytes);  // false: it has failed for that
  bool WriteFront(const Item& item);
  bool Prune();
  void Fail(const std::string& what);
  void NoteWell();
  void Bound(Item& item) REQUIRES(mutex_);
  const Item* Front();
  void PopFront(const Item& item);
  std::int64_t Now() const;

  FileSystem& fs_;
  const Clock& clock_;
  const std::string path_;
  const HistoryBounds bounds_;
  AddressVeil veil_;

  // Of the thread.
  std::unique_ptr<HistoryWriter> writer_;
  // The newest commit that it is known to have: at first the state's. A write that failed when it
  // was synced is there nevertheless, perhaps, and comes again.
  std::uint64_t written_;
  Backoff backoff_;
  std::chrono::steady_clock::time_point next_prune_;
  std::string last_fault_;

  mutable Mutex mutex_;
  Signal changed_;
  std::deque<Item> queue_ GUARDED_BY(mutex_);
  std::size_t queued_ GUARDED_BY(mutex_) = 0;  // bytes of rows
  bool late_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;
  bool ended_ GUARDED_BY(mutex_) = false;
  std::chrono::steady_clock::time_point last_call_ GUARDED_BY(mutex_);
  LiveHistory live_ GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace bouncesight
