// A descriptor that is read on from where it stands: standard input, a pipe. For what has offsets
// and is opened by its path there is fs.h.
#pragma once

#include <cstdint>
#include <span>

namespace bouncesight {

inline constexpr int kStdinFd = 0, kStdoutFd = 1, kStderrFd = 2;

// Does not own the descriptor. One thread.
class InputStream {
 public:
  explicit InputStream(int fd) : fd_(fd) {}

  // Whether Read would give something, or the end, at once.
  bool HasNews() const { return Ask() > 0; }
  int Ask() const;  // 1: yes, 0: no, -errno
  // Waits for bytes and gives what is at hand; 0 at the end, or -errno. An interrupted call is
  // resumed.
  std::int64_t Read(std::span<char> buffer) const;

  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace bouncesight
