#include "daemon/syslog/stream_listener.h"

#include <cerrno>

#include "daemon/system/input_stream.h"

namespace bouncesight {
namespace {

// To accept is dearer than to read: so much of a turn's bytes it counts for.
constexpr std::size_t kCost = 1024;

}  // namespace

Slice StreamListener::Read() {
  Slice slice;
  while (slice.bytes < kSliceBytes) {
    // Nobody gives way before somebody waits.
    const int waiting = InputStream(socket_->fd()).Ask();
    if (waiting == 0) return slice;
    if (waiting < 0 || !has_room_()) {
      slice.remaining = Remaining::kLater;
      return slice;
    }
    PeerAddress peer;
    OwnedFd fd;
    const int error = socket_->Accept(fd, peer);
    if (error != 0) {
      slice.remaining = error == -EAGAIN ? Remaining::kDry : Remaining::kLater;
      return slice;
    }
    slice.bytes += kCost;
    if (shared_.Allows(peer)) {
      accepted_(std::move(fd), peer, socket_->is_tls());
    } else {
      shared_.Count(ConnectionEnd::kDenied);
    }
  }
  slice.remaining = Remaining::kMore;
  return slice;
}

}  // namespace bouncesight
