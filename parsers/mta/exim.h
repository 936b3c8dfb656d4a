// Exim's main log and reject log (Exim 4.80 to 4.99, every log_selector; Exim specification,
// chapter "Log files").
//
//   => -> >> delivered, ** failed, == deferred, "rejected …" refused on the way in
//
// "==" with words that no attempt was made is suspended; "**" after the retry time is over is
// expired. Lines about one host of several, which come before the flagged line, are skipped as
// attempts. Read the main log or the reject log of one Exim, not both: rejects stand in both.
//
// Run with -v or -d, as images for containers do, Exim writes its log to standard error without
// time and id, each line behind a mark:
//
//      9 LOG: MAIN REJECT
//      9   H=(client.example.com) [192.0.2.9] F=<a@example.com> rejected RCPT <b@example.org>: no
//
// The mark is Skip{kNotDelivery}; the line behind it is read as any other.
//
// A line that Exim cut for syslog gives one event, from its first piece, marked truncated: that
// piece holds flag, address, host and about 800 bytes of text. The other pieces are
// Skip{kPartial}. Joining them would need memory a sender could fill.
#pragma once

#include "parsers/event/delivery_event.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

// Linear in the record, no allocation; that a mark stood there is all that the context remembers.
// Skip{kForeign}: not an Exim line. Octal and \n escapes in the text of an event are decoded into
// `context`.
Parsed ParseExim(const Record& record, ParseContext& context);

}  // namespace bouncesight
