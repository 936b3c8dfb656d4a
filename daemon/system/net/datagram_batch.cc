#include "daemon/system/net/datagram_batch.h"

#include <array>
#include <cstring>

#include <sys/socket.h>

namespace bouncesight {
namespace {

constexpr std::size_t kControlBytes = CMSG_SPACE(sizeof(std::uint32_t));

}  // namespace

struct DatagramBatch::Buffers {
  Buffers() : bytes(new char[kDatagrams * kBytes]) {}  // pages that are never used cost nothing

  std::unique_ptr<char[]> bytes;
  std::array<sockaddr_storage, kDatagrams> peers{};
  std::array<iovec, kDatagrams> pieces{};
  std::array<mmsghdr, kDatagrams> messages{};
  alignas(cmsghdr) std::array<std::array<char, kControlBytes>, kDatagrams> control{};
};

DatagramBatch::DatagramBatch() : buffers_(std::make_unique<Buffers>()) {
  for (std::size_t i = 0; i < kDatagrams; ++i) {
    buffers_->pieces[i] = {buffers_->bytes.get() + i * kBytes, kBytes};
    msghdr& header = buffers_->messages[i].msg_hdr;
    header.msg_name = &buffers_->peers[i];
    header.msg_iov = &buffers_->pieces[i];
    header.msg_iovlen = 1;
    header.msg_control = buffers_->control[i].data();
  }
}

DatagramBatch::~DatagramBatch() = default;

std::size_t DatagramBatch::Receive(int fd) {
  drops_ = 0;
  for (mmsghdr& message : buffers_->messages) {
    message.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
    message.msg_hdr.msg_controllen = kControlBytes;
  }
  for (auto& peer : buffers_->peers) peer.ss_family = AF_UNSPEC;  // an unbound one has no address
  const int count = ::recvmmsg(fd, buffers_->messages.data(), kDatagrams, MSG_DONTWAIT, nullptr);
  if (count <= 0) return 0;
  const auto received = static_cast<std::size_t>(count);
  msghdr& last = buffers_->messages[received - 1].msg_hdr;
  for (cmsghdr* item = CMSG_FIRSTHDR(&last); item != nullptr; item = CMSG_NXTHDR(&last, item)) {
    if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SO_RXQ_OVFL) {
      std::memcpy(&drops_, CMSG_DATA(item), sizeof drops_);
    }
  }
  return received;
}

DatagramBatch::Datagram DatagramBatch::Get(std::size_t index) const {
  const mmsghdr& message = buffers_->messages[index];
  Datagram datagram;
  datagram.bytes = {static_cast<const char*>(buffers_->pieces[index].iov_base), message.msg_len};
  datagram.peer = PeerAddress::Of(reinterpret_cast<const sockaddr*>(&buffers_->peers[index]));
  datagram.truncated = (message.msg_hdr.msg_flags & MSG_TRUNC) != 0;
  return datagram;
}

}  // namespace bouncesight
