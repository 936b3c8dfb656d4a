#include "tests/daemon/system/failing_file_calls.h"

#include <cerrno>
#include <cstdarg>
#include <map>

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bouncesight {
namespace {

thread_local FailingFileCalls* armed_files = nullptr;

template <typename Function>
Function* Next(const char* name, Function*) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

int Failed(int error) {
  errno = error;
  return -1;
}

}  // namespace

FailingFileCalls::Armed::Armed(FailingFileCalls& calls) { armed_files = &calls; }
FailingFileCalls::Armed::~Armed() { armed_files = nullptr; }
FailingFileCalls* FailingFileCalls::armed() { return armed_files; }

int FailingFileCalls::AskPath(const char* name, const std::string& path) {
  if (!path.starts_with(folder_)) return 0;
  return Ask(name, path.substr(folder_.size()), nullptr);
}

int FailingFileCalls::AskFd(const char* name, int fd, std::size_t* size) {
  if (!fds_.contains(fd)) return 0;
  return Ask(name, fd < 2 ? std::to_string(fd) : "a file", size);
}

void FailingFileCalls::Opened(const std::string& path, int fd) {
  if (path.starts_with(folder_)) fds_.insert(fd);
}

int FailingFileCalls::Ask(const std::string& name, const std::string& what, std::size_t* size) {
  calls_.push_back(name + " " + what);
  if (calls_.size() == nth_) failing_ = name;
  if (name != failing_ || times_ == 0) return 0;
  if (way_ != kCut || std::exchange(was_cut_, false)) {
    --times_;
    return way_ == kCut ? EIO : way_;
  }
  if (size == nullptr || *size < 2) return 0;
  was_cut_ = true;
  *size /= 2;
  return 0;
}

const std::vector<int>& FileFaultsOf(const std::string& call) {
  constexpr int kCut = FailingFileCalls::kCut;
  static const std::map<std::string, std::vector<int>> kFaults = {
      {"open", {EIO, EMFILE, ENFILE, ENOMEM, EACCES, ELOOP, ESTALE}},
      {"opendir", {EIO, EMFILE, ENFILE, ENOMEM, EACCES, ESTALE}},
      {"readdir", {EIO, ENOMEM}},
      {"stat", {EIO, ENOMEM, EACCES, ELOOP, ESTALE}},
      {"lstat", {EIO, ENOMEM, EACCES}},
      {"fstat", {EIO, ENOMEM, ESTALE}},
      {"lseek", {EIO, EINVAL}},
      {"read", {EIO, EINTR, ENOMEM, ESTALE, kCut}},
      {"pread", {EIO, EINTR, ENOMEM, ESTALE, kCut}},
      {"write", {EIO, ENOSPC, EDQUOT, EPIPE, EINTR, EAGAIN, kCut}},
  };
  return kFaults.at(call);
}

}  // namespace bouncesight

using bouncesight::armed_files;
using bouncesight::Failed;
using bouncesight::Next;

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if (armed_files != nullptr) {
    if (const int error = armed_files->AskPath("open", path)) return Failed(error);
  }
  const int fd = Next("open", &::open)(path, flags, mode);
  if (armed_files != nullptr && fd >= 0) armed_files->Opened(path, fd);
  return fd;
}

int close(int fd) {
  if (armed_files != nullptr) armed_files->Closed(fd);
  return Next("close", &::close)(fd);
}

DIR* opendir(const char* path) {
  if (armed_files != nullptr) {
    if (const int error = armed_files->AskPath("opendir", path)) {
      errno = error;
      return nullptr;
    }
  }
  DIR* const folder = Next("opendir", &::opendir)(path);
  if (armed_files != nullptr && folder != nullptr) armed_files->Opened(path, ::dirfd(folder));
  return folder;
}

dirent* readdir(DIR* folder) {
  if (armed_files != nullptr) {
    if (const int error = armed_files->AskFd("readdir", ::dirfd(folder))) {
      errno = error;
      return nullptr;
    }
  }
  return Next("readdir", &::readdir)(folder);
}

int stat(const char* path, struct stat* info) noexcept {
  if (armed_files != nullptr) {
    if (const int error = armed_files->AskPath("stat", path)) return Failed(error);
  }
  return Next("stat", static_cast<int (*)(const char*, struct stat*)>(&::stat))(path, info);
}

int lstat(const char* path, struct stat* info) noexcept {
  if (armed_files != nullptr) {
    if (const int error = armed_files->AskPath("lstat", path)) return Failed(error);
  }
  return Next("lstat", &::lstat)(path, info);
}

int fstat(int fd, struct stat* info) noexcept {
  if (armed_files != nullptr) {
    if (const int error = armed_files->AskFd("fstat", fd)) return Failed(error);
  }
  return Next("fstat", &::fstat)(fd, info);
}

off_t lseek(int fd, off_t offset, int whence) noexcept {
  if (armed_files != nullptr) {
    if (const int error = armed_files->AskFd("lseek", fd)) return Failed(error);
  }
  return Next("lseek", &::lseek)(fd, offset, whence);
}

ssize_t pread(int fd, void* bytes, size_t size, off_t offset) {
  if (armed_files != nullptr) {
    if (const int error = armed_files->AskFd("pread", fd, &size)) return Failed(error);
  }
  return Next("pread", &::pread)(fd, bytes, size, offset);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  if (armed_files != nullptr) {
    if (const int error = armed_files->AskFd("write", fd, &size)) return Failed(error);
  }
  return Next("write", &::write)(fd, bytes, size);
}

}  // extern "C"
