// Reads datagrams in batches: each is a message, or several lines of them.
#pragma once

#include <memory>

#include "daemon/count/line_stream.h"
#include "daemon/syslog/syslog_endpoint.h"
#include "daemon/system/net/listen_socket.h"

namespace bouncesight {

// The buffers of one batch; shared by the sockets of a source, which take turns. Fixed: a datagram
// is read up to its buffer's size.
class DatagramBatch {
 public:
  static constexpr std::size_t kDatagrams = 32;
  static constexpr std::size_t kBytes = 64 * 1024 + 1;  // so that a cut line is known for one

  struct Datagram {
    std::string_view bytes;
    PeerAddress peer;
    bool truncated = false;
  };

  DatagramBatch();
  ~DatagramBatch();

  // How many there were; 0: none at hand, or an error, which is in errno.
  std::size_t Receive(int fd);
  // Valid until the next Receive.
  Datagram Get(std::size_t index) const;
  // The kernel's counter of drops as of the last datagram; 0: there were none.
  std::uint32_t drops() const { return drops_; }

 private:
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
  std::uint32_t drops_ = 0;
};

class DatagramEndpoint final : public SyslogEndpoint {
 public:
  // References outlive it.
  DatagramEndpoint(std::shared_ptr<ListenSocket> socket, StreamFactory& streams,
                   DatagramBatch& batch, SyslogShared& shared);

  Slice Read() override;
  std::uint64_t Drops() { return socket_->Drops(); }
  const ListenSocket& socket() const { return *socket_; }

 private:
  void Take(const DatagramBatch::Datagram& datagram);

  std::shared_ptr<ListenSocket> socket_;
  std::unique_ptr<LineStream> lines_;
  DatagramBatch& batch_;
  SyslogShared& shared_;
};

}  // namespace bouncesight
