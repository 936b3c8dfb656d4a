// Many datagrams by one system call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "daemon/system/net/peer_address.h"

namespace bouncesight {

// The buffers of one batch; shared by the sockets of a source, which take turns. Of a datagram that
// is longer than kBytes the rest is lost, and it is marked truncated.
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

}  // namespace bouncesight
