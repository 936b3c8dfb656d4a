#include "daemon/config/listen_sight.h"

#include "daemon/system/net/listen_socket.h"
#include "daemon/system/net/socket_owner.h"

namespace bouncesight {
namespace {

// Without the address; empty: nothing stands in the way.
std::string Complaint(const ListenAddress& address, bool systemd_may) {
  const Status status = ListenSocket::Probe(address);
  if (status) return {};
  const auto owner = FindSocketOwner(address);
  const bool expected = owner && (owner->ours || (systemd_may && owner->process == 1));
  return expected ? "" : status.error().message;
}

}  // namespace

std::string ListenComplaint(const SourceConfig& source) {
  std::string all;
  for (const std::string& text : source.listen) {
    const auto address = ParseListenAddress(text);
    const std::string why = address ? Complaint(*address, false) : address.error().message;
    if (!why.empty()) all += (all.empty() ? "" : "; ") + ("cannot listen on " + text) + ": " + why;
  }
  return all;
}

std::string ListenComplaint(const WebConfig& web) {
  for (const std::string& text : web.listen_addresses) {
    const std::string why = Complaint(WebListenAddress(text), true);  // its socket unit's
    if (!why.empty()) return "web.listen_address: cannot listen on " + text + ": " + why;
  }
  return {};
}

}  // namespace bouncesight
