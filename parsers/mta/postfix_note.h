// What Postfix' lines other than deliveries tell of a message: smtpd, pickup, cleanup, qmgr,
// bounce and postsuper, Postfix 2.2 to 3.11 (src/smtpd/smtpd.c, src/cleanup/cleanup_message.c,
// src/*qmgr/qmgr_active.c, src/bounce/bounce_notify_util.c, src/postsuper/postsuper.c).
//
//   client=HOST[IP][:PORT][, orig_queue_id=ID][, orig_client=HOST[IP]][, sasl_method=M]
//     [, sasl_username=U][, sasl_sender=S]
//   uid=N from=<S>[ orig_id=ID]       (an orig_id: `postsuper -r` has put it back)
//   message-id=<ID>
//   from=<S>, size=N, nrcpt=N (queue active)
//   sender non-delivery notification: ID
//   removed | placed on hold | released from hold | requeued
#pragma once

#include <string_view>

#include "parsers/event/message_note.h"
#include "parsers/event/record.h"
#include "parsers/mta/parse_context.h"

namespace bouncesight {

// `text` is what follows the queue id `id`. nullptr: it tells nothing of a message. The note is the
// context's.
const MessageNote* ReadPostfixNote(const Record& record, std::string_view id, std::string_view text,
                                   ParseContext& context);

// "from=<S>" at the start of `text`: S, or "<>" for the null sender. Empty: it does not stand
// there.
std::string_view TakePostfixSender(std::string_view& text);

// "postfix", "postfix-out": what stands before the daemon in "postfix-out/smtp".
std::string_view PostfixInstance(std::string_view program);

}  // namespace bouncesight
