#include "daemon/system/stdin_spool.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/system/log_file.h"

namespace bouncesight {
namespace {

bool StandsAtTheStartOfAFile() {
  struct stat status {};
  return fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode) &&
         lseek(STDIN_FILENO, 0, SEEK_CUR) == 0;
}

std::string FolderForSpools() {
  const char* const named = std::getenv("TMPDIR");
  return named == nullptr || *named == '\0' ? "/tmp" : named;
}

// -1: errno says why. Not all file systems can make files without a name.
int OpenNameless(const std::string& folder) {
  const int fd = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return fd;
  std::string path = folder + "/bouncesight-XXXXXX";
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) unlink(path.c_str());
  return named;
}

bool WriteAll(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t done = write(fd, data, size);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    data += done;
    size -= static_cast<std::size_t>(done);
  }
  return true;
}

}  // namespace

Status SpoolStdin() {
  if (StandsAtTheStartOfAFile()) return Ok{};
  const std::string folder = FolderForSpools();
  const LogFile spool(OpenNameless(folder));
  if (spool.get() < 0) return SystemError(folder, "cannot keep standard input there");
  std::array<char, std::size_t{64} << 10> buffer{};
  for (;;) {
    const ssize_t got = ReadSome(STDIN_FILENO, buffer.data(), buffer.size());
    if (got < 0) return SystemError("standard input", "cannot read");
    if (got == 0) break;
    if (!WriteAll(spool.get(), buffer.data(), static_cast<std::size_t>(got)))
      return SystemError(folder, "cannot keep standard input there");
  }
  if (dup2(spool.get(), STDIN_FILENO) < 0) return SystemError("standard input", "cannot replace");
  RewindStdin();
  return Ok{};
}

void RewindStdin() { lseek(STDIN_FILENO, 0, SEEK_SET); }

}  // namespace bouncesight
