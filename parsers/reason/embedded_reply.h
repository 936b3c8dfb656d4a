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

}  // namespace bouncesight
