// Who sends, and which networks may. IPv4 and IPv6 alike are 16 bytes: an IPv4 address is the
// mapped one, so that a peer is the same through a socket of either family.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/result.h"

struct sockaddr;

namespace bouncesight {

struct PeerAddress {
  std::array<std::uint8_t, 16> bytes{};
  bool local = false;  // by a unix socket: this host, whose file permissions are the gate

  // `address` as recvmsg or accept gave it; anything but AF_INET and AF_INET6 is local.
  static PeerAddress Of(const sockaddr* address);

  std::string Text() const;
  friend bool operator==(const PeerAddress&, const PeerAddress&) = default;
};

// Immutable.
class PeerNetworks {
 public:
  // "192.0.2.0/24", "2001:db8::/32" or an address, each; none: the loopback of both families. An
  // Error is the complaint and its remedy.
  static Result<PeerNetworks> Parse(const std::vector<std::string>& networks);

  bool Holds(const PeerAddress& peer) const;

 private:
  struct Network {
    std::array<std::uint8_t, 16> bytes;
    unsigned bits;
  };

  std::vector<Network> networks_;
};

}  // namespace bouncesight
