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

  // `shared` outlives it.
  StreamListener(std::shared_ptr<ListenSocket> socket, SyslogShared& shared, Accepted accepted)
      : socket_(std::move(socket)), shared_(shared), accepted_(std::move(accepted)) {}

  // kLater: out of descriptors; the kernel keeps who waits.
  Slice Read() override;
  const ListenSocket& socket() const { return *socket_; }

 private:
  std::shared_ptr<ListenSocket> socket_;
  SyslogShared& shared_;
  Accepted accepted_;
};

}  // namespace bouncesight
