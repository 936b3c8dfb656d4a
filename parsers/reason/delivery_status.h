// The machine-readable half of a bounce message: the fields of RFC 3464, one group per recipient,
// as they stand in a message/delivery-status part or where somebody has pasted them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/smtp_reply.h"

namespace bouncesight {

// One recipient's group. Owns its strings: folded lines are joined by one blank. Empty: the field
// is missing.
struct DeliveryStatus {
  std::string recipient;     // Final-Recipient, else Original-Recipient, without its "rfc822;"
  std::string action;        // failed, delayed, delivered, relayed, expanded; lower case
  std::string remote_host;   // Remote-MTA without its "dns;" and what stands behind the name
  std::string remote_ip;     // Remote-MTA, where it tells
  std::string diagnostic;    // Diagnostic-Code without its type: the reply
  bool from_remote = false;  // the type was "smtp": the remote host's own words
  std::string retry_until;   // Will-Retry-Until, as it stands
  EnhancedCode status;       // Status
};

// Where the fields begin in `text`; its size: it holds none.
std::size_t StatusFieldsAt(std::string_view text);

// Every recipient's group of `fields`, with LF or CRLF. Blank lines part the groups; where they got
// lost, a field that comes again does. Folded lines may have lost their indentation. Linear.
std::vector<DeliveryStatus> ParseDeliveryStatus(std::string_view fields);

}  // namespace bouncesight
