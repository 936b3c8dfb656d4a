#include "daemon/batch/log_input.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/system/unpacker.h"

namespace bouncesight {
namespace {

constexpr std::uint64_t kWorthCutting = 8 * 1024 * 1024;
constexpr std::size_t kMagicBytes = 6;

Error SystemError(const std::string& path, const char* what) {
  return Error{path + ": " + what + ": " + std::strerror(errno)};
}

Error OpenError(const std::string& path) {
  if (errno == EACCES) {
    return Error{path +
                 ": permission denied; mail logs are often readable by the group adm only: run as "
                 "root or join it"};
  }
  if (errno == ENOENT) return Error{path + ": no such file"};
  return SystemError(path, "cannot open");
}

// A descriptor that closes itself. Standard input stays open.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ > STDERR_FILENO) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// read(2) that goes on after a signal.
ssize_t ReadSome(int fd, char* data, std::size_t size) {
  ssize_t got = 0;
  do {
    got = read(fd, data, size);
  } while (got < 0 && errno == EINTR);
  return got;
}

bool LooksCompressed(std::string_view head) {
  constexpr std::array<std::string_view, 4> kMagics = {"\x1f\x8b",
                                                       "\xfd"
                                                       "7zXZ",
                                                       "\x28\xb5\x2f\xfd", "BZh"};
  return std::ranges::any_of(kMagics,
                             [&](std::string_view magic) { return head.starts_with(magic); });
}

// Bytes as they stand on disk. The first bytes, read to tell the format, are given first.
class PlainInput : public LogInput {
 public:
  PlainInput(Descriptor fd, std::string path, std::string head, std::uint64_t left)
      : fd_(std::move(fd)), path_(std::move(path)), head_(std::move(head)), left_(left) {}

  Result<std::size_t> Read(std::span<char> buffer) override {
    if (!head_.empty()) return TakeHead(buffer);
    const std::size_t want =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    const ssize_t got = ReadSome(fd_.get(), buffer.data(), want);
    if (got < 0) return SystemError(path_, "cannot read");
    left_ -= static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }

 private:
  std::size_t TakeHead(std::span<char> buffer) {
    const std::size_t size = std::min(buffer.size(), head_.size());
    std::memcpy(buffer.data(), head_.data(), size);
    head_.erase(0, size);
    left_ -= size;
    return size;
  }

  Descriptor fd_;
  std::string path_;
  std::string head_;
  std::uint64_t left_;
};

class CompressedInput : public LogInput {
 public:
  CompressedInput(std::unique_ptr<PlainInput> packed, std::string path)
      : path_(std::move(path)),
        unpacker_([input = std::shared_ptr<PlainInput>(std::move(packed))](std::span<char> buffer) {
          const Result<std::size_t> got = input->Read(buffer);
          return got ? static_cast<std::int64_t>(*got) : -EIO;
        }) {}

  Status Open() {
    if (unpacker_.Open()) return Ok{};
    return Failure();
  }

  Result<std::size_t> Read(std::span<char> buffer) override {
    const std::int64_t got = unpacker_.Read(buffer);
    if (got < 0) return Failure();
    return static_cast<std::size_t>(got);
  }

 private:
  Error Failure() const { return Error{path_ + ": cannot unpack: " + unpacker_.why()}; }

  std::string path_;
  Unpacker unpacker_;
};

// The first bytes of the stream, up to kMagicBytes. Fewer: the stream is that short.
std::optional<std::string> ReadHead(int fd) {
  std::string head(kMagicBytes, '\0');
  std::size_t size = 0;
  while (size < kMagicBytes) {
    const ssize_t got = ReadSome(fd, head.data() + size, kMagicBytes - size);
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  head.resize(size);
  return head;
}

Result<Descriptor> OpenPath(const std::string& path) {
  if (path == "-") return Descriptor(STDIN_FILENO);
  Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return OpenError(path);
  struct stat status {};
  if (fstat(fd.get(), &status) != 0) return SystemError(path, "cannot stat");
  if (S_ISDIR(status.st_mode))
    return Error{path + ": is a folder; name the log files in it, as in " + path + "/*.log"};
  return fd;
}

// The offset behind the first newline at or after `offset`; `size` if there is none.
Result<std::uint64_t> NextLineStart(int fd, const std::string& path, std::uint64_t offset,
                                    std::uint64_t size) {
  std::array<char, 16 * 1024> buffer;
  while (offset < size) {
    const ssize_t got = pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (got < 0) return SystemError(path, "cannot read");
    if (got == 0) break;
    if (const void* newline = std::memchr(buffer.data(), '\n', static_cast<std::size_t>(got))) {
      return offset +
             static_cast<std::uint64_t>(static_cast<const char*>(newline) - buffer.data()) + 1;
    }
    offset += static_cast<std::uint64_t>(got);
  }
  return size;
}

Status PlanFile(const std::string& path, unsigned jobs, std::vector<LogRange>& ranges) {
  Result<Descriptor> fd = OpenPath(path);
  if (!fd) return fd.error();
  struct stat status {};
  if (path == "-" || fstat(fd->get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    ranges.push_back(LogRange{.path = path});
    return Ok{};
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const std::optional<std::string> head = ReadHead(fd->get());
  if (!head) return SystemError(path, "cannot read");
  const std::int64_t modified = status.st_mtim.tv_sec;
  const bool whole = jobs < 2 || size < kWorthCutting || LooksCompressed(*head);
  const std::uint64_t step = whole ? size : size / jobs + 1;
  std::uint64_t begin = 0;
  while (!whole && begin + step < size) {
    const Result<std::uint64_t> end = NextLineStart(fd->get(), path, begin + step, size);
    if (!end) return end.error();
    ranges.push_back({path, begin, *end, size, modified});
    begin = *end;
  }
  ranges.push_back({path, begin, kEndOfFile, size, modified});
  return Ok{};
}

}  // namespace

Result<std::unique_ptr<LogInput>> OpenLogInput(const LogRange& range) {
  Result<Descriptor> fd = OpenPath(range.path);
  if (!fd) return fd.error();
  if (range.begin != 0 && lseek(fd->get(), static_cast<off_t>(range.begin), SEEK_SET) < 0) {
    return SystemError(range.path, "cannot seek");
  }
  std::optional<std::string> head = ReadHead(fd->get());
  if (!head) return SystemError(range.path, "cannot read");
  const bool compressed = range.begin == 0 && LooksCompressed(*head);
  head->resize(
      static_cast<std::size_t>(std::min<std::uint64_t>(head->size(), range.end - range.begin)));
  auto plain = std::make_unique<PlainInput>(std::move(*fd), range.path, std::move(*head),
                                            range.end - range.begin);
  if (!compressed) return std::unique_ptr<LogInput>(std::move(plain));
  auto unpacked = std::make_unique<CompressedInput>(std::move(plain), range.path);
  if (Status opened = unpacked->Open(); !opened) return opened.error();
  return std::unique_ptr<LogInput>(std::move(unpacked));
}

Result<std::vector<LogRange>> PlanLogRanges(const std::vector<std::string>& paths, unsigned jobs) {
  std::vector<LogRange> ranges;
  for (const std::string& path : paths) {
    if (Status planned = PlanFile(path, jobs, ranges); !planned) return planned.error();
  }
  return ranges;
}

}  // namespace bouncesight
