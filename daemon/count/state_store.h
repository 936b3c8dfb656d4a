// Keeps the newest state over crashes and power losses at the cost of what changed: a whole record
// in one of two slots, and a log of what each commit changed since. When the log has grown to some
// times the record, a new record is written whole into the other slot, and the log begins anew in
// place. So one record and its log are whole at any moment, and a full disk does not stop commits.
// daemon/STATE.md describes the files.
#pragma once

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

  // The slots lie in `folder` as "state.0" and "state.1", the log as "state.log". `fs` must outlive
  // the store.
  StateStore(FileSystem& fs, const std::string& folder);

  // Reads the state, and holds the folder against a second daemon from then on. An Error: another
  // one has it, the state is there but cannot be read, or a newer program wrote it. To go on would
  // forget or spoil what it holds.
  Result<StateLoad> Load();
  // Reads it again.
  Result<StateLoad> Read() const;

  // It is time to write all: nothing was written since the start, the log has no room for more, or
  // a file was lost or could not be written. Asks the file system.
  bool wants_record() const;
  // A change can be written, though a record may be better.
  bool takes_changes() const { return takes_changes_; }

  // Each makes what it is given the newest commit: when it returns well, that is on the disk. After
  // an error the disk holds the commit before, and the next one must be a whole record.
  Status WriteRecord(std::string_view record);
  Status WriteChange(std::string_view change);

  std::uint64_t generation() const { return place_.generation; }  // of the newest commit
  std::uint64_t bytes_written() const { return bytes_written_; }  // by this object

 private:
  struct Chain;  // a record and its log, as read

  Status LockFolder();
  Result<StateLoad> Read(Chain& chain) const;
  void MakeRoom(std::uint64_t record_bytes);

  FileSystem& fs_;
  std::string lock_path_;
  FileHandle lock_;
  StateFile slots_[2];
  StateFile log_;
  int current_ = 0;  // the slot that holds the record
  LogPlace place_;   // of the next change
  bool takes_changes_ = false;
  bool log_is_full_ = false;
  std::uint64_t log_limit_ = kMinLog;
  std::uint64_t bytes_written_ = 0;
};

}  // namespace bouncesight
