#include "daemon/system/net/peer_address.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace bouncesight {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr Bytes kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // ::ffff:0:0/96
constexpr unsigned kMappedBits = 96;

Bytes Mapped(const in_addr& v4) {
  Bytes bytes = kMapped;
  std::memcpy(bytes.data() + 12, &v4, sizeof v4);
  return bytes;
}

// Only the first `bits` count.
bool SameStart(const Bytes& a, const Bytes& b, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

}  // namespace

PeerAddress PeerAddress::Of(const sockaddr* address) {
  PeerAddress peer;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    peer.bytes = Mapped(v4.sin_addr);
  } else if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    std::memcpy(peer.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
  } else {
    peer.local = true;
  }
  return peer;
}

std::string PeerAddress::Text() const {
  if (local) return "this host";
  char text[INET6_ADDRSTRLEN] = "";
  if (SameStart(bytes, kMapped, kMappedBits)) {
    ::inet_ntop(AF_INET, bytes.data() + 12, text, sizeof text);
  } else {
    ::inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
  }
  return text;
}

Result<PeerNetworks> PeerNetworks::Parse(const std::vector<std::string>& networks) {
  static const std::vector<std::string> kLoopback = {"127.0.0.0/8", "::1"};
  PeerNetworks result;
  for (const std::string& text : networks.empty() ? kLoopback : networks) {
    const Error complaint{"`" + text + "`: write a network, as 192.0.2.0/24 or 2001:db8::/32"};
    const auto slash = text.find('/');
    const std::string host = text.substr(0, slash);
    Network network{};
    in_addr v4{};
    const bool is_v4 = ::inet_pton(AF_INET, host.c_str(), &v4) == 1;
    if (is_v4) network.bytes = Mapped(v4);
    if (!is_v4 && ::inet_pton(AF_INET6, host.c_str(), network.bytes.data()) != 1) return complaint;
    const unsigned most = is_v4 ? 32 : 128;
    network.bits = most;
    if (slash != std::string::npos) {
      const char* const end = text.data() + text.size();
      const auto [rest, error] = std::from_chars(text.data() + slash + 1, end, network.bits);
      if (error != std::errc{} || rest != end || network.bits > most) return complaint;
    }
    if (is_v4) network.bits += kMappedBits;
    result.networks_.push_back(network);
  }
  return result;
}

bool PeerNetworks::Holds(const PeerAddress& peer) const {
  return peer.local || std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
           return SameStart(peer.bytes, network.bytes, network.bits);
         });
}

}  // namespace bouncesight
