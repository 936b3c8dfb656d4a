#include "daemon/batch/log_input.h"

#include <algorithm>
#include <utility>

#include "daemon/batch/packed_input.h"
#include "daemon/system/log_file.h"

namespace bouncesight {
namespace {

// Bytes as they stand on disk.
class PlainInput final : public LogInput {
 public:
  PlainInput(LogFile fd, std::string path, std::uint64_t left)
      : fd_(std::move(fd)), path_(std::move(path)), left_(left) {}

  Result<std::size_t> Read(std::span<char> buffer) override {
    const std::size_t want =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    const ssize_t got = ReadSome(fd_.get(), buffer.data(), want);
    if (got < 0) return SystemError(path_, "cannot read");
    left_ -= static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }

 private:
  LogFile fd_;
  std::string path_;
  std::uint64_t left_;
};

}  // namespace

Result<std::unique_ptr<LogInput>> OpenLogInput(const LogRange& range) {
  Result<LogFile> fd = OpenLogFile(range.path);
  if (!fd) return fd.error();
  if (range.begin != 0 && lseek(fd->get(), static_cast<off_t>(range.begin), SEEK_SET) < 0) {
    return SystemError(range.path, "cannot seek");
  }
  auto plain = std::make_unique<PlainInput>(std::move(*fd), range.path, range.end - range.begin);
  if (range.begin != 0 || range.end != kEndOfFile) {
    return std::unique_ptr<LogInput>(std::move(plain));
  }
  return Unpack(std::move(plain), range.path);
}

}  // namespace bouncesight
