#include "parsers/text/ip_network.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "parsers/text/text.h"

namespace bouncesight {
namespace {

// A number that fills `text`; nullopt: none does, or it is above `most`.
std::optional<unsigned> ReadNumber(std::string_view text, int base, unsigned most) {
  unsigned value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value, base);
  if (text.empty() || read.ec != std::errc() || read.ptr != end || value > most) {
    return std::nullopt;
  }
  return value;
}

// By hand, for it is asked of the relay of every delivery.
bool ReadIpv4(std::string_view text, std::uint8_t* out) {
  unsigned value = 0;
  std::size_t digits = 0;  // of this part
  int parts = 0;
  for (const char c : text) {
    if (IsDigit(c)) {
      value = value * 10 + static_cast<unsigned>(c - '0');
      if (value > 255) return false;
      ++digits;
    } else if (c == '.' && digits > 0 && parts < 3) {
      out[parts++] = static_cast<std::uint8_t>(value);
      value = 0;
      digits = 0;
    } else {
      return false;
    }
  }
  if (parts < 3 || digits == 0) return false;
  out[3] = static_cast<std::uint8_t>(value);
  return true;
}

// "2001:db8:1": groups of 16 bits, the last of which may be an IPv4 address. The bytes written, or
// nullopt.
std::optional<std::size_t> ReadGroups(std::string_view text, IpBytes& out) {
  std::size_t at = 0;
  while (!text.empty()) {
    const std::size_t end = FindOrEnd(text, ':');
    const std::string_view group = text.substr(0, end);
    if (end == text.size() && FindOrEnd(group, '.') < group.size()) {
      if (at + 4 > out.size() || !ReadIpv4(group, out.data() + at)) return std::nullopt;
      return at + 4;
    }
    const auto value = ReadNumber(group, 16, 0xFFFF);
    if (!value || at + 2 > out.size() || end + 1 == text.size()) return std::nullopt;
    out[at++] = static_cast<std::uint8_t>(*value >> 8U);
    out[at++] = static_cast<std::uint8_t>(*value);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return at;
}

std::optional<IpBytes> ReadIpv6(std::string_view text) {
  IpBytes address{};
  const std::size_t gap = text.find("::");
  const auto head = ReadGroups(text.substr(0, gap), address);
  if (!head) return std::nullopt;
  if (gap == std::string_view::npos) {
    return *head == address.size() ? std::optional(address) : std::nullopt;
  }
  IpBytes rest{};
  const auto tail = ReadGroups(text.substr(gap + 2), rest);
  if (!tail || *head + *tail >= address.size()) return std::nullopt;
  std::copy_n(rest.begin(), *tail, address.end() - static_cast<std::ptrdiff_t>(*tail));
  return address;
}

}  // namespace

std::optional<IpBytes> ReadIpAddress(std::string_view text) {
  if (FindOrEnd(text, ':') < text.size()) return ReadIpv6(text);
  IpBytes address{};
  address[10] = address[11] = 0xFF;
  if (!ReadIpv4(text, address.data() + 12)) return std::nullopt;
  return address;
}

bool IpNetwork::Holds(const IpBytes& address) const {
  const std::size_t whole = bits / 8;
  if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.begin())) {
    return false;
  }
  if (bits % 8 == 0) return true;
  const unsigned mask = 0xFFU << (8 - bits % 8);
  return ((bytes[whole] ^ address[whole]) & mask) == 0;
}

std::optional<IpNetwork> ReadIpNetwork(std::string_view text) {
  const std::size_t slash = FindOrEnd(text, '/');
  const std::optional<IpBytes> address = ReadIpAddress(text.substr(0, slash));
  if (!address) return std::nullopt;
  IpNetwork network{*address, 128};
  if (slash == text.size()) return network;
  const bool ipv4 = FindOrEnd(text, ':') == text.size();
  const auto bits = ReadNumber(text.substr(slash + 1), 10, ipv4 ? 32 : 128);
  if (!bits) return std::nullopt;
  network.bits = *bits + (ipv4 ? 96 : 0);
  return network;
}

std::vector<IpNetwork> LoopbackNetworks() {
  return {*ReadIpNetwork("127.0.0.0/8"), *ReadIpNetwork("::1")};
}

}  // namespace bouncesight
