// What Exim's lines other than deliveries tell of a message (Exim specification, chapter "Log
// files").
//
//   <= SENDER [R=ID] [H=HOST (HELO) [IP]] [U=USER] P=PROTOCOL [A=AUTHENTICATOR:LOGIN] S=SIZE
//     [id=MESSAGE-ID] [T="SUBJECT"] …
//   Completed | Frozen … | Message is frozen | Unfrozen … | cancelled by … | removed by …
#pragma once

#include <string_view>

#include "parsers/event/message_note.h"
#include "parsers/event/record.h"
#include "parsers/mta/exim_head.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

// nullptr: the line tells nothing of a message. The note is the context's.
const MessageNote* ReadEximNote(const Record& record, const EximHead& head, ParseContext& context);

}  // namespace bouncesight
