#include "daemon/system/net/socket_pool.h"

namespace bouncesight {

bool SocketPool::IsForHttp(const std::string& name) {
  return name == "http" || name == "bouncesight-http.socket" || name == "unknown" || name.empty();
}

SocketPool::SocketPool(std::vector<InheritedSocket> inherited) {
  for (InheritedSocket& socket : inherited) inherited_.push_back({std::move(socket), nullptr});
}

Result<SocketPool::Sockets> SocketPool::Open(const ListenAddress& address) {
  const MutexLock lock(mutex_);
  if (address.transport == Transport::kSystemd) return Adopt(address);
  auto& known = open_[address.text];
  if (auto socket = known.lock()) return Sockets{std::move(socket)};
  auto opened = ListenSocket::Open(address);
  if (!opened) return Error{"cannot listen on " + address.text + ": " + opened.error().message};
  known = *opened;
  return Sockets{std::move(*opened)};
}

Result<std::shared_ptr<ListenSocket>> SocketPool::Renew(const ListenSocket& lost) {
  const MutexLock lock(mutex_);
  auto& known = open_[lost.text()];
  if (auto socket = known.lock(); socket && socket.get() != &lost) return socket;
  const auto address = ParseListenAddress(lost.text());
  if (!address) return address.error();
  auto opened = ListenSocket::Open(*address);
  if (opened) known = *opened;
  return opened;
}

Result<SocketPool::Sockets> SocketPool::Adopt(const ListenAddress& address) {
  Sockets sockets;
  for (Inherited& inherited : inherited_) {
    if (inherited.socket.name != address.name) continue;
    if (!inherited.adopted) {
      auto adopted = ListenSocket::Adopt(inherited.socket.fd, inherited.socket.name);
      if (!adopted) return Error{address.text + ": " + adopted.error().message};
      inherited.adopted = std::move(*adopted);
    }
    sockets.push_back(inherited.adopted);
  }
  if (!sockets.empty()) return sockets;
  return Error{address.text +
               ": systemd has handed over no socket of this name; does a socket unit have "
               "FileDescriptorName=" +
               address.name + ", and is it started?"};
}

std::vector<int> SocketPool::TakeHttp() {
  const MutexLock lock(mutex_);
  std::vector<int> sockets;
  std::erase_if(inherited_, [&](const Inherited& inherited) {
    if (inherited.adopted || !IsForHttp(inherited.socket.name)) return false;
    sockets.push_back(inherited.socket.fd);
    return true;
  });
  return sockets;
}

std::vector<std::string> SocketPool::Unused() const {
  const MutexLock lock(mutex_);
  std::vector<std::string> names;
  for (const Inherited& inherited : inherited_) {
    if (!inherited.adopted) names.push_back(inherited.socket.name);
  }
  return names;
}

}  // namespace bouncesight
