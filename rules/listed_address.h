// The address that a reply calls listed, and the zone of a list that nobody has a name for.
#pragma once

#include <string_view>

namespace bouncesight {

// A view of `reply`: the IPv4 or IPv6 address that a block list lists, in the text or in a link to
// the list. Never `relay_ip`, which is the server that speaks, and never an address that the reply
// mentions for another reason: rather none than a wrong one.
std::string_view FindListedAddress(std::string_view reply, std::string_view relay_ip);

// A view of `reply`: the host name that it names as a list ("blocked using dnsbl.example.net");
// empty: none.
std::string_view FindListZone(std::string_view reply);

}  // namespace bouncesight
