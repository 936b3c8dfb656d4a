#include "tests/daemon/history/failing_vfs.h"

#include <cstdlib>
#include <new>

#include <sqlite3.h>

namespace bouncesight {
namespace {

FailingVfs* present_vfs = nullptr;
sqlite3_vfs* inner_vfs = nullptr;

// Followed in memory by the default VFS's own file.
struct WatchedFile {
  sqlite3_file base;
  const char* name;  // SQLite's, which lives as long as the file
  sqlite3_file* inner() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

WatchedFile& Of(sqlite3_file* file) { return *reinterpret_cast<WatchedFile*>(file); }
sqlite3_file* Inner(sqlite3_file* file) { return Of(file).inner(); }
const sqlite3_io_methods& Calls(sqlite3_file* file) { return *Inner(file)->pMethods; }

std::string BaseName(const char* path) {
  const std::string whole = path != nullptr ? path : "temporary";
  return whole.substr(whole.rfind('/') + 1);
}

int Ask(const char* call, sqlite3_file* file) {
  return present_vfs != nullptr ? present_vfs->Ask(call, BaseName(Of(file).name)) : SQLITE_OK;
}

int Close(sqlite3_file* file) { return Calls(file).xClose(Inner(file)); }
int Read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  const int error = Ask("read", file);
  return error != SQLITE_OK ? error : Calls(file).xRead(Inner(file), bytes, size, offset);
}
int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  const int error = Ask("write", file);
  if (error == SQLITE_OK) return Calls(file).xWrite(Inner(file), bytes, size, offset);
  Calls(file).xWrite(Inner(file), bytes, size / 2, offset);  // a disk is full in the midst of it
  return error;
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const int error = Ask("truncate", file);
  return error != SQLITE_OK ? error : Calls(file).xTruncate(Inner(file), size);
}
int Sync(sqlite3_file* file, int flags) {
  const int error = Ask("sync", file);
  return error != SQLITE_OK ? error : Calls(file).xSync(Inner(file), flags);
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  const int error = Ask("size", file);
  return error != SQLITE_OK ? error : Calls(file).xFileSize(Inner(file), size);
}
int Lock(sqlite3_file* file, int level) {
  const int error = Ask("lock", file);
  return error != SQLITE_OK ? error : Calls(file).xLock(Inner(file), level);
}
int Unlock(sqlite3_file* file, int level) { return Calls(file).xUnlock(Inner(file), level); }
int Reserved(sqlite3_file* file, int* is) {
  return Calls(file).xCheckReservedLock(Inner(file), is);
}
int Control(sqlite3_file* file, int what, void* value) {
  return Calls(file).xFileControl(Inner(file), what, value);
}
int SectorSize(sqlite3_file* file) { return Calls(file).xSectorSize(Inner(file)); }
int Traits(sqlite3_file* file) { return Calls(file).xDeviceCharacteristics(Inner(file)); }
int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  const int error = Ask("shm", file);
  return error != SQLITE_OK ? error : Calls(file).xShmMap(Inner(file), page, size, extend, memory);
}
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return Calls(file).xShmLock(Inner(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) { Calls(file).xShmBarrier(Inner(file)); }
int ShmUnmap(sqlite3_file* file, int drop) { return Calls(file).xShmUnmap(Inner(file), drop); }

constexpr sqlite3_io_methods kMethods = {
    2,       Close,      Read,   Write,  Truncate, Sync,       FileSize, Lock,    Unlock, Reserved,
    Control, SectorSize, Traits, ShmMap, ShmLock,  ShmBarrier, ShmUnmap, nullptr, nullptr};

int Open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* got) {
  auto* const watched = new (file) WatchedFile{{nullptr}, name};
  if (present_vfs != nullptr) {
    const int error = present_vfs->Ask("open", BaseName(name));
    if (error != SQLITE_OK) return error;
  }
  const int result = inner_vfs->xOpen(inner_vfs, name, watched->inner(), flags, got);
  if (result == SQLITE_OK) watched->base.pMethods = &kMethods;
  return result;
}

}  // namespace

FailingVfs::FailingVfs(std::size_t nth, int error, int times)
    : nth_(nth), error_(error), times_(times) {
  static sqlite3_vfs vfs = [] {
    inner_vfs = sqlite3_vfs_find(nullptr);
    sqlite3_vfs made = *inner_vfs;
    made.zName = "failing";
    made.szOsFile += static_cast<int>(sizeof(WatchedFile));
    made.xOpen = Open;
    return made;
  }();
  sqlite3_vfs_register(&vfs, 1);
  present_vfs = this;
}

FailingVfs::~FailingVfs() {
  present_vfs = nullptr;
  sqlite3_vfs_register(inner_vfs, 1);
}

int FailingVfs::Ask(const char* call, const std::string& file) {
  calls_.push_back(std::string(call) + " " + file);
  if (calls_.size() == nth_) name_ = call;
  if (name_ != call || times_ == 0) return SQLITE_OK;
  --times_;
  return error_;
}

const std::vector<int>& VfsFaultsOf(const std::string& call) {
  static const std::map<std::string, std::vector<int>> kFaults = {
      {"open", {SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_NOMEM}},
      {"read", {SQLITE_IOERR_READ, SQLITE_NOMEM}},
      {"write", {SQLITE_IOERR_WRITE, SQLITE_FULL}},
      {"truncate", {SQLITE_IOERR_TRUNCATE}},
      {"sync", {SQLITE_IOERR_FSYNC}},
      {"size", {SQLITE_IOERR_FSTAT}},
      {"lock", {SQLITE_BUSY, SQLITE_IOERR_LOCK}},
      {"shm", {SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMSIZE, SQLITE_NOMEM}},
  };
  return kFaults.at(call);
}

}  // namespace bouncesight
