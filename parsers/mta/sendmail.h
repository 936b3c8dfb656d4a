// Sendmail's delivery and refusal lines (Sendmail Installation and Operation Guide, section "The
// System Log"; 8.9 to 8.18):
//
//   QID: to=ADDR[,ADDR…], [ctladdr=…, ]delay=D+HH:MM:SS, xdelay=…, mailer=…, pri=…,
//        relay=HOST. [IP], dsn=X.Y.Z, [reply=REPLY, ]stat=STATUS[: WORDS]
//   [QID: ]ruleset=check_rcpt, arg1=ADDR, relay=HOST [IP], reject=REPLY
//   QID: Milter: …, reject=REPLY
//   QID: <ADDR>... WORDS               a recipient that its own tables refuse, without codes
//
// A line may name several recipients: the event is the first one's, and more_recipients lists the
// others. The remote reply is mostly not in the line: then dsn= is all that remains of it.
#pragma once

#include "parsers/event/delivery_event.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

// Linear in `record`, no allocation; a note goes to the context. Skip{kForeign}: not a Sendmail
// line.
Parsed ParseSendmail(const Record& record, ParseContext& context);

}  // namespace bouncesight
