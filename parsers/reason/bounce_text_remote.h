// Statements about a remote host that hold no reply: "Connect to IP:25 failure", "No welcome
// message from IP", "connect to H: Connection refused", "Name service error for domain D: …".
#pragma once

#include <string_view>

#include "parsers/reason/reason.h"

namespace bouncesight {

// Fills `reason` and gives true if `text` is such a statement: our own MTA's words about the remote
// host they name. Linear, no allocation.
bool ReadRemoteStatement(std::string_view text, Reason& reason);

// "mx.example.com[192.0.2.1]", "192.0.2.1:25", "192.0.2.1 : 25", "mx.example.com(192.0.2.1)",
// "mx.example.com".
void SetRemote(std::string_view text, Reason& reason);

}  // namespace bouncesight
