// What to tell of a reply that is a code and no more ("550", "5.7.1"), or the first two figures of
// one ("5.7", "550 5.7"), where the code decides nothing: what it stands for (RFC 5321
// section 4.2.3, RFC 3463 section 3), and that the words behind it are wanted.
#pragma once

#include "parsers/event/smtp_reply.h"
#include "rules/advice.h"

namespace bouncesight {

// A reply with a code, and without a letter of any script behind it; or half a code ("5.7",
// "550 #5.7.x") and nothing else.
bool IsCodeAlone(const Reply& reply);

// Puts that in the place of what `advice` says of replies that no rule knows.
void TellOfCodeAlone(const Reply& reply, Advice& advice);

}  // namespace bouncesight
