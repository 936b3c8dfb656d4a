// IP addresses and networks as numbers: "192.0.2.0/24", "2001:db8::/32", "::1". An IPv4 address is
// the IPv6 address that it maps to (RFC 4291 section 2.5.5.2), so that both compare alike.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bouncesight {

using IpBytes = std::array<std::uint8_t, 16>;

// An address without brackets or zone; nullopt: it is not one. Linear, does not allocate.
std::optional<IpBytes> ReadIpAddress(std::string_view text);

struct IpNetwork {
  IpBytes bytes{};
  unsigned bits = 128;  // of the address that count

  bool Holds(const IpBytes& address) const;
  friend bool operator==(const IpNetwork&, const IpNetwork&) = default;
};

// An address, or one with "/BITS" behind it; nullopt: it is neither.
std::optional<IpNetwork> ReadIpNetwork(std::string_view text);

// 127.0.0.0/8 and ::1.
std::vector<IpNetwork> LoopbackNetworks();

}  // namespace bouncesight
