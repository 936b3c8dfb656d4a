#include "daemon/system/fs.h"

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace bouncesight {
namespace {

void Fill(const struct stat& from, FileInfo& info) {
  info.id = {from.st_dev, from.st_ino};
  info.size = static_cast<std::uint64_t>(from.st_size);
  info.modified_ns = std::int64_t{from.st_mtim.tv_sec} * 1'000'000'000 + from.st_mtim.tv_nsec;
  info.owner = from.st_uid;
  info.group = from.st_gid;
  info.mode = from.st_mode & 07777;
  info.links = from.st_nlink;
  info.regular = S_ISREG(from.st_mode);
  info.directory = S_ISDIR(from.st_mode);
  info.stream = S_ISFIFO(from.st_mode) || S_ISCHR(from.st_mode);
}

int FlagsOf(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY | O_NONBLOCK | O_NOCTTY;
    case OpenMode::kWhole:
      return O_RDONLY | O_NOCTTY;
    case OpenMode::kReadWrite:
      break;
  }
  return O_RDWR | O_CREAT;
}

// What has no offsets is read on from where it is.
ssize_t ReadOnce(int fd, std::span<char> buffer, std::uint64_t offset) {
  const ssize_t n = ::pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(offset));
  return n < 0 && errno == ESPIPE ? ::read(fd, buffer.data(), buffer.size()) : n;
}

// Logs shall not take the last descriptors: the state must be written and scrapes answered.
bool IsOneOfTheLast(int fd) {
  constexpr rlim_t kSpare = 16;
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > 2 * kSpare &&
         static_cast<rlim_t>(fd) >= limit.rlim_cur - kSpare;
}

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

}  // namespace

std::int64_t FileSystem::NextData(int /*fd*/, std::uint64_t offset) {
  return static_cast<std::int64_t>(offset);
}

std::int64_t FileSystem::FreeBytes(const std::string& /*directory*/) { return -ENOSYS; }

int RealFileSystem::Open(const std::string& path, OpenMode mode) {
  const int fd = ::open(path.c_str(), FlagsOf(mode) | O_CLOEXEC, 0600);
  if (fd < 0) return -errno;
  if (mode != OpenMode::kRead || !IsOneOfTheLast(fd)) return fd;
  ::close(fd);
  return -EMFILE;
}

void RealFileSystem::Close(int fd) { ::close(fd); }

std::int64_t RealFileSystem::ReadAt(int fd, std::span<char> buffer, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t n = ReadOnce(fd, buffer.subspan(done), offset + done);
    if (n == 0) break;
    if (n > 0) {
      done += static_cast<std::size_t>(n);
    } else if (errno != EINTR) {
      return done > 0 ? static_cast<std::int64_t>(done) : -errno;
    }
  }
  return static_cast<std::int64_t>(done);
}

// All reads and writes name their offset, so the descriptor's own place is free to move.
std::int64_t RealFileSystem::NextData(int fd, std::uint64_t offset) {
  const off_t data = ::lseek(fd, static_cast<off_t>(offset), SEEK_DATA);
  return data < 0 ? -errno : data;
}

std::int64_t RealFileSystem::WriteAt(int fd, std::span<const char> bytes, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n =
        ::pwrite(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (n >= 0) {
      done += static_cast<std::size_t>(n);
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return static_cast<std::int64_t>(done);
}

int RealFileSystem::Sync(int fd) { return ::fdatasync(fd) == 0 ? 0 : -errno; }

int RealFileSystem::Lock(int fd) { return ::flock(fd, LOCK_EX | LOCK_NB) == 0 ? 0 : -errno; }

int RealFileSystem::Reserve(int fd, std::uint64_t size) {
  return -::posix_fallocate(fd, 0, static_cast<off_t>(size));
}

int RealFileSystem::Stat(const std::string& path, FileInfo& info) {
  struct stat from {};
  if (::stat(path.c_str(), &from) != 0) return -errno;
  Fill(from, info);
  return 0;
}

int RealFileSystem::RealPath(const std::string& path, std::string& real) {
  char* const found = ::realpath(path.c_str(), nullptr);
  if (found == nullptr) return -errno;
  real = found;
  std::free(found);
  return 0;
}

int RealFileSystem::StatFd(int fd, FileInfo& info) {
  struct stat from {};
  if (::fstat(fd, &from) != 0) return -errno;
  Fill(from, info);
  return 0;
}

int RealFileSystem::List(const std::string& directory, std::vector<std::string>& names) {
  names.clear();
  const std::unique_ptr<DIR, CloseDirectory> dir(::opendir(directory.c_str()));
  if (!dir) return -errno;
  errno = 0;
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return errno == 0 ? 0 : -errno;
}

std::int64_t RealFileSystem::FreeBytes(const std::string& directory) {
  struct statvfs disk {};
  if (::statvfs(directory.c_str(), &disk) != 0) return -errno;
  return static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    Reset();
    fs_ = other.fs_;
    fd_ = other.fd_;
    other.fd_ = -1;
  }
  return *this;
}

void FileHandle::Reset() {
  if (fd_ >= 0) fs_->Close(fd_);
  fd_ = -1;
}

std::string DirectoryOf(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string BaseNameOf(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string ErrorText(std::int64_t error) {
  return std::generic_category().message(static_cast<int>(std::abs(error)));
}

}  // namespace bouncesight
