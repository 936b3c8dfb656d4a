// qmail-send's log, of qmail, netqmail, notqmail and s/qmail (qmail-log(5)):
//
//   new msg M
//   info msg M: bytes B from <SENDER> qp P uid U
//   starting delivery N: msg M to remote ADDR
//   delivery N: success|failure|deferral: TEXT
//   end msg M
//
// behind a TAI64N stamp ("@" and 24 hex digits), its date (tai64nlocal(8)), epoch seconds or a
// syslog header. In TEXT blanks
// are underscores and ends of line are slashes. The recipient stands in the first line only, so the
// reader's table remembers it. M is an inode's number, used again at once.
#pragma once

#include "parsers/event/delivery_event.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

// Linear in the record, no allocation but the table's at the first delivery. Reads and fills
// context.deliveries(), nothing else outlasts the line. Skip{kForeign}: not a qmail line.
Parsed ParseQmail(const Record& record, ParseContext& context);

// True for the words of qmail-send behind a stamp, which may look like Exim's.
bool IsQmailText(std::string_view text);

}  // namespace bouncesight
