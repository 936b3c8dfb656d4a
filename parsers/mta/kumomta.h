// KumoMTA's log records, one JSON object per line (KumoMTA reference, "Log Record Format"):
//
//   {"type":"Bounce","id":"…","recipient":"R","response":{"code":550,"enhanced_code":{"class":5,
//    "subject":1,"detail":1},"content":"TEXT","command":"RCPT TO:<R>"},"peer_address":{"name":"H.",
//    "addr":"IP"},"timestamp":T,"created":T,"event_time":"…",…}
//
// Delivery, TransientFailure, Bounce, AdminBounce, Expiration and Rejection are results. Reports
// that come back later (OOB, Feedback) are none, nor are Reception and what moves mail about. Of
// several recipients the first counts. KumoMTA's own classification is not used.
#pragma once

#include "parsers/event/delivery_event.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

// Linear in record.json; context.json() parses it, and takes the note. Skip{kForeign}: not a
// KumoMTA record.
Parsed ParseKumomta(const Record& record, ParseContext& context);

}  // namespace bouncesight
