// The file system as a file source sees it, which knows whether what was concluded from its answers
// may be believed. Whether a file is one that was read before is told by its bytes: an error in
// between says "no" as plainly as another file's bytes would, and the file would be read anew.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "daemon/system/fs.h"

namespace bouncesight {

// One thread.
class WatchedFs final : public FileSystem {
 public:
  explicit WatchedFs(FileSystem& fs) : fs_(fs) {}

  int Open(const std::string& path, OpenMode mode) override { return fs_.Open(path, mode); }
  void Close(int fd) override { fs_.Close(fd); }
  std::int64_t ReadAt(int fd, std::span<char> buffer, std::uint64_t offset) override {
    const std::int64_t n = Noted(fs_.ReadAt(fd, buffer, offset));
    const auto done = static_cast<std::size_t>(std::max<std::int64_t>(n, 0));
    if (n < 0 || looks_ == 0 || done == buffer.size()) return n;
    // The end of the file, or an error that the next call gives.
    const std::int64_t more = Noted(fs_.ReadAt(fd, buffer.subspan(done), offset + done));
    return n + std::max<std::int64_t>(more, 0);
  }
  std::int64_t NextData(int fd, std::uint64_t offset) override { return fs_.NextData(fd, offset); }
  std::int64_t WriteAt(int fd, std::span<const char> bytes, std::uint64_t offset) override {
    return fs_.WriteAt(fd, bytes, offset);
  }
  int Sync(int fd) override { return fs_.Sync(fd); }
  int Lock(int fd) override { return fs_.Lock(fd); }
  int Reserve(int fd, std::uint64_t size) override { return fs_.Reserve(fd, size); }
  int Stat(const std::string& path, FileInfo& info) override { return fs_.Stat(path, info); }
  int StatFd(int fd, FileInfo& info) override {
    return static_cast<int>(Noted(fs_.StatFd(fd, info)));
  }
  int RealPath(const std::string& path, std::string& real) override {
    return fs_.RealPath(path, real);
  }
  int List(const std::string& directory, std::vector<std::string>& names) override {
    const int error = fs_.List(directory, names);
    if (error == -EACCES) {
      denied_folder_ = directory;
    } else if (directory == denied_folder_) {
      denied_folder_.clear();
    }
    return error;
  }
  std::int64_t FreeBytes(const std::string& directory) override { return fs_.FreeBytes(directory); }

  int last_error() const { return last_error_; }  // -errno of an open file's last call that failed
  // That we may not list, of several the last; empty: none.
  const std::string& denied_folder() const { return denied_folder_; }

 private:
  friend class Look;

  std::int64_t Noted(std::int64_t result) {
    if (result >= 0) return result;
    ++failures_;
    last_error_ = static_cast<int>(result);
    return result;
  }

  FileSystem& fs_;
  std::uint64_t failures_ = 0;  // of calls on open files: paths are judged where they are asked for
  int last_error_ = 0;
  std::string denied_folder_;
  int looks_ = 0;
};

// While it lives files are compared.
class Look {
 public:
  explicit Look(WatchedFs& fs) : fs_(fs), before_(fs.failures_) { ++fs_.looks_; }
  ~Look() { --fs_.looks_; }
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

  // No call has failed since.
  bool believable() const { return fs_.failures_ == before_; }

 private:
  WatchedFs& fs_;
  std::uint64_t before_;
};

}  // namespace bouncesight
