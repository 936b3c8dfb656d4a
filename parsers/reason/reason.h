// The reason for a failure, in the words around a reply: "host H[IP] said: 550 … (in reply to RCPT
// TO command)", "connect to H[IP]:25: Connection timed out", "delivery temporarily suspended: …".
// Every wrapper gives way to what it wraps. parsers/FORMATS.md lists the forms.
//
// parsers/reason: what a reply or a bounce says. It looks into text and event.
//
//   reason.h            a reason as a log line has it: where the parsers of the MTAs come in
//   failure_report.h    any text that tells of failed mail: where `explain` comes in
//   bounce_text.h       what is put around a reply: bounce_text_mta.h by MTAs, bounce_text_notice.h
//                       by whole notices, bounce_text_remote.h in place of a reply
//   coremail_reason.h, exim_reason.h   the words of those two; exim_escapes.h their bytes
//   embedded_reply.h    a reply in somebody's sentence; loose_reply.h in a text of any other form
//   phase_words.h       at which step of a session it came; handed_on.h the next host's queue id
//   mail_text.h         whole messages; their text: html_text.h, plain_text.h, unfold.h
//   delivery_status.h, bounce_sections.h, transcript.h   which part speaks of which recipient
//   queue_listing.h, reply_list.h, reply_table.h   what is not one message
//   json_recipient.h    a service's object
//
// Everything takes bytes of strangers, in time linear in them, and gives nothing rather than guess.
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
