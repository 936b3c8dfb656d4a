// A remote host as Postfix and its kin write it: "mx.example.com[192.0.2.1]:25",
// "mx.example.com[2001:db8::1]", "pf.example.com[private/dovecot-lmtp]".
#pragma once

#include <cstdint>
#include <string_view>

namespace bouncesight {

// Views into the text given.
struct Endpoint {
  std::string_view host;
  std::string_view ip;     // empty for a socket path
  std::uint16_t port = 0;  // 0: not given
};

// Takes an endpoint off the start of `text`: up to the "]" or, if one follows, the port. False, and
// nothing taken: there is none.
bool TakeEndpoint(std::string_view& text, Endpoint& endpoint);

}  // namespace bouncesight
