#include "daemon/syslog/stream_listener.h"

#include <cerrno>

#include <sys/socket.h>

namespace bouncesight {
namespace {

// To accept is dearer than to read: so much of a turn's bytes it counts for.
constexpr std::size_t kCost = 1024;

}  // namespace

Slice StreamListener::Read() {
  Slice slice;
  while (slice.bytes < kSliceBytes) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    OwnedFd fd(::accept4(socket_->fd(), raw, &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd.valid()) {
      if (errno == ECONNABORTED || errno == EINTR) continue;
      slice.after = errno == EAGAIN || errno == EWOULDBLOCK ? After::kDry : After::kLater;
      return slice;
    }
    slice.bytes += kCost;
    const PeerAddress peer = PeerAddress::Of(raw);
    if (shared_.Allows(peer)) {
      accepted_(std::move(fd), peer, socket_->is_tls());
    } else {
      shared_.Count(ConnectionEnd::kDenied);
    }
  }
  slice.after = After::kMore;
  return slice;
}

}  // namespace bouncesight
