// Which program has an address that we want: out of /proc, as `ss -lnp` does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/system/net/listen_address.h"

namespace bouncesight {

struct SocketOwner {
  std::string program;  // "rsyslogd"; empty: other users' sockets are hidden from this one
  int process = 0;      // its id; 0 with the name
  bool ours = false;    // it is a bouncesight: the service itself, as a rule

  // "rsyslogd (process 812)", or "another program".
  std::string Text() const;
};

// Who listens at `address`, or at the same port of all addresses; none: nobody. Reads the tables of
// sockets, and the descriptors of each process that this user may look into.
std::optional<SocketOwner> FindSocketOwner(const ListenAddress& address);

// What helps where an address cannot be bound, from the errno: "; rsyslogd (process 812) listens
// there: …"; empty: nothing is known. `unit` is the socket unit that may bind ports below 1024.
std::string ListenRemedy(int error, const ListenAddress& address, std::string_view unit);

}  // namespace bouncesight
