// Postfix' delivery results and inbound rejects (postfix_reject.h), of Postfix 2.2 to 3.11 by the
// programs' source and output.
//
//   QID: to=<ADDR>[, orig_to=<ADDR>], relay=RELAY[, conn_use=N], delay=D, delays=A/B/C/E[, tls=T],
//   dsn=X.Y.Z, status=WORD (TEXT)
//   QID: from=<SENDER>, status=expired, returned to sender
//
// TEXT is a remote host's to choose and may imitate any of it: the first ", status=" after the
// fixed prefix wins.
#pragma once

#include <string_view>

#include "parsers/event/delivery_event.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"
#include "parsers/text/text.h"

namespace bouncesight {

// "postfix/smtp", "postfix-out/smtp". A container is called "postfix-1", say, and what it writes
// may have a header of its own.
inline bool NamesPostfixDaemon(std::string_view program) {
  return program.starts_with("postfix") && FindNear(program, '/') < program.size();
}

// Linear in `record`, no allocation; a note goes to the context. Skip{kForeign}: not a Postfix
// line.
Parsed ParsePostfix(const Record& record, ParseContext& context);

}  // namespace bouncesight
