// SQLite's door to the disk, whose calls fail by count: a VFS in front of the default one. The
// shared memory of its log (-shm) is the default's.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace bouncesight {

// While it lives, each connection that is opened uses it. The nth call, counted from 1, fails with
// `error` (SQLITE_IOERR_…), and those of its name that come next, so many in all. One at a time.
class FailingVfs {
 public:
  FailingVfs(std::size_t nth, int error, int times = 1);
  ~FailingVfs();
  FailingVfs(const FailingVfs&) = delete;
  FailingVfs& operator=(const FailingVfs&) = delete;

  const std::vector<std::string>& calls() const { return calls_; }  // "write history.db-wal"
  void NoMore() { times_ = 0; }
  int Ask(const char* call, const std::string& file);  // SQLITE_OK, or what it fails with

 private:
  std::size_t nth_;
  int error_;
  int times_;
  std::vector<std::string> calls_;
  std::string name_;  // of the call that fails
};

// How a call of that name may fail.
const std::vector<int>& VfsFaultsOf(const std::string& call);

}  // namespace bouncesight
