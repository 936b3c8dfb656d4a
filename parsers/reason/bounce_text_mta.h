// How widespread MTAs quote a remote reply in the bounce messages that they write:
//
//   host H [IP] SMTP error from remote mail server after STAGE: REPLY           Exim
//   IP does not like recipient. Remote host said: REPLY Giving up on IP.       qmail
//   … while talking to H.: >>> RCPT To:<ADDR> <<< REPLY                        Sendmail
//   Remote Server returned 'REPLY'                                              Exchange
#pragma once

#include <string_view>

#include "parsers/reason/reason.h"

namespace bouncesight {

// Exim's words about a session. Fills `reason`; false: it is none of these.
bool ReadEximWords(std::string_view text, Reason& reason);

// Sendmail's transcript: leaves the first reply that follows "<<< ", or what follows the heading.
bool PeelTranscript(std::string_view& text, Reason& outer);

// "… said: REPLY", "… returned 'REPLY'": leaves the reply, without qmail's words behind it.
bool PeelQuotedReply(std::string_view& text, Reason& outer);

}  // namespace bouncesight
