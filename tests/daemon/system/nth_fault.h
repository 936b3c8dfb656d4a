// Faults by counting: what calls a run makes of a file system in memory, and every way in which one
// of them may fail.
#pragma once

#include <cerrno>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bouncesight {

// A hook for MemoryFs::fault: the nth call, counted from 1, fails, and with it the calls of the
// same name that come next, so many in all.
class NthFault {
 public:
  // `value` as MemoryFs::fault has it. Of a read that was cut the next one fails, for a disk gives
  // what it has before an error.
  NthFault(std::size_t nth, int value, int times = 1) : nth_(nth), value_(value), times_(times) {}

  int operator()(const std::string& call, const std::string& path) {
    calls_.push_back(call + " " + path);
    if (calls_.size() == nth_) name_ = call;
    if (call != name_ || times_ == 0) return 0;
    if (std::exchange(cut_, false)) {
      --times_;
      return -EIO;
    }
    cut_ = value_ > 0 && call == "read";
    if (!cut_) --times_;
    return value_;
  }

  const std::vector<std::string>& calls() const { return calls_; }  // "open /log/mail.log"

 private:
  std::size_t nth_;
  int value_;
  int times_;
  std::string name_;  // of the call that fails
  bool cut_ = false;
  std::vector<std::string> calls_;
};

// How a call of that name may fail. Not -ENOENT, which is not a fault but an answer: it is gone.
inline const std::vector<int>& FaultsOf(const std::string& call) {
  static const std::map<std::string, std::vector<int>> kFaults = {
      {"open", {-EIO, -EMFILE, -ENFILE, -ENOMEM, -EACCES, -ESTALE, -EINTR, -ENOSPC, -EROFS}},
      {"read", {-EIO, -ESTALE, -ENOMEM, -EINTR, 1, 100}},
      {"nextdata", {-EIO, -EINVAL, -ENXIO}},
      {"write", {-EIO, -ENOSPC, -EDQUOT, -ENOMEM, 1, 50, 4096}},
      {"sync", {-EIO, -ENOSPC, -EDQUOT}},
      {"lock", {-EWOULDBLOCK, -ENOLCK, -EINTR, -EIO}},
      {"reserve", {-ENOSPC, -EIO, -EOPNOTSUPP, -EINTR}},
      {"stat", {-EIO, -EACCES, -ESTALE, -ENOMEM, -ELOOP}},
      {"statfd", {-EIO, -ESTALE, -ENOMEM}},
      {"realpath", {-EIO, -EACCES, -ESTALE, -ENOMEM}},
      {"list", {-EIO, -EACCES, -EMFILE, -ENFILE, -ESTALE, -ENOMEM}},
  };
  return kFaults.at(call);
}

}  // namespace bouncesight
