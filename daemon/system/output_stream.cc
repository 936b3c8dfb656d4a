#include "daemon/system/output_stream.h"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace bouncesight {
namespace {

bool WaitForRoom(int fd) {
  pollfd waits{fd, POLLOUT, 0};
  return ::poll(&waits, 1, -1) >= 0 || errno == EINTR;
}

}  // namespace

int WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {
      if (!WaitForRoom(fd)) return -errno;
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return 0;
}

}  // namespace bouncesight
