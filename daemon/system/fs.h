// The seam for files: the few calls that sources and the state store make, so that a test can run
// them over a file system in memory that fails, tears and forgets as it is told.
//
// Every call gives a value >= 0, or -errno. Not a Result: callers must tell ENOENT ("gone") from
// every other error ("unknown, ask again later").
//
// The room daemon/system holds the only doors to the machine: nobody else in daemon/ includes
// <unistd.h>, <sys/…> or their like (scripts/check-structure), so what the program does to its host
// is read here.
//
// * Files: fs.h (the seam), small_file.h, file_stamp.h, file_id.h, path_glob.h.
// * Logs: log_reader.h (plain, or compressed by archive_reader.h), log_file.h (for the commands
// that
//   read existing logs), input_stream.h (standard input). Compressed: packed_stream.h, by decoder.h
//   and unpacker.h.
// * Sockets: net/ (addresses, listening, who sends, TLS); readiness.h tells which one has news.
// * Time: clock.h (the seam), stamp_reader.h (logs' stamps in this machine's zone), backoff.h.
//   Threads: mutex.h.
// * systemd: systemd.h (notify, watchdog, socket activation), journal_access.h.
// * Addresses of people: address_veil.h.
// * The process: log.h, process_stats.h, descriptor_limit.h, tty.h, version.h, permission_hint.h.
//
// A descriptor is owned by a FileHandle where it came through the seam, by an OwnedFd, a LogFile or
// one of Asio's sockets elsewhere.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "daemon/system/file_id.h"

namespace bouncesight {

struct FileInfo {
  FileId id;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;  // since the epoch; compared with its like only
  std::uint32_t owner = 0;
  std::uint32_t group = 0;
  std::uint32_t mode = 0640;  // the permission bits
  std::uint64_t links = 1;    // 0: open, but deleted
  bool regular = false;
  bool directory = false;
  bool stream = false;  // a named pipe, a terminal or another device: has no offsets
};

enum class OpenMode : std::uint8_t {
  kRead,       // a log: read only, never blocks on a FIFO; -EMFILE already for one of the last 16
  kWhole,      // a small file, to be read to its end: a pipe waits for its writer
  kReadWrite,  // a state file: created with mode 0600 where missing
};

// Thread-safe as the system calls are.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual int Open(const std::string& path, OpenMode mode) = 0;  // a descriptor
  virtual void Close(int fd) = 0;
  // Bytes read; fewer than asked for at the end of the file, or before an error, which the next
  // call gives (interrupted calls are resumed). Of a pipe the bytes that come next, whatever
  // `offset` says.
  virtual std::int64_t ReadAt(int fd, std::span<char> buffer, std::uint64_t offset) = 0;
  // The first byte from `offset` on that is not in a hole, as far as the file system knows: a hint.
  virtual std::int64_t NextData(int fd, std::uint64_t offset);
  virtual std::int64_t WriteAt(int fd, std::span<const char> bytes, std::uint64_t offset) = 0;
  virtual int Sync(int fd) = 0;  // data, as fdatasync
  // Ours alone until the descriptor is closed; -EWOULDBLOCK: another process has it.
  virtual int Lock(int fd) = 0;
  virtual int Reserve(int fd, std::uint64_t size) = 0;            // blocks for `size` bytes
  virtual int Stat(const std::string& path, FileInfo& info) = 0;  // follows symbolic links
  virtual int StatFd(int fd, FileInfo& info) = 0;
  // Where `path` leads to: absolute, without links, dots and double slashes.
  virtual int RealPath(const std::string& path, std::string& real) = 0;
  virtual int List(const std::string& directory, std::vector<std::string>& names) = 0;
  // Bytes that this user may still write to the disk of `directory`. -ENOSYS: nobody knows.
  virtual std::int64_t FreeBytes(const std::string& directory);
};

class RealFileSystem : public FileSystem {
 public:
  int Open(const std::string& path, OpenMode mode) override;
  void Close(int fd) override;
  std::int64_t ReadAt(int fd, std::span<char> buffer, std::uint64_t offset) override;
  std::int64_t NextData(int fd, std::uint64_t offset) override;
  std::int64_t WriteAt(int fd, std::span<const char> bytes, std::uint64_t offset) override;
  int Sync(int fd) override;
  int Lock(int fd) override;
  int Reserve(int fd, std::uint64_t size) override;
  int Stat(const std::string& path, FileInfo& info) override;
  int StatFd(int fd, FileInfo& info) override;
  int RealPath(const std::string& path, std::string& real) override;
  int List(const std::string& directory, std::vector<std::string>& names) override;
  std::int64_t FreeBytes(const std::string& directory) override;
};

// A descriptor that closes itself. Movable.
class FileHandle {
 public:
  FileHandle() = default;
  FileHandle(FileSystem& fs, int fd) : fs_(&fs), fd_(fd) {}
  FileHandle(FileHandle&& other) noexcept : fs_(other.fs_), fd_(other.fd_) { other.fd_ = -1; }
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle() { Reset(); }

  void Reset();
  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }

 private:
  FileSystem* fs_ = nullptr;
  int fd_ = -1;
};

// "/var/log" of "/var/log/mail.log", "." of a bare name.
std::string DirectoryOf(const std::string& path);
// "mail.log" of "/var/log/mail.log".
std::string BaseNameOf(const std::string& path);
// "Permission denied" for -EACCES or EACCES.
std::string ErrorText(std::int64_t error);

}  // namespace bouncesight
