// The machine-readable half of a bounce message: the message/delivery-status part of RFC 3464, one
// group of fields a recipient. For `explain`, which reads a bounce as a mail client saved it.
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
  std::string remote_mta;    // Remote-MTA without its "dns;"
  std::string diagnostic;    // Diagnostic-Code without its type: the reply
  bool from_remote = false;  // the type was "smtp": the remote host's own words
  EnhancedCode status;       // Status
};

// Every recipient's group of `message`, a whole message in RFC 5322 form with LF or CRLF. Empty: it
// holds no delivery status. Linear.
std::vector<DeliveryStatus> ParseDeliveryStatus(std::string_view message);

}  // namespace bouncesight
