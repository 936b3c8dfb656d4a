// Where a syslog source listens, as the configuration writes it:
//
//   udp://HOST:PORT   tcp://HOST:PORT   tls://HOST:PORT
//   unix:///PATH (datagrams)   unix-stream:///PATH
//   systemd:NAME      every socket of that FileDescriptorName=, each by its kind
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/event/result.h"

namespace bouncesight {

enum class Transport : std::uint8_t { kUdp, kTcp, kTls, kUnixDatagram, kUnixStream, kSystemd };

struct ListenAddress {
  Transport transport = Transport::kUdp;
  std::string text;        // as written
  std::string host;        // udp, tcp, tls: an IP address without brackets
  std::uint16_t port = 0;  // udp, tcp, tls; 0: any free one
  std::string name;        // unix: the path; systemd: the name
};

// What is wrong with "HOST:PORT", "[::1]:PORT" or ":PORT", with the remedy; empty: nothing.
std::string CheckHostPort(std::string_view address);

// An Error is the complaint and its remedy, without the address.
Result<ListenAddress> ParseListenAddress(std::string_view text);
// Of HTTP: "HOST:PORT", where an empty host is every address; CheckHostPort has nothing to say.
ListenAddress WebListenAddress(std::string_view address);

}  // namespace bouncesight
