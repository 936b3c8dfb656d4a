#include "daemon/system/archive_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "daemon/system/unpacker.h"

namespace bouncesight {
namespace {

class ArchiveReader final : public LogReader {
 public:
  ArchiveReader(FileSystem& fs, FileHandle handle) : fs_(fs), handle_(std::move(handle)) {}

  std::int64_t ReadAt(std::span<char> buffer, std::uint64_t offset) override {
    if (!unpacker_ || offset < position_) {
      if (!Start()) return -EIO;
    }
    while (position_ < offset) {
      const std::size_t step = std::min<std::uint64_t>(skipped_.size(), offset - position_);
      const std::int64_t n = Read(std::span(skipped_).first(step));
      if (n < 0) return n;
      if (n == 0) return 0;
    }
    return Read(buffer);
  }

  int Info(FileInfo& info) override { return fs_.StatFd(handle_.fd(), info); }
  bool plain() const override { return false; }
  // Tapes and some tools pad with NULs; what holds no line is padding as well.
  bool HasPlainRest() override {
    if (!unpacker_) return false;
    const std::int64_t n = fs_.ReadAt(handle_.fd(), skipped_, unpacker_->packed_bytes());
    const auto end = skipped_.begin() + std::max<std::int64_t>(n, 0);
    return n > 0 && skipped_.front() != '\0' && std::find(skipped_.begin(), end, '\n') != end;
  }

 private:
  bool Start() {
    input_offset_ = 0;
    position_ = 0;
    unpacker_ = std::make_unique<Unpacker>([this](std::span<char> packed) {
      const std::int64_t n = fs_.ReadAt(handle_.fd(), packed, input_offset_);
      if (n > 0) input_offset_ += static_cast<std::uint64_t>(n);
      return n;
    });
    return unpacker_->Open();
  }

  std::int64_t Read(std::span<char> buffer) {
    const std::int64_t n = unpacker_->Read(buffer);
    if (n < 0) return -EIO;
    position_ += static_cast<std::uint64_t>(n);
    return n;
  }

  FileSystem& fs_;
  FileHandle handle_;
  std::unique_ptr<Unpacker> unpacker_;
  std::array<char, 16 * 1024> skipped_{};
  std::uint64_t input_offset_ = 0;
  std::uint64_t position_ = 0;  // of the plain bytes
};

}  // namespace

std::unique_ptr<LogReader> MakeArchiveReader(FileSystem& fs, FileHandle handle) {
  return std::make_unique<ArchiveReader>(fs, std::move(handle));
}

}  // namespace bouncesight
