// The sockets of all syslog sources, and those that systemd has handed over. A source that is made
// anew while its predecessor still reads, as at a reload, gets the same socket: what waits in the
// kernel is read by one of the two, and nothing is lost between them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/system/mutex.h"
#include "daemon/system/net/listen_socket.h"
#include "daemon/system/systemd.h"

namespace bouncesight {

// Thread-safe.
class SocketPool {
 public:
  using Sockets = std::vector<std::shared_ptr<ListenSocket>>;

  // What systemd calls the sockets of the HTTP side (FileDescriptorName=). Such as have no name
  // come from a program that knows of no names, and are taken for it too.
  static bool IsForHttp(const std::string& name);

  explicit SocketPool(std::vector<InheritedSocket> inherited = {});

  // One socket, or all that systemd has of that name. An Error names the address and the remedy.
  Result<Sockets> Open(const ListenAddress& address);

  // A socket in the place of one that has lost its file; the same for everybody who asks.
  Result<std::shared_ptr<ListenSocket>> Renew(const ListenSocket& lost);

  // The HTTP sockets that systemd has handed over; they are the caller's from now on.
  std::vector<int> TakeHttp();

  // Names of inherited sockets that nobody has asked for so far.
  std::vector<std::string> Unused() const;

 private:
  struct Inherited {
    InheritedSocket socket;
    std::shared_ptr<ListenSocket> adopted;  // null: not asked for
  };

  Result<Sockets> Adopt(const ListenAddress& address) REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::vector<Inherited> inherited_ GUARDED_BY(mutex_);
  std::map<std::string, std::weak_ptr<ListenSocket>> open_
      GUARDED_BY(mutex_);  // by the address as written
};

}  // namespace bouncesight
