// Haraka's outbound log (format=default in log.ini; outbound/hmail.js):
//
//   [LEVEL] [UUID] [outbound] delivered file="…" domain="D" host="H" ip="IP" port=25 …
//           response="…" delay=1.2 fails=0 rcpts="1/0/0"
//   [LEVEL] [UUID] [outbound] recipient <ADDR> deferred|rejected: REPLY
//   [LEVEL] [UUID] [outbound] Temp failing FILE for N seconds: REASON
//   [LEVEL] [UUID] [outbound] bouncing mail: REASON
//
// and of a message that comes in (connection.js), whose UUID is that of its deliveries but for
// their last part, as notes:
//
//   [LEVEL] [UUID] [core] sender <ADDR> code=CONT msg=""
//   [LEVEL] [UUID] [core] message mid="<ID>" size=421 rcpts=1/0/0 delay=0.1 code=CONT msg=""
//
// With format=json "message" holds what stands behind the plugin's name, which is then "source" (or
// "origin"); with format=logfmt the same keys stand in one line,
//
//   level=LEVEL uuid=UUID source=outbound message="recipient <ADDR> deferred: REPLY"
//   level=LEVEL uuid=UUID source=core code=CONT msg="" message="sender <ADDR>"
//
// with quotes within the message as \". A delivery is one event for the message, as it names no
// recipient. "Some recipients failed" repeats the lines of those recipients and gives none.
#pragma once

#include "parsers/event/delivery_event.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

// Linear in `record`, no allocation; rewritten text goes to the context, which parses JSON, too.
// Skip{kForeign}: not a Haraka line.
Parsed ParseHaraka(const Record& record, ParseContext& context);

}  // namespace bouncesight
