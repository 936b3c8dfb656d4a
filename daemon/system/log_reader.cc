#include "daemon/system/log_reader.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/system/archive_reader.h"

namespace bouncesight {
namespace {

class PlainReader final : public LogReader {
 public:
  PlainReader(FileSystem& fs, int fd) : fs_(fs), handle_(fs, fd) {}

  std::int64_t ReadAt(std::span<char> buffer, std::uint64_t offset) override {
    return fs_.ReadAt(handle_.fd(), buffer, offset);
  }
  std::int64_t NextData(std::uint64_t offset) override {
    return fs_.NextData(handle_.fd(), offset);
  }
  int Info(FileInfo& info) override { return fs_.StatFd(handle_.fd(), info); }
  bool plain() const override { return true; }

 private:
  FileSystem& fs_;
  FileHandle handle_;
};

constexpr std::array<std::string_view, 4> kCompressedEnds = {".gz", ".bz2", ".xz", ".zst"};

}  // namespace

bool HasCompressedName(const std::string& path) {
  return std::any_of(kCompressedEnds.begin(), kCompressedEnds.end(),
                     [&](std::string_view end) { return path.ends_with(end); });
}

int OpenLog(FileSystem& fs, const std::string& path, std::unique_ptr<LogReader>& reader) {
  const int fd = fs.Open(path, OpenMode::kRead);
  if (fd < 0) return fd;
  if (HasCompressedName(path)) {
    reader = MakeArchiveReader(fs, FileHandle(fs, fd));
  } else {
    reader = std::make_unique<PlainReader>(fs, fd);
  }
  return 0;
}

}  // namespace bouncesight
