#include "daemon/count/state_store.h"

#include <algorithm>
#include <cerrno>

#include "daemon/count/state_slot.h"
#include "daemon/system/small_file.h"

namespace bouncesight {
namespace {

// What helps, as far as the system's word tells.
const char* RemedyFor(std::int64_t error) {
  switch (error) {
    case -ENOSPC:
    case -EDQUOT:
      return "; make room on its disk, or set state.path to another one";
    case -EACCES:
    case -EPERM:
    case -EROFS:
    case -ENOENT:
    case -ENOTDIR:
      return "; make the folder writable for this user, or set state.path";
    default:
      return "; is its disk well?";
  }
}

// The whole file; an empty text for one that is not there.
Result<std::string> ReadWhole(FileSystem& fs, const std::string& path) {
  std::string bytes;
  const int error = ReadSmallFile(fs, path, 2 * StateStore::kMaxPayload, bytes);
  if (error == 0 || error == -ENOENT || error == -ENOTDIR) return bytes;
  if (error == -EFBIG) return Error{path + ": too large for a state; move it away"};
  return Error{path + ": cannot read the state: " + ErrorText(error)};
}

}  // namespace

StateStore::StateStore(FileSystem& fs, const std::string& folder)
    : fs_(fs), lock_path_(folder + "/lock") {
  for (int i = 0; i < 2; ++i) slots_[i].path = folder + "/state." + std::to_string(i);
}

// Where there is no folder, or it may not be written, each Write says so; no lock is needed then.
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
  StateLoad load;
  bool any_written = false;
  for (int i = 0; i < 2; ++i) {
    auto bytes = ReadWhole(fs_, slots_[i].path);
    if (!bytes) return bytes.error();
    const SlotContent content = ReadSlot(*bytes, kVersion);
    any_written = any_written || content.state != SlotState::kEmpty;
    if (content.state == SlotState::kForeign) {
      return Error{slots_[i].path + ": the state has version " + std::to_string(content.version) +
                   ", this program reads version " + std::to_string(kVersion) +
                   "; run the program that wrote it, or move the file away to count from zero"};
    }
    if (content.state == SlotState::kTorn) {
      load.note += (load.note.empty() ? "" : "; ") + slots_[i].path + " is torn and passed over";
    }
    if (content.state == SlotState::kValid && content.generation > generation_) {
      generation_ = content.generation;
      load.payload = std::string(content.payload);
      next_ = 1 - i;
    }
  }
  load.reset = any_written && !load.payload;
  return load;
}

Status StateStore::Write(std::string_view payload) {
  Slot& slot = slots_[next_];
  Status status = WriteSlot(slot, payload);
  if (!status) {
    slot.handle.Reset();
    slot.reserved = 0;
    return status;
  }
  ++generation_;
  next_ = 1 - next_;
  return Ok{};
}

Status StateStore::OpenSlot(Slot& slot) {
  FileInfo open_one;
  if (slot.handle.is_open() && fs_.StatFd(slot.handle.fd(), open_one) == 0 && open_one.links == 0) {
    slot.handle.Reset();  // deleted under our hands: what it gets is lost
    slot.reserved = 0;
  }
  if (slot.handle.is_open()) return Ok{};
  const int fd = fs_.Open(slot.path, OpenMode::kReadWrite);
  if (fd < 0) return Error{slot.path + ": cannot open the state: " + ErrorText(fd) + RemedyFor(fd)};
  slot.handle = FileHandle(fs_, fd);
  FileInfo info;
  if (fs_.StatFd(fd, info) == 0) slot.reserved = info.size;
  return Ok{};
}

// Twice what is needed, so that the record can grow on a full disk. Where the disk has no room for
// as much, the write itself decides.
void StateStore::Reserve(Slot& slot, std::uint64_t needed) {
  if (slot.reserved >= needed) return;
  const std::uint64_t size = std::max<std::uint64_t>(2 * needed, 4096);
  if (fs_.Reserve(slot.handle.fd(), size) == 0) slot.reserved = size;
}

Status StateStore::WriteSlot(Slot& slot, std::string_view payload) {
  if (payload.size() > kMaxPayload) return Error{slot.path + ": the state has outgrown 1 GiB"};
  if (Status status = OpenSlot(slot); !status) return status;
  const std::string header = SlotHeader(kVersion, generation_ + 1, payload);
  Reserve(slot, header.size() + payload.size());
  const std::string record = header + std::string(payload);
  const std::int64_t n = fs_.WriteAt(slot.handle.fd(), std::span(record), 0);
  if (n < 0) return Error{slot.path + ": cannot write the state: " + ErrorText(n) + RemedyFor(n)};
  const int error = fs_.Sync(slot.handle.fd());
  if (error < 0)
    return Error{slot.path + ": cannot sync the state: " + ErrorText(error) + RemedyFor(error)};
  return Ok{};
}

}  // namespace bouncesight
