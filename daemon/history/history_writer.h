// The writing side of the database: each call is one transaction. After a fault the object is of no
// more use: what it kept in memory may be of a transaction that was taken back. Open it anew.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/count/history_batch.h"
#include "daemon/history/open_block.h"
#include "daemon/history/schema.h"
#include "daemon/history/sqlite.h"
#include "daemon/system/address_veil.h"
#include "daemon/system/fs.h"
#include "parsers/event/result.h"

namespace bouncesight {

struct HistoryBounds {
  std::int64_t keep = 30 * 86400LL;     // seconds
  std::uint64_t max_size = 1ULL << 30;  // bytes of the database; its log comes on top
};

// One thread. An Error is one sentence: the file, what is wrong, what to do.
class HistoryWriter {
 public:
  // So many commits can be taken back: the one that may not have reached the state, and what a torn
  // slot of the state costs.
  static constexpr std::uint64_t kUndoable = 4;

  // Makes the database where there is none, of mode 0600. `veil` shows recipients as they may be
  // kept; it must outlive the writer.
  static Result<std::unique_ptr<HistoryWriter>> Open(FileSystem& fs, const std::string& path,
                                                     HistoryBounds bounds, AddressVeil& veil);

  ~HistoryWriter();

  // Takes back what belongs to commits after `generation`, the newest one of the state: their lines
  // will be read again. A note for our log where it cannot; else empty.
  Result<std::string> TakeBackAfter(std::uint64_t generation);

  // What commit `number` brings; again with the same number: more of it. `now`: seconds since 1970.
  Status Write(std::uint64_t number, const std::vector<std::unique_ptr<HistoryBatch>>& batches,
               std::int64_t now);

  // Removes a small step of what is too old or too much, the oldest first. True: there is more.
  Result<bool> PruneStep(std::int64_t now);

  std::uint64_t bytes();  // of the database that are in use
  // Over the size at which PruneStep removes what is not old, and there is something to remove.
  bool full();
  // Folds SQLite's log into the database, so that nothing is left beside it.
  void Finish();

 private:
  using SumKey = std::array<std::int64_t, 4>;
  struct Statements;
  struct Texts;

  HistoryWriter(const std::string& path, HistoryBounds bounds, AddressVeil& veil);

  Status Prepare();
  Status Fault();
  Status Transact(const std::function<void()>& work);
  void WriteBatch(const HistoryBatch& batch, std::int64_t now);
  Texts TextsOf(const HistoryBatch& batch, const HistoryEntry& entry);
  std::int64_t Insert(SqliteQuery& insert, std::int64_t id, const HistoryEntry& entry,
                      const Texts& texts);
  void Mark(std::int64_t id, const HistoryEntry& entry, const Texts& texts, std::int64_t now);
  void CountRanks(const HistoryEntry& entry, const Texts& texts);
  void GoOnAtTheEnd();
  void NoteCommit(std::uint64_t number);
  void SaveBlock();
  void SaveSums(std::uint64_t number);
  void Fold(std::uint64_t last);
  void BoundRejections();
  std::optional<std::pair<std::int64_t, std::int64_t>> Oldest();  // block, its age counts from
  bool HasSums();
  bool DropOldBlocks(std::int64_t cutoff);
  void DropOldRows(std::int64_t cutoff);
  void DropOldSums(std::int64_t cutoff);
  void DropBlock(std::int64_t block);
  bool DropForSize();

  HistoryBounds bounds_;
  AddressVeil& veil_;
  Sqlite db_;
  std::unique_ptr<Statements> sql_;
  OpenBlock block_;
  std::int64_t next_failure_ = 0, next_rejection_ = 0;  // ids
  std::uint64_t folded_ = 0;         // the last commit whose sums are where they stay
  std::int64_t forgotten_hour_ = 0;  // names were searched for old ones
  std::map<SumKey, std::uint64_t> totals_, ranks_;  // of the transaction at hand
};

}  // namespace bouncesight
