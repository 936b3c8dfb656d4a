// Faults by counting, of the system calls that stand behind no seam: sockets, epoll, pipes. The
// test program's own functions of their names come before libc's, for Asio's and OpenSSL's calls,
// too.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bouncesight {

// The nth call, counted from 1 (of all, or of those named `only`), fails with `error` (an errno),
// and with it the calls of the same name that come next, so many in all. Only what its thread calls
// while an Armed lives counts.
class FailingCalls {
 public:
  FailingCalls(std::size_t nth, int error, int times = 1, std::string only = {})
      : nth_(nth), error_(error), times_(times), only_(std::move(only)) {}

  class Armed {
   public:
    explicit Armed(FailingCalls& calls);
    ~Armed();
    Armed(const Armed&) = delete;
    Armed& operator=(const Armed&) = delete;
  };

  const std::vector<std::string>& calls() const { return calls_; }  // their names, in order
  int Ask(const char* name);                                        // 0, or an errno

 private:
  std::size_t nth_;
  int error_;
  int times_;
  std::string only_;
  std::vector<std::string> calls_;
};

// How a call of that name may fail.
const std::vector<int>& CallFaultsOf(const std::string& call);

}  // namespace bouncesight
