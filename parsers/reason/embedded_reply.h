// A server's reply inside somebody else's sentence: "Remote host said: 550 no such user", "mx did
// not like our RCPT TO:550 …", "The error that the other server returned was: 550 …", "SMTP error
// from remote mail server after end of data: host H [IP]: 554 …". The sentence gives way to the
// reply.
#pragma once

#include <string_view>

#include "parsers/event/smtp_reply.h"

namespace bouncesight {

// Gives true and fills `reply` if `text`, which starts with no code, holds one behind a colon,
// "<<<" or "because of". Linear; does not allocate.
bool FindEmbeddedReply(std::string_view text, Reply& reply);

// What a Cisco gateway (AsyncOS) puts a code and words of its own in front of, by the reply's code
// alone:
//
//   5.1.0 - Unknown address error 550-'5.7.1 <ann@example.org>: Relay access denied' (delivery
//   attempts: 0) 5.3.0 - Other mail system problem ('554', ['5.7.1 not today', 'see example.net'])
//   []
//
// Gives true and fills `reply`, whose text is what stands in the quotes. Linear; does not allocate.
bool FindQuotedReply(std::string_view text, Reply& reply);

}  // namespace bouncesight
