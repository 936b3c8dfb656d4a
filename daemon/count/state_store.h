// Keeps the newest state record over crashes and power losses: two slots, written in turn and in
// place, so that one is whole at any moment, and so that a full disk does not stop commits.
// daemon/STATE.md describes the files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/system/fs.h"
#include "parsers/event/result.h"

namespace bouncesight {

struct StateLoad {
  std::optional<std::string> payload;  // of the highest valid generation; nullopt: none, start anew
  // Slots were there, and none could be used: counters start at zero. Count it, say it.
  bool reset = false;
  std::string note;  // for our own log: what was passed over, and why; may be empty
};

// One thread at a time.
class StateStore {
 public:
  static constexpr std::uint32_t kVersion = 1;
  static constexpr int kSlots = 2;
  static constexpr std::size_t kHeaderBytes = 36;
  static constexpr std::uint64_t kMaxPayload = 1ULL << 30;

  // The slots lie in `folder` as "state.0" and "state.1". `fs` must outlive the store.
  StateStore(FileSystem& fs, const std::string& folder);

  // Reads both slots, and holds the folder against a second daemon from then on. An Error: another
  // one has it, the slots are there but cannot be read, or they are whole and of another version.
  // To go on would forget or spoil what they hold.
  Result<StateLoad> Load();

  // Makes `payload` the newest record. When it returns well, the record is on the disk. After an
  // error the slot is opened anew at the next call; the other slot still holds the record before.
  Status Write(std::string_view payload);

  std::uint64_t generation() const { return generation_; }

 private:
  struct Slot {
    std::string path;
    FileHandle handle;
    std::uint64_t reserved = 0;
  };

  Status LockFolder();
  Status OpenSlot(Slot& slot);
  Status WriteSlot(Slot& slot, std::string_view payload);
  void Reserve(Slot& slot, std::uint64_t needed);

  FileSystem& fs_;
  std::string lock_path_;
  FileHandle lock_;
  Slot slots_[kSlots];
  int next_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace bouncesight
