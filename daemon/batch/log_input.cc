#include "daemon/batch/log_input.h"

#include <algorithm>
#include <utility>

#include "daemon/batch/packed_input.h"
#include "daemon/system/log_file.h"

namespace bouncesight {
namespace {

Error Noted(Error error, std::optional<Error>* disk_fault) {
  if (disk_fault != nullptr) *disk_fault = error;
  return error;
}

// Bytes as they stand on disk.
class PlainInput final : public LogInput {
 public:
  PlainInput(LogFile fd, const LogRange& range, std::optional<Error>* disk_fault)
      : fd_(std::move(fd)),
        path_(range.path),
        left_(range.end - range.begin),
        disk_fault_(disk_fault) {}

  Result<std::size_t> Read(std::span<char> buffer) override {
    const std::size_t want =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    const ssize_t got = ReadSome(fd_.get(), buffer.data(), want);
    if (got < 0) return Noted(SystemError(path_, "cannot read"), disk_fault_);
    left_ -= static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }

 private:
  LogFile fd_;
  std::string path_;
  std::uint64_t left_;
  std::optional<Error>* disk_fault_;  // may be null
};

}  // namespace

Result<std::unique_ptr<LogInput>> OpenLogInput(const LogRange& range,
                                               std::optional<Error>* disk_fault) {
  Result<LogFile> fd = OpenLogFile(range.path);
  if (!fd) return Noted(fd.error(), disk_fault);
  if (range.begin != 0 && lseek(fd->get(), static_cast<off_t>(range.begin), SEEK_SET) < 0) {
    return Noted(SystemError(range.path, "cannot seek"), disk_fault);
  }
  auto plain = std::make_unique<PlainInput>(std::move(*fd), range, disk_fault);
  if (range.begin != 0 || range.end != kEndOfFile) {
    return std::unique_ptr<LogInput>(std::move(plain));
  }
  return Unpack(std::move(plain), range.path);
}

}  // namespace bouncesight
