// The words that bounce messages put around a reply, for people who paste one into `explain` and
// for the logs that hold such text:
//
//   The message to ADDR is bounced because: REASON          MuseMail, NetEase, Coremail
//   <ADDR> : REASON   <ADDR>, REASON   <ADDR>... REASON   ADDR ; REASON
//   Failure reply of RCPT to ADDR from IP, REASON           Winmail
//   the mta server of DOMAIN (IP) reply: REASON             Alibaba Mail
//   remote server said: REASON    host H said: REASON    REASON (RCPT TO:ADDR)
//   SMTP NNN (ADDR REASON - ERRnnn)                         HostGator
//
// and what Exim, qmail, Sendmail and Exchange write into theirs (bounce_text_mta.h), and whole
// notifications that hold one of these lines. They wrap each other; each gives way to
// what it wraps. Blanks and the width of punctuation vary.
#pragma once

#include <string_view>

#include "parsers/reason/reason.h"

namespace bouncesight {

// Fills `reason` and gives true if `text` has any such wrapping. What is inside goes through
// ParseBareReason; what the outer words name (recipient, remote host, phase) stands where the inner
// ones name none. Linear; does not allocate.
bool UnwrapBounceText(std::string_view text, Reason& reason);

}  // namespace bouncesight
