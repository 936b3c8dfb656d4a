// Can the configured addresses be listened on now? For `check`, which says what `serve` would say.
#pragma once

#include <string>

#include "daemon/config/config.h"

namespace bouncesight {

// "cannot listen on udp://127.0.0.1:5514: Address already in use; rsyslogd (process 812) listens
// there: …", of every address of a syslog source with which it is so, with "; " between; empty:
// none. What a bouncesight has is had by the service itself.
std::string ListenComplaint(const SourceConfig& source);
// The same of HTTP, of all addresses.
std::string ListenComplaint(const WebConfig& web);

}  // namespace bouncesight
