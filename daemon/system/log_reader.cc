#include "daemon/system/log_reader.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/system/archive_reader.h"

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

// The magic numbers of RFC 1952, RFC 8878, the xz file format, compress(1), LZ4 frames (as they are
// and as they were) and lzip.
constexpr std::array<std::string_view, 7> kMagics = {
    "\x1f\x8b",         "\x28\xb5\x2f\xfd", "\xfd\x37\x7a\x58\x5a", "\x1f\x9d", "\x04\x22\x4d\x18",
    "\x02\x21\x4c\x18", "LZIP\x01"};

// RFC 8878, 3.1.2: what others have put in front; pzstd puts one before each frame.
bool IsSkippableFrame(std::string_view head) {
  return head.size() >= kMagicBytes && (head[0] & '\xf0') == '\x50' &&
         head.substr(1, 3) == "\x2a\x4d\x18";
}

// "BZh", a level, and the first bytes of a block or of the end: a text may begin with BZh, too.
bool LooksLikeBzip2(std::string_view head) {
  if (head.size() < kMagicBytes || !head.starts_with("BZh")) return false;
  const std::string_view next = head.substr(4, 2);
  return head[3] >= '1' && head[3] <= '9' && (next == "\x31\x41" || next == "\x17\x72");
}

}  // namespace

bool LooksCompressed(std::string_view head) {
  return LooksLikeBzip2(head) || IsSkippableFrame(head) ||
         std::any_of(kMagics.begin(), kMagics.end(),
                     [&](std::string_view magic) { return head.starts_with(magic); });
}

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
  const bool compressed = n > 0 ? LooksCompressed({head.data(), static_cast<std::size_t>(n)})
                                : n == 0 && HasCompressedName(path);
  if (compressed) {
    reader = MakeArchiveReader(fs, std::move(handle));
  } else {
    reader = std::make_unique<PlainReader>(fs, std::move(handle));
  }
  return 0;
}

}  // namespace bouncesight
