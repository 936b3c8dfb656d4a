// The file of an existing log, for the commands that read it once: opened with words for a person
// where that fails.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <sys/types.h>
#include <unistd.h>

#include "parsers/event/result.h"

namespace bouncesight {

// A descriptor that closes itself. Standard input stays open.
class LogFile {
 public:
  explicit LogFile(int fd) : fd_(fd) {}
  LogFile(LogFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  LogFile& operator=(LogFile&&) = delete;
  ~LogFile() {
    if (fd_ > STDERR_FILENO) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// "-" is standard input. An Error names the path: missing, not to be read, a folder.
Result<LogFile> OpenLogFile(const std::string& path);

// read(2) that goes on after a signal.
ssize_t ReadSome(int fd, char* data, std::size_t size);

// pread(2) that goes on after a signal, and until `size` bytes are there or the file ends.
ssize_t ReadAllAt(int fd, char* data, std::size_t size, std::uint64_t offset);

// "PATH: WHAT: " and what errno says.
Error SystemError(const std::string& path, const char* what);

}  // namespace bouncesight
