// Faults by counting, of the system calls on real files and on standard input and output: for what
// reads by libraries and read(2), past the seam of fs.h. The test program's own functions of their
// names come before libc's.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bouncesight {

// As FailingCalls (failing_calls.h). Only calls on what lies in `folder`, and on descriptors 0 and
// 1, count; and only those of the thread that armed it.
class FailingFileCalls {
 public:
  // A way to fail: the call does half of what it was asked for, and the next one fails with EIO, as
  // a disk gives what it has before an error.
  static constexpr int kCut = -1;

  FailingFileCalls(std::string folder, std::size_t nth, int way, int times = 1)
      : folder_(std::move(folder)), nth_(nth), way_(way), times_(times) {}

  class Armed {
   public:
    explicit Armed(FailingFileCalls& calls);
    ~Armed();
    Armed(const Armed&) = delete;
    Armed& operator=(const Armed&) = delete;
  };
  static FailingFileCalls* armed();

  // "open mail.log", "write 1": in order.
  const std::vector<std::string>& calls() const { return calls_; }

  // For the functions that stand before libc's. 0: go on; else an errno.
  int AskPath(const char* name, const std::string& path);
  // `size` of a read or write may be cut.
  int AskFd(const char* name, int fd, std::size_t* size = nullptr);
  void Opened(const std::string& path, int fd);
  void Closed(int fd) { fds_.erase(fd); }

 private:
  int Ask(const std::string& name, const std::string& what, std::size_t* size);

  std::string folder_;
  std::size_t nth_;
  int way_;
  int times_;
  std::string failing_;  // the call's name
  bool was_cut_ = false;
  std::set<int> fds_ = {0, 1};
  std::vector<std::string> calls_;
};

// How a call of that name may fail.
const std::vector<int>& FileFaultsOf(const std::string& call);

}  // namespace bouncesight
