#include "daemon/system/input_stream.h"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace bouncesight {

bool InputStream::HasNews() const {
  pollfd waits{fd_, POLLIN, 0};
  return ::poll(&waits, 1, 0) > 0;
}

std::int64_t InputStream::Read(std::span<char> buffer) const {
  ssize_t n = 0;
  do {
    n = ::read(fd_, buffer.data(), buffer.size());
  } while (n < 0 && errno == EINTR);
  return n < 0 ? -errno : n;
}

}  // namespace bouncesight
