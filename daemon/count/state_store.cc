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
};

StateStore::StateStore(FileSystem& fs, const std::string& folder)
    : fs_(fs),
      lock_path_(folder + "/lock"),
      slots_{{fs, folder + "/state.0"}, {fs, folder + "/state.1"}},
      log_(fs, folder + "/state.log") {}

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
  takes_changes_ = false;
  return load;
}

Result<StateLoad> StateStore::Read() const {
  Chain chain;
  return Read(chain);
}

Result<StateLoad> StateStore::Read(Chain& chain) const {
  StateLoad load;
  const Result<std::string> files[] = {slots_[0].Read(), slots_[1].Read(), log_.Read()};
  for (const auto& file : files) {
    if (!file) return file.error();
  }
  bool any_written = false;
  const auto note = [&](const std::string& text) {
    load.note += (load.note.empty() ? "" : "; ") + text;
  };
  for (int i = 0; i < 2; ++i) {
    const SlotContent slot = ReadSlot(*files[i]);
    any_written = any_written || slot.state != SlotState::kEmpty;
    if (slot.state == SlotState::kForeign) return Foreign(slots_[i].path(), slot.version);
    if (slot.state == SlotState::kTorn) note(slots_[i].path() + " is torn and passed over");
    if (slot.state != SlotState::kValid) continue;
    const LogContent behind = ReadLog(*files[2], {slot.generation, slot.checksum, 0});
    if (behind.end.generation <= chain.end.generation) continue;
    chain = {i, behind.end};
    load.record = std::string(slot.payload);
    load.changes.assign(behind.payloads.begin(), behind.payloads.end());
    if (!behind.torn) continue;
    note(log_.path() + " is torn at byte " + std::to_string(behind.end.offset) +
         ", what stands there is passed over");
  }
  load.reset = any_written && !load.record;
  return load;
}

bool StateStore::wants_record() const {
  return !takes_changes_ || log_is_full_ || slots_[current_].IsDeleted() || log_.IsDeleted();
}

Status StateStore::WriteRecord(std::string_view record) {
  const int next = 1 - current_;
  StateFile& slot = slots_[next];
  takes_changes_ = false;
  if (record.size() > kMaxRecord) return Error{slot.path() + ": the state has outgrown 1 GiB"};
  const std::uint32_t checksum = Crc32c(record);
  const std::uint64_t generation = place_.generation + 1;
  const std::string header = SlotHeader(kSlotVersion, generation, record.size(), checksum);
  const std::uint64_t bytes = header.size() + record.size();
  // Twice what is needed, so that the record can grow on a full disk.
  if (slot.reserved() < bytes) slot.Reserve(std::max<std::uint64_t>(2 * bytes, kLogPage));
  const std::string_view parts[] = {header, record};
  if (Status status = slot.Write(0, parts); !status) return status;
  current_ = next;
  place_ = {generation, checksum, 0};
  takes_changes_ = true;
  bytes_written_ += bytes;
  MakeRoom(bytes);
  return Ok{};
}

// For what comes next, while there is room on the disk: the next record, and the changes until
// then.
void StateStore::MakeRoom(std::uint64_t record_bytes) {
  StateFile& other = slots_[1 - current_];
  if (other.reserved() < record_bytes) other.Reserve(2 * record_bytes);
  for (std::uint64_t size = kFirstLog; size >= kLogPage && !log_.Reserve(size);) size /= 2;
  log_is_full_ = log_.reserved() < kLogPage;
  log_limit_ = std::clamp(kLogPerRecord * record_bytes, kMinLog, kMaxLog);
}

Status StateStore::WriteChange(std::string_view change) {
  LogPlace place = place_;
  const std::string record = LogRecord(place, change);
  const std::string_view parts[] = {record};
  const bool lost = slots_[current_].IsDeleted() || log_.IsDeleted();
  takes_changes_ = false;
  if (lost) return Error{log_.path() + ": a file of the state was deleted; it is written anew"};
  if (Status status = log_.Write(place_.offset, parts); !status) return status;
  takes_changes_ = true;
  bytes_written_ += record.size();
  place_ = place;
  // Room for another one like it, before it is needed.
  const std::uint64_t needed = place_.offset + record.size();
  log_is_full_ = needed > log_limit_ ||
                 (needed > log_.reserved() && !log_.Reserve(std::min(2 * needed, log_limit_)));
  return Ok{};
}

}  // namespace bouncesight
