#include "daemon/system/small_file.h"

#include <algorithm>
#include <cerrno>

namespace bouncesight {
namespace {

constexpr std::uint64_t kStep = 64 * 1024;

std::string Complaint(int error, std::uint64_t most) {
  if (error == -ENOENT || error == -ENOTDIR) return "no such file";
  if (error == -EISDIR) return "is a folder, where a file is wanted";
  if (error == -EFBIG) return "larger than " + std::to_string(most >> 20) + " MiB";
  return "cannot be read: " + ErrorText(error);
}

}  // namespace

int ReadSmallFile(FileSystem& fs, const std::string& path, std::uint64_t most, std::string& bytes) {
  bytes.clear();
  const int fd = fs.Open(path, OpenMode::kWhole);
  if (fd < 0) return fd;
  const FileHandle handle(fs, fd);
  FileInfo info;  // tells how much to ask for; a pipe or a file of /proc has no size
  const std::uint64_t size = fs.StatFd(fd, info) == 0 ? info.size : 0;
  std::uint64_t step = std::max(kStep, std::min(size, most) + 1);
  while (true) {
    const std::size_t at = bytes.size();
    bytes.resize(at + step);
    const std::int64_t n = fs.ReadAt(fd, std::span(bytes).subspan(at), at);
    bytes.resize(at + static_cast<std::size_t>(std::max<std::int64_t>(n, 0)));
    if (n < 0) return static_cast<int>(n);
    if (bytes.size() > most) return -EFBIG;
    if (n == 0) return 0;  // fewer than asked for may come of an error, which the next call gives
    step = kStep;
  }
}

Result<std::string> ReadSmallFile(const std::string& path, std::uint64_t most) {
  RealFileSystem fs;
  std::string bytes;
  const int error = ReadSmallFile(fs, path, most, bytes);
  if (error < 0) return Error{path + ": " + Complaint(error, most)};
  return bytes;
}

}  // namespace bouncesight
