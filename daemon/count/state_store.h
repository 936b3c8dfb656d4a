// Keeps the newest state over crashes and power losses at the cost of what changed: a whole record
// in one of two slots, and behind each a log of what each commit changed since. When a log has
// grown to some times the record, the same state is written whole into the other slot, whose log
// begins anew in place.
//
//   state.0  ─ log of state.0: 1 2 3 ─┐          both lead on: where state.1 is damaged, the older
//   state.1 = state.0 and 1 2 3 ──────┴─ log of state.1: 4 5 6     slot and both logs have all
//
// So two ways lead to the newest commit, and a full disk does not stop commits. daemon/STATE.md
// describes the files.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/count/state_file.h"
#include "daemon/count/state_log.h"
#include "daemon/system/fs.h"
#include "parsers/event/result.h"

namespace bouncesight {

struct StateLoad {
  std::optional<std::string> record;  // of the highest generation; nullopt: none, start anew
  std::vector<std::string> changes;   // to be applied to it, in their order
  // Slots were there, and none could be used: counters start at zero. Count it, say it.
  bool reset = false;
  // Commits that were whole on the disk once, and stand behind a damage that nothing leads around.
  std::uint64_t lost = 0;
  std::string note;  // for our own log: what was passed over, and why; may be empty
};

// One thread at a time.
class StateStore {
 public:
  static constexpr std::size_t kMaxRecord = 1ULL << 30;
  // The log may have so many times the bytes of the record, but never less or more than these.
  static constexpr std::uint64_t kLogPerRecord = 4;
  static constexpr std::uint64_t kMinLog = 4ULL << 20;
  static constexpr std::uint64_t kMaxLog = 64ULL << 20;

  // The slots lie in `folder` as "state.0" and "state.1", their logs as "state.0.log" and
  // "state.1.log". `fs` must outlive the store.
  StateStore(FileSystem& fs, const std::string& folder);

  // Reads the state, and holds the folder against a second daemon from then on. An Error: another
  // one has it, the state is there but cannot be read, or a newer program wrote it. To go on would
  // forget or spoil what it holds.
  Result<StateLoad> Load();
  // Reads it again.
  Result<StateLoad> Read() const;

  // How the next commit is to be written. Asks the file system.
  enum class Need : std::uint8_t {
    kChange,  // WriteChange
    kFold,    // the same, and then Fold: the log has no room for more, or one slot alone is whole
    kRecord,  // WriteRecord: nothing was written since the start, or a file was lost or failed
  };
  Need need() const;
  bool wants_record() const { return need() != Need::kChange; }

  // Each makes what it is given the newest commit: when it returns well, that is on the disk. After
  // an error the disk holds the commit before, and the next one must be a whole record.
  Status WriteRecord(std::string_view record);
  Status WriteChange(std::string_view change);
  // `record` is what the newest commit has led to. An Error leaves that commit as it is.
  Status Fold(std::string_view record);

  std::uint64_t generation() const { return place_.generation; }  // of the newest commit
  // Of the commit that is written next: higher than that of any that was lost.
  std::uint64_t next_generation() const { return std::max(place_.generation, newest_seen_) + 1; }
  std::uint64_t bytes_written() const { return bytes_written_; }  // by this object

 private:
  struct Chain;  // a record and its log, as read

  Status LockFolder();
  Result<StateLoad> Read(Chain& chain) const;
  Status WriteSlot(std::string_view record, std::uint64_t generation,
                   std::optional<std::uint32_t> link);
  void MakeRoom(std::uint64_t record_bytes);
  bool IsLost() const { return slots_[current_].IsDeleted() || logs_[current_].IsDeleted(); }

  FileSystem& fs_;
  std::string lock_path_;
  FileHandle lock_;
  StateFile slots_[2];
  StateFile logs_[2];
  StateFile old_log_;  // of slots of version 2
  int current_ = 0;    // the slot that holds the record
  LogPlace place_;     // of the next change, in its log
  std::uint64_t newest_seen_ = 0;
  bool takes_changes_ = false;
  bool stands_alone_ = false;  // no log leads to the record
  bool log_is_full_ = false;
  std::uint64_t log_limit_ = kMinLog;
  std::uint64_t bytes_written_ = 0;
};

}  // namespace bouncesight
