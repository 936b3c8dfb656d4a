// One compressed stream (gzip, bzip2, xz, zstd, …) as its plain bytes, or a tar or zip archive
// member by member: the only file that knows libarchive.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include <sys/types.h>

struct archive;

namespace bouncesight {

// Forward only; not thread-safe. Holds no more of the plain bytes than the stream's window: gzip,
// bzip2, lz4 and compress have little ones, zstd at most 128 MiB; an xz or lzip stream that begins
// with the wish for more than that is refused. No other program is run, whatever the stream.
class Unpacker {
 public:
  static constexpr std::uint64_t kMostWindow = std::uint64_t{128} << 20U;

  // Gives packed bytes: fills the front of the buffer, 0 at the end, negative on an error.
  using Pull = std::function<std::int64_t(std::span<char>)>;

  enum class Form : std::uint8_t {
    kCompressed,  // one stream, by any filter
    kMembers,     // a tar archive, not compressed as a whole, or a zip archive
  };

  explicit Unpacker(Pull pull, Form form = Form::kCompressed);
  ~Unpacker();
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  // Reads as far as the first plain byte; of an archive, nothing of its first member yet.
  // False: this cannot be unpacked.
  bool Open();

  // Goes to the next member that is a file; of an archive only, also before the first. False: no
  // more, or failed() is true.
  bool NextMember();
  bool failed() const { return failed_; }

  // Fills `buffer`; fewer bytes than fit in mean the end. Negative: the stream is torn here; what
  // was good before it has been given, but for the last block of the compression.
  std::int64_t Read(std::span<char> buffer);

  // So many packed bytes were used up so far.
  std::uint64_t packed_bytes() const;

  // Why the last call failed.
  std::string why() const;

 private:
  struct Free {
    void operator()(archive* handle) const;
  };
  static ssize_t Fill(archive* handle, void* self, const void** bytes);

  Pull pull_;
  Form form_;
  std::unique_ptr<archive, Free> archive_;
  std::array<char, 64 * 1024> packed_{};
  std::int64_t first_ = 0;    // bytes that were pulled before the first Fill, or an error
  std::uint64_t window_ = 0;  // as the stream's first header has it; 0: not known
  bool pulled_ = false;
  bool empty_ = false;
  bool failed_ = false;
};

}  // namespace bouncesight
