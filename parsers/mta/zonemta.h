// ZoneMTA's text log,
//
//   [PREFIX ]id=SID [QID.SEQ ]ACCEPTED|DEFERRED[category]|REJECTED[category] from=S to=R src=IP
//   mx=HOST[IP] [key=value …] (RESPONSE)
//
// and its remote log, one object per result, or GELF with "_" before each key:
//
//   {"id":"QID","seq":"SEQ","action":"DEFERRED","zone":"Z","to":"R","mx":"HOST","ip":"IP",
//    "response":"…", …}
//
// RESPONSE is the remote host's to choose and runs to the end. The category is ZoneMTA's own
// opinion of the cause and is not used.
#pragma once

#include "parsers/event/delivery_event.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

// Linear in `record`, no allocation; rewritten text goes to the context, which parses JSON, too.
// Skip{kForeign}: not a ZoneMTA line.
Parsed ParseZonemta(const Record& record, ParseContext& context);

}  // namespace bouncesight
