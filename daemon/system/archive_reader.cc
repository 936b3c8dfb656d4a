#include "daemon/system/archive_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "daemon/system/packed_stream.h"

namespace bouncesight {
namespace {

class ArchiveReader final : public LogReader {
 public:
  ArchiveReader(FileSystem& fs, FileHandle handle) : fs_(fs), handle_(std::move(handle)) {}

  std::int64_t ReadAt(std::span<char> buffer, std::uint64_t offset) override {
    if (!stream_ || offset < position_) Start();
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
  std::string why() const override { return stream_ ? stream_->why() : std::string(); }
  bool HasPlainRest() override {
    for (std::size_t looked = 0; stream_ && looked < kLooked; looked += skipped_.size()) {
      if (Read(skipped_) <= 0) return stream_ && stream_->at_plain_rest();
    }
    return false;
  }
  void ReadPlainRest() override { reads_rest_ = true; }

 private:
  void Start() {
    input_offset_ = 0;
    position_ = 0;
    disk_error_ = 0;
    stream_ = std::make_unique<PackedStream>([this](std::span<char> packed) {
      const std::int64_t n = fs_.ReadAt(handle_.fd(), packed, input_offset_);
      if (n > 0) input_offset_ += static_cast<std::uint64_t>(n);
      if (n < 0) disk_error_ = n == -kTornLog || n == -kRefusedLog ? -EIO : n;
      return n;
    });
  }

  std::int64_t Read(std::span<char> buffer) {
    std::int64_t n = stream_->Read(buffer);
    if (n == 0 && reads_rest_ && stream_->at_plain_rest()) {
      stream_->ReadPlainRest();
      n = stream_->Read(buffer);
    }
    if (n < 0) return Failure();
    position_ += static_cast<std::uint64_t>(n);
    return n;
  }

  // What cannot be read now can be read later, but no decoder goes on behind a gap.
  std::int64_t Failure() {
    if (disk_error_ == 0) return stream_->refused() ? -kRefusedLog : -kTornLog;
    stream_.reset();
    return disk_error_;
  }

  // Plain bytes in which HasPlainRest looks for the end: a part of a second.
  static constexpr std::size_t kLooked = std::size_t{16} << 20U;

  FileSystem& fs_;
  FileHandle handle_;
  std::unique_ptr<PackedStream> stream_;
  std::array<char, 16 * 1024> skipped_{};
  std::uint64_t input_offset_ = 0;
  std::uint64_t position_ = 0;  // of the plain bytes
  std::int64_t disk_error_ = 0;
  bool reads_rest_ = false;
};

}  // namespace

std::unique_ptr<LogReader> MakeArchiveReader(FileSystem& fs, FileHandle handle) {
  return std::make_unique<ArchiveReader>(fs, std::move(handle));
}

}  // namespace bouncesight
