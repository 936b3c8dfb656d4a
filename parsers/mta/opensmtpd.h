// OpenSMTPD's delivery lines (smtpd(8); usr.sbin/smtpd/mta.c, mda.c, smtp_session.c; 5.4 to 7.x):
//
//   SESSION mta|mda [event=]delivery evpid=ID from=<S> to=<R> rcpt=<O> source="IP"
//           relay="IP (HOST)" delay=1m2s result="Ok|TempFail|PermFail|Loop" stat="TEXT"
//   delivery: RESULT for ID: from=<S>, to=<R>, rcpt=<O>, source=…, relay=…, delay=…, stat=TEXT
//   relay: RESULT for ID: session=…, from=<S>, to=<R>, …, stat=TEXT
//   smtp-out: evpid=ID from=<S> to=<R> … status=RESULT stat=TEXT
//   SESSION smtp [event=]failed-command command="RCPT TO:<R>" result="REPLY"
//   smtp-in: Failed command on session SESSION: "RCPT TO:<R>" => REPLY       before 6.4
//
// TEXT is the remote host's to choose and stands last.
#pragma once

#include "parsers/event/delivery_event.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

// Linear in `record`, no allocation; a note goes to the context. Skip{kForeign}: not an OpenSMTPD
// line.
Parsed ParseOpensmtpd(const Record& record, ParseContext& context);

}  // namespace bouncesight
