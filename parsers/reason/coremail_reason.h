// Why Coremail could not deliver, as its delivery log and its bounces say it:
//
//   SMTP error, STAGE: Host DOMAIN(IP) STAGE said REPLY
//   SMTP error, STAGE: REPLY            older, no host
//   STAGE: REPLY
//   Host DOMAIN(IP) command STAGE respond timeout or disconnected
//   Can not connect to DOMAIN:IP:PORT
//   rcpt handle timeout,last handle info: any of these
//
// STAGE is OPEN, MAIL FROM, RCPT TO, DATA or DOT (the end of data). Source: bounces that Coremail
// and NetEase servers sent; none of it is documented.
#pragma once

#include <string_view>

#include "parsers/reason/reason.h"

namespace bouncesight {

// Fills `reason` and gives true if `text` is of one of these forms. A text without any of them,
// "DNS query error", is left to the caller. Linear, no allocation.
bool ReadCoremailReason(std::string_view text, Reason& reason);

}  // namespace bouncesight
