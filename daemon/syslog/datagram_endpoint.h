// Reads datagrams in batches: each is one message, of one line or several.
#pragma once

#include <memory>

#include "daemon/count/line_stream.h"
#include "daemon/syslog/syslog_endpoint.h"
#include "daemon/system/net/datagram_batch.h"
#include "daemon/system/net/listen_socket.h"

namespace bouncesight {

class DatagramEndpoint final : public SyslogEndpoint {
 public:
  // References outlive it.
  DatagramEndpoint(std::shared_ptr<ListenSocket> socket, StreamFactory& streams,
                   DatagramBatch& batch, SyslogShared& shared);

  Slice Read() override;
  std::uint64_t Drops() { return earlier_drops_ + socket_->Drops(); }
  int fd() const override { return socket_->fd(); }
  const ListenSocket& socket() const { return *socket_; }
  // Reads that one from now on.
  void Replace(std::shared_ptr<ListenSocket> socket) {
    earlier_drops_ += socket_->Drops();
    socket_ = std::move(socket);
  }

 private:
  void Take(const DatagramBatch::Datagram& datagram);

  std::shared_ptr<ListenSocket> socket_;
  std::uint64_t earlier_drops_ = 0;
  std::unique_ptr<LineStream> lines_;
  DatagramBatch& batch_;
  SyslogShared& shared_;
};

}  // namespace bouncesight
