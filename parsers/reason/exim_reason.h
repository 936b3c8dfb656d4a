// Why Exim could not deliver, out of the last part of a "**" or "==" line:
//
//   (SMTP|LMTP|PRDR) error from remote mail server after [pipelined ]STAGE: [host H [IP]: ]REPLY
//   SMTP timeout after STAGE, Remote host closed connection in response to STAGE, …
//   Exim's own words, or an operator's
//
// (Exim's src/transports/smtp.c and its test logs, 4.80 to 4.99.)
#pragma once

#include <string_view>

#include "parsers/event/smtp_reply.h"

namespace bouncesight {

// Views into the text given.
struct EximReason {
  Reply reply;            // the remote reply, or Exim's own words
  std::string_view host;  // up to 4.84 the host stands in the text
  std::string_view ip;
  bool no_attempt = false;  // put off by retry rules or queueing policy
  bool gave_up = false;     // the retry time is over
};

// `text` without the separator in front of it, escapes decoded. Linear, no allocation.
EximReason ReadEximReason(std::string_view text);

// The same for a text that speaks of a session with a remote host; false: it does not. Exim's
// bounce messages hold such texts too.
bool ReadEximSession(std::string_view text, EximReason& reason);

}  // namespace bouncesight
