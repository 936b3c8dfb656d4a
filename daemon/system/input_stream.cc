#include "daemon/system/input_stream.h"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace bouncesight {

int InputStream::Ask() const {
  pollfd waits{fd_, POLLIN, 0};
  const int count = ::poll(&waits, 1, 0);
  return count < 0 ? -errno : count;
}

std::int64_t InputStream::Read(std::span<char> buffer) const {
  ssize_t n = 0;
  do {
    n = ::read(fd_, buffer.data(), buffer.size());
  } while (n < 0 && errno == EINTR);
  return n < 0 ? -errno : n;
}

}  // namespace bouncesight
