#include "daemon/count/state_store.h"

#include <algorithm>
#include <cerrno>

#include "daemon/count/crc32c.h"
#include "daemon/count/state_slot.h"

namespace bouncesight {
namespace {

// The log is made larger by doubling, from this size on.
constexpr std::uint64_t kFirstLog = 64ULL << 10;

Error Foreign(const std::string& path, std::uint32_t version) {
  return Error{path + ": the state has version " + std::to_string(version) +
               ", this program reads up to version " + std::to_string(kSlotVersion) +
               "; run the program that wrote it, or move the file away to count from zero"};
}

}  // namespace

struct StateStore::Chain {
  int slot = 1;  // so that the first record goes to slot 0
  LogPlace end;
  std::uint64_t newest_seen = 0;  // of what could be read anywhere
};

StateStore::StateStore(FileSystem& fs, const std::string& folder)
    : fs_(fs),
      lock_path_(folder + "/lock"),
      slots_{{fs, folder + "/state.0"}, {fs, folder + "/state.1"}},
      logs_{{fs, folder + "/state.0.log"}, {fs, folder + "/state.1.log"}},
      old_log_(fs, folder + "/state.log") {}

// Where there is no folder, or it may not be written, each write says so; no lock is needed then.
Status StateStore::LockFolder() {
  const int fd = fs_.Open(lock_path_, OpenMode::kReadWrite);
  if (fd < 0) return Ok{};
  lock_ = FileHandle(fs_, fd);
  if (fs_.Lock(fd) != -EWOULDBLOCK) return Ok{};
  return Error{lock_path_ +
               ": another bouncesight counts in this folder; stop it, or give this one " +
               "a state.path of its own"};
}

Result<StateLoad> StateStore::Load() {
  if (Status status = LockFolder(); !status) return status.error();
  Chain chain;
  auto load = Read(chain);
  if (!load) return load;
  current_ = chain.slot;
  place_ = chain.end;
  newest_seen_ = chain.newest_seen;
  takes_changes_ = false;
  return load;
}

Result<StateLoad> StateStore::Read() const {
  Chain chain;
  return Read(chain);
}

Result<StateLoad> StateStore::Read(Chain& chain) const {
  StateLoad load;
  std::string files[2];
  SlotContent slots[2];
  bool any_written = false;
  const auto note = [&](const std::string& text) {
    load.note += (load.note.empty() ? "" : "; ") + text;
  };
  for (const int i : {0, 1}) {
    auto file = slots_[i].Read();
    if (!file) return file.error();
    files[i] = std::move(*file);
    slots[i] = ReadSlot(files[i]);
    any_written = any_written || slots[i].state != SlotState::kEmpty;
    if (slots[i].state == SlotState::kForeign) return Foreign(slots_[i].path(), slots[i].version);
    if (slots[i].state == SlotState::kTorn) note(slots_[i].path() + " is torn and passed over");
  }
  const auto age = [&](int i) {
    return slots[i].state == SlotState::kValid ? slots[i].generation + 1 : 0;
  };
  const int newest = age(1) > age(0) ? 1 : 0;
  load.reset = any_written && age(newest) == 0;
  if (age(newest) == 0) return load;
  chain.slot = newest;
  chain.end = {slots[newest].generation, slots[newest].link, 0};
  load.record = std::string(slots[newest].payload);
  std::vector<const StateFile*> logs = {slots[newest].version < kSlotVersion ? &old_log_
                                                                             : &logs_[newest]};
  // What follows a slot that is damaged follows the log of the other one.
  if (age(1 - newest) == 0) logs.push_back(&logs_[1 - newest]);
  for (const StateFile* const log : logs) {
    const Result<std::string> bytes = log->Read();
    if (!bytes) return bytes.error();
    chain.end.offset = 0;
    const LogContent behind = ReadLog(*bytes, chain.end);
    load.changes.insert(load.changes.end(), behind.payloads.begin(), behind.payloads.end());
    chain.end = behind.end;
    if (behind.torn) {
      note(log->path() + " is torn at byte " + std::to_string(behind.end.offset) +
           ", what stands there is passed over");
    }
    if (!load.note.empty()) chain.newest_seen = std::max(chain.newest_seen, NewestIn(*bytes));
  }
  if (chain.newest_seen > chain.end.generation) {
    load.lost = chain.newest_seen - chain.end.generation;
    note(std::to_string(load.lost) +
         " commits behind it are lost; lines since then are read again");
  }
  return load;
}

StateStore::Need StateStore::need() const {
  if (!takes_changes_ || IsLost()) return Need::kRecord;
  return log_is_full_ || stands_alone_ ? Need::kFold : Need::kChange;
}

Status StateStore::WriteSlot(std::string_view record, std::uint64_t generation,
                             std::optional<std::uint32_t> link) {
  StateFile& slot = slots_[1 - current_];
  if (record.size() > kMaxRecord) return Error{slot.path() + ": the state has outgrown 1 GiB"};
  const std::uint32_t checksum = Crc32c(record);
  const std::string header = SlotHeader(kSlotVersion, generation, record.size(), checksum, link);
  const std::uint64_t bytes = header.size() + record.size();
  // Twice what is needed, so that the record can grow on a full disk.
  if (slot.reserved() < bytes) slot.Reserve(std::max<std::uint64_t>(2 * bytes, kLogPage));
  const std::string_view parts[] = {header, record};
  if (Status status = slot.Write(0, parts); !status) return status;
  current_ = 1 - current_;
  place_ = {generation, link.value_or(checksum), 0};
  bytes_written_ += bytes;
  MakeRoom(bytes);
  return Ok{};
}

Status StateStore::WriteRecord(std::string_view record) {
  takes_changes_ = false;
  if (Status status = WriteSlot(record, next_generation(), {}); !status) return status;
  takes_changes_ = stands_alone_ = true;
  return Ok{};
}

Status StateStore::Fold(std::string_view record) {
  if (Status status = WriteSlot(record, place_.generation, place_.link); !status) return status;
  stands_alone_ = false;
  return Ok{};
}

// For what comes next, while there is room on the disk: the next record, and the changes until
// then.
void StateStore::MakeRoom(std::uint64_t record_bytes) {
  StateFile& other = slots_[1 - current_];
  if (other.reserved() < record_bytes) other.Reserve(2 * record_bytes);
  StateFile& log = logs_[current_];
  for (std::uint64_t size = kFirstLog; size >= kLogPage && !log.Reserve(size);) size /= 2;
  log_is_full_ = log.reserved() < kLogPage;
  log_limit_ = std::clamp(kLogPerRecord * record_bytes, kMinLog, kMaxLog);
}

Status StateStore::WriteChange(std::string_view change) {
  StateFile& log = logs_[current_];
  LogPlace place = place_;
  const std::string record = LogRecord(place, change);
  const std::string_view parts[] = {record};
  const bool lost = IsLost();
  takes_changes_ = false;
  if (lost) return Error{log.path() + ": a file of the state was deleted; it is written anew"};
  if (Status status = log.Write(place_.offset, parts); !status) return status;
  takes_changes_ = true;
  bytes_written_ += record.size();
  place_ = place;
  // Room for another one like it, and for the one that a fold follows, before they are needed.
  const std::uint64_t needed = place_.offset + 2 * record.size();
  log_is_full_ = needed > log_limit_ ||
                 (needed > log.reserved() && !log.Reserve(std::min(2 * needed, log_limit_)));
  return Ok{};
}

}  // namespace bouncesight
