#include "daemon/syslog/datagram_endpoint.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>

#include "daemon/syslog/syslog_framer.h"

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

DatagramEndpoint::DatagramEndpoint(std::shared_ptr<ListenSocket> socket, StreamFactory& streams,
                                   DatagramBatch& batch, SyslogShared& shared)
    : socket_(std::move(socket)), lines_(streams.NewStream(0)), batch_(batch), shared_(shared) {}

Slice DatagramEndpoint::Read() {
  Slice slice;
  const std::size_t received = batch_.Receive(socket_->fd());
  if (received == 0) {
    const bool well = errno == EAGAIN || errno == EWOULDBLOCK;
    slice.after = well ? After::kDry : After::kLater;
    return slice;
  }
  socket_->NoteDrops(batch_.drops());
  for (std::size_t i = 0; i < received; ++i) {
    const auto datagram = batch_.Get(i);
    slice.bytes += datagram.bytes.size();
    Take(datagram);
  }
  slice.after = After::kMore;  // only EAGAIN says that there are no more
  return slice;
}

void DatagramEndpoint::Take(const DatagramBatch::Datagram& datagram) {
  if (!shared_.Allows(datagram.peer)) return shared_.Count(DatagramResult::kDenied);
  const std::string_view text = DatagramText(datagram.bytes);
  if (text.empty()) return shared_.Count(DatagramResult::kEmpty);
  if (shared_.rates.limited()) {
    const auto newlines = std::count(text.begin(), text.end(), '\n');
    const auto lines = static_cast<std::uint64_t>(newlines) + 1;
    if (!shared_.rates.Take(datagram.peer, lines, shared_.now)) {
      return shared_.Count(DatagramResult::kRateLimited);
    }
  }
  shared_.Count(datagram.truncated ? DatagramResult::kTruncated : DatagramResult::kAccepted);
  shared_.heard = true;
  lines_->Feed(text);
  lines_->Finish();
}

}  // namespace bouncesight
