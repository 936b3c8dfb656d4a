#include "daemon/system/log_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>

#include "daemon/system/permission_hint.h"
#include "daemon/system/shell_word.h"

namespace bouncesight {
namespace {

Error OpenError(const std::string& path) {
  if (errno == ENOENT) return Error{path + ": no such file"};
  if (errno != EACCES) return SystemError(path, "cannot open");
  RealFileSystem fs;
  FileInfo info;
  const bool known = fs.Stat(path, info) == 0;
  return Error{path + ": " + PermissionHint(path, known ? &info : nullptr)};
}

}  // namespace

Error SystemError(const std::string& path, const char* what) {
  return Error{path + ": " + what + ": " + std::strerror(errno)};
}

ssize_t ReadSome(int fd, char* data, std::size_t size) {
  ssize_t got = 0;
  do {
    got = read(fd, data, size);
  } while (got < 0 && errno == EINTR);
  return got;
}

ssize_t ReadAllAt(int fd, char* data, std::size_t size, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = pread(fd, data + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(done);
}

Result<LogFile> OpenLogFile(const std::string& path) {
  if (path == "-") return LogFile(STDIN_FILENO);
  LogFile fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return OpenError(path);
  struct stat status {};
  if (fstat(fd.get(), &status) != 0) return SystemError(path, "cannot stat");
  if (S_ISDIR(status.st_mode))
    return Error{path + ": is a folder; name the log files in it, as in " + ShellWord(path) +
                 "/*.log"};
  return fd;
}

}  // namespace bouncesight
