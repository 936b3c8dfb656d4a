#include "daemon/system/log_reader.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/system/archive_reader.h"
#include "daemon/system/decoder.h"

namespace bouncesight {
namespace {

class PlainReader final : public LogReader {
 public:
  PlainReader(FileSystem& fs, FileHandle handle) : fs_(fs), handle_(std::move(handle)) {}

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

constexpr std::array<std::string_view, 7> kCompressedEnds = {".gz",  ".bz2", ".xz", ".zst",
                                                             ".lz4", ".lz",  ".Z"};

}  // namespace

bool HasCompressedName(std::string_view path) {
  return std::any_of(kCompressedEnds.begin(), kCompressedEnds.end(),
                     [&](std::string_view end) { return path.ends_with(end); });
}

int OpenLog(FileSystem& fs, const std::string& path, std::unique_ptr<LogReader>& reader) {
  const int fd = fs.Open(path, OpenMode::kRead);
  if (fd < 0) return fd;
  FileHandle handle(fs, fd);
  std::array<char, kMagicBytes> head;
  // A file that cannot be read says so when it is.
  const std::int64_t n = fs.ReadAt(fd, head, 0);
  const bool compressed =
      n > 0 ? PackingOf({head.data(), static_cast<std::size_t>(n)}) != Packing::kNone
            : n == 0 && HasCompressedName(path);
  if (compressed) {
    reader = MakeArchiveReader(fs, std::move(handle));
  } else {
    reader = std::make_unique<PlainReader>(fs, std::move(handle));
  }
  return 0;
}

}  // namespace bouncesight
