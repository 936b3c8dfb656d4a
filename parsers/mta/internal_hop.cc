#include "parsers/mta/internal_hop.h"

#include <algorithm>
#include <optional>

#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// LMTP and local agents put mail into a mailbox. Where no transport is named, port 24 is LMTP's.
bool IsMailboxTransport(const DeliveryEvent& event) {
  const std::string_view name = event.transport;
  if (name.empty()) return event.relay_port == 24;
  return FindNoCase(name, "lmtp") != std::string_view::npos || name == "local" ||
         name == "virtual" || name == "pipe" || name == "mda";
}

}  // namespace

bool IsInternalHop(const DeliveryEvent& event, const std::vector<IpNetwork>& relays) {
  if (event.outcome != Outcome::kDelivered || event.relay_ip.empty()) return false;
  if (relays.empty() || IsMailboxTransport(event)) return false;
  const std::optional<IpBytes> relay = ReadIpAddress(event.relay_ip);
  if (!relay) return false;
  return std::any_of(relays.begin(), relays.end(),
                     [&relay](const IpNetwork& network) { return network.Holds(*relay); });
}

}  // namespace bouncesight
