#include "daemon/system/net/stream_socket.h"

#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace bouncesight {

void KeepAlive(int fd) {
  const int on = 1, idle = 60, interval = 30, probes = 4;
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

Received ReceiveNow(int fd, std::span<char> buffer, std::size_t& count) {
  const ssize_t n = ::recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n > 0) {
    count = static_cast<std::size_t>(n);
    return Received::kBytes;
  }
  if (n < 0 && errno == EINTR) return Received::kAgain;
  if (n < 0 && (errno == ENOMEM || errno == ENOBUFS)) return Received::kLater;
  return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? Received::kNothingYet
                                                            : Received::kEnd;
}

bool IsIpv6Socket(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
         address.ss_family == AF_INET6;
}

}  // namespace bouncesight
