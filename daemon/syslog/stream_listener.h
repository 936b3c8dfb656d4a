// Takes connections, and refuses those that the allow-list does not hold.
#pragma once

#include <functional>
#include <memory>

#include "daemon/syslog/syslog_endpoint.h"
#include "daemon/system/net/listen_socket.h"
#include "daemon/system/owned_fd.h"

namespace bouncesight {

class StreamListener final : public SyslogEndpoint {
 public:
  using Accepted = std::function<void(OwnedFd fd, const PeerAddress& peer, bool tls)>;

  using HasRoom = std::function<bool()>;

  // `shared` outlives it. `has_room` is asked before each connection is taken.
  StreamListener(std::shared_ptr<ListenSocket> socket, SyslogShared& shared, HasRoom has_room,
                 Accepted accepted)
      : socket_(std::move(socket)),
        shared_(shared),
        has_room_(std::move(has_room)),
        accepted_(std::move(accepted)) {}

  // kLater: no room, or out of descriptors; the kernel keeps who waits.
  Slice Read() override;
  int fd() const override { return socket_->fd(); }
  const ListenSocket& socket() const { return *socket_; }
  // Listens there from now on.
  void Replace(std::shared_ptr<ListenSocket> socket) { socket_ = std::move(socket); }

 private:
  std::shared_ptr<ListenSocket> socket_;
  SyslogShared& shared_;
  HasRoom has_room_;
  Accepted accepted_;
};

}  // namespace bouncesight
