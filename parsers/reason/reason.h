// The reason for a failure, in the words around a reply: "host H[IP] said: 550 … (in reply to RCPT
// TO command)", "connect to H[IP]:25: Connection timed out", "delivery temporarily suspended: …".
// Every wrapper gives way to what it wraps. parsers/FORMATS.md lists the forms.
#pragma once

#include <cstdint>
#include <string_view>

#include "parsers/event/smtp_reply.h"

namespace bouncesight {

// Views into the text given. Empty: the text does not say.
struct Reason {
  Reply reply;  // text: the innermost reply, or the MTA's own words
  std::string_view recipient;
  std::string_view remote_host;
  std::string_view remote_ip;
  std::uint16_t remote_port = 0;
  bool suspended = false;  // "delivery temporarily suspended": no attempt was made
};

// Unwraps a reason as MTAs log it and as bounce messages tell it (bounce_text.h,
// coremail_reason.h). Linear; does not allocate.
Reason ParseReason(std::string_view text);

// The same without the forms of bounce messages: for what was found inside one.
Reason ParseBareReason(std::string_view text);

// The phase that Postfix names in "(in reply to PHRASE)" and "while PHRASE": "RCPT TO command",
// "sending end of data -- message may be sent more than once", …
Phase PhaseOfPhrase(std::string_view phrase);

}  // namespace bouncesight
