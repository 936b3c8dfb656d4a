// One compressed stream (gzip, bzip2, xz, zstd, …) as its plain bytes: the only file that knows
// libarchive.
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

// Forward only; not thread-safe.
class Unpacker {
 public:
  // Gives packed bytes: fills the front of the buffer, 0 at the end, negative on an error.
  using Pull = std::function<std::int64_t(std::span<char>)>;

  explicit Unpacker(Pull pull);
  ~Unpacker();
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  // Reads as far as the first plain byte. False: this is nothing that can be unpacked.
  bool Open();

  // Fills `buffer`; fewer bytes than fit in mean the end. Negative: the stream is torn here; what
  // was good before it has been given.
  std::int64_t Read(std::span<char> buffer);

  // Why the last call failed.
  std::string why() const;

 private:
  struct Free {
    void operator()(archive* handle) const;
  };
  static ssize_t Fill(archive* handle, void* self, const void** bytes);

  Pull pull_;
  std::unique_ptr<archive, Free> archive_;
  std::array<char, 64 * 1024> packed_{};
  bool empty_ = false;
};

}  // namespace bouncesight
