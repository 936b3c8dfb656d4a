// Faults by counting, of the calls of libsystemd that read the journal: the test program's own
// functions of their names come before the library's.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace bouncesight {

// As FailingCalls (tests/daemon/system/failing_calls.h).
class FailingJournal {
 public:
  FailingJournal(std::size_t nth, int error, int times = 1)
      : nth_(nth), error_(error), times_(times) {}

  class Armed {
   public:
    explicit Armed(FailingJournal& calls);
    ~Armed();
    Armed(const Armed&) = delete;
    Armed& operator=(const Armed&) = delete;
  };

  const std::vector<std::string>& calls() const { return calls_; }  // "next", in order
  int Ask(const std::string& name);                                 // 0, or an errno

 private:
  std::size_t nth_;
  int error_;
  int times_;
  std::string failing_;
  std::vector<std::string> calls_;
};

// How a call of that name may fail.
const std::vector<int>& JournalFaultsOf(const std::string& call);

}  // namespace bouncesight
