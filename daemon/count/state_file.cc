#include "daemon/count/state_file.h"

#include <cerrno>

#include "daemon/system/small_file.h"

namespace bouncesight {
namespace {

constexpr std::uint64_t kMaxBytes = 2ULL << 30;

// What helps, as far as the system's word tells.
const char* RemedyFor(std::int64_t error) {
  switch (error) {
    case -ENOSPC:
    case -EDQUOT:
      return "; make room on its disk, or set state.path to another one";
    case -EACCES:
    case -EPERM:
    case -EROFS:
    case -ENOENT:
    case -ENOTDIR:
      return "; make the folder writable for this user, or set state.path";
    default:
      return "; is its disk well?";
  }
}

}  // namespace

Result<std::string> StateFile::Read() const {
  std::string bytes;
  const int error = ReadSmallFile(fs_, path_, kMaxBytes, bytes);
  if (error == 0 || error == -ENOENT || error == -ENOTDIR) return bytes;
  if (error == -EFBIG) return Error{path_ + ": too large for a state; move it away"};
  return Error{path_ + ": cannot read the state: " + ErrorText(error)};
}

bool StateFile::IsDeleted() const {
  FileInfo info;
  return handle_.is_open() && fs_.StatFd(handle_.fd(), info) == 0 && info.links == 0;
}

Status StateFile::Open() {
  if (IsDeleted()) handle_.Reset();
  if (handle_.is_open()) return Ok{};
  reserved_ = 0;
  const int fd = fs_.Open(path_, OpenMode::kReadWrite);
  if (fd < 0) return Failed("open", fd);
  handle_ = FileHandle(fs_, fd);
  FileInfo info;
  if (fs_.StatFd(fd, info) == 0) reserved_ = info.size;
  return Ok{};
}

bool StateFile::Reserve(std::uint64_t bytes) {
  if (!Open()) return false;
  if (reserved_ >= bytes) return true;
  if (fs_.Reserve(handle_.fd(), bytes) != 0) return false;
  reserved_ = bytes;
  return true;
}

Status StateFile::Write(std::uint64_t offset, std::span<const std::string_view> parts) {
  if (Status status = Open(); !status) return status;
  for (const std::string_view part : parts) {
    const std::int64_t n = fs_.WriteAt(handle_.fd(), std::span(part), offset);
    if (n < 0) return Failed("write", n);
    offset += part.size();
  }
  const int error = fs_.Sync(handle_.fd());
  if (error < 0) return Failed("sync", error);
  return Ok{};
}

Status StateFile::Failed(const char* what, std::int64_t error) {
  handle_.Reset();
  return Error{path_ + ": cannot " + what + " the state: " + ErrorText(error) + RemedyFor(error)};
}

}  // namespace bouncesight
