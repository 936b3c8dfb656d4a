// A tar or zip archive member by member, or a stream of compress, or of lz4 before it had frames,
// as its plain bytes: the only file that knows libarchive. The other packings are decoder.h's:
// libarchive keeps back what it has of a block when the stream breaks there, which of a small log
// is all of it, and takes what follows a stream for its end. These two are hardly met.
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

// Forward only; not thread-safe. Holds no more of the plain bytes than these packings' windows,
// which are little ones. No other program is run, whatever the stream.
class Unpacker {
 public:
  // Gives packed bytes: fills the front of the buffer, 0 at the end, negative on an error.
  using Pull = std::function<std::int64_t(std::span<char>)>;

  enum class Form : std::uint8_t {
    kCompressed,  // one stream of compress or of old lz4
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
  bool empty_ = false;
  bool failed_ = false;
};

}  // namespace bouncesight
