#include "daemon/archive_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <archive.h>
#include <archive_entry.h>

namespace bouncesight {
namespace {

struct FreeArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};

class ArchiveReader final : public LogReader {
 public:
  ArchiveReader(FileSystem& fs, FileHandle handle) : fs_(fs), handle_(std::move(handle)) {}

  std::int64_t ReadAt(std::span<char> buffer, std::uint64_t offset) override {
    if (!archive_ || offset < position_) {
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

 private:
  bool Start() {
    archive_.reset(archive_read_new());
    input_offset_ = 0;
    position_ = 0;
    archive_read_support_filter_all(archive_.get());
    archive_read_support_format_raw(archive_.get());
    archive_read_set_callback_data(archive_.get(), this);
    archive_read_set_read_callback(archive_.get(), &ArchiveReader::Fill);
    archive_entry* entry = nullptr;
    if (archive_read_open1(archive_.get()) != ARCHIVE_OK) return false;
    const int header = archive_read_next_header(archive_.get(), &entry);
    empty_ = header == ARCHIVE_EOF;
    return header == ARCHIVE_OK || empty_;
  }

  std::int64_t Read(std::span<char> buffer) {
    if (empty_) return 0;
    std::size_t done = 0;
    while (done < buffer.size()) {
      const la_ssize_t n =
          archive_read_data(archive_.get(), buffer.data() + done, buffer.size() - done);
      if (n == ARCHIVE_RETRY) continue;
      if (n < 0) return done > 0 ? static_cast<std::int64_t>(done) : -EIO;
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
      position_ += static_cast<std::uint64_t>(n);
    }
    return static_cast<std::int64_t>(done);
  }

  static la_ssize_t Fill(archive* handle, void* self_pointer, const void** bytes) {
    auto* self = static_cast<ArchiveReader*>(self_pointer);
    *bytes = self->input_.data();
    const std::int64_t n = self->fs_.ReadAt(self->handle_.fd(), self->input_, self->input_offset_);
    if (n < 0) {
      archive_set_error(handle, static_cast<int>(-n), "read failed");
      return -1;
    }
    self->input_offset_ += static_cast<std::uint64_t>(n);
    return n;
  }

  FileSystem& fs_;
  FileHandle handle_;
  std::unique_ptr<archive, FreeArchive> archive_;
  std::array<char, 16 * 1024> input_{};
  std::array<char, 16 * 1024> skipped_{};
  std::uint64_t input_offset_ = 0;
  std::uint64_t position_ = 0;  // of the plain bytes
  bool empty_ = false;
};

}  // namespace

std::unique_ptr<LogReader> MakeArchiveReader(FileSystem& fs, FileHandle handle) {
  return std::make_unique<ArchiveReader>(fs, std::move(handle));
}

}  // namespace bouncesight
