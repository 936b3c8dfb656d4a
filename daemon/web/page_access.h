// Who may see the page and its API. They tell more than a scrape does (queue ids, replies), so they
// are for those who have given the password, or who sit at this machine. The scrape and the health
// of the process stay open to everybody who can connect, as before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/web/http_message.h"

namespace bouncesight {

// Why the page and the API are not for whoever asks, and what to do: one sentence for him. Empty:
// they are.
//
// * Without a password they answer on loopback addresses only.
// * There they want a Host that names this machine, so that no web site can reach them by a name of
//   its own that it points to 127.0.0.1 (DNS rebinding). With a password this needs no check: a
//   browser sends the password to the site that it was given for.
std::string WhyNoPage(const HttpRequest& request);

// The same of a POST, which another site's page might make a browser send: it must be JSON, which
// browsers send to another site only after asking it, and must not say that it comes from one.
std::string WhyNoPost(const HttpRequest& request);

// "localhost", "127.1.2.3", "[::1]", each with or without a port.
bool NamesThisMachine(std::string_view host);

// For the log at the start: why the page is off at those of `addresses` ("HOST:PORT") that are no
// loopback. Empty: it is on.
std::string PageOffWarning(const std::vector<std::string>& addresses, bool guarded);

}  // namespace bouncesight
