// One way in for any text that tells of mail that failed: a reply, a bounce as a person pastes it,
// a whole message, a queue listing. Bytes in; out comes, for each recipient, the words to judge.
//
//   MIME, charset, HTML, quotation -> plain text (mail_text.h, plain_text.h)
//   -> the parts of each recipient (bounce_sections.h, delivery_status.h, queue_listing.h)
//   -> the words that tell most, on one line, for ParseReason (reason.h)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/smtp_reply.h"
#include "parsers/reason/queue_hold.h"

namespace bouncesight {

// One recipient's failure. Owns its strings, UTF-8 on one line. Empty: unknown.
struct ReportedFailure {
  std::string recipient;
  std::string words;  // for ParseReason; empty: only the status is known
  std::string remote_host;
  std::string remote_ip;
  std::string tried_again;   // how long, of a delay: "until …", "for 46 more hours"
  EnhancedCode status;       // of a delivery status notification
  bool from_remote = false;  // `words` are the remote host's own
  bool delayed = false;      // a warning: the mail still waits
  bool queued = false;       // it stands in a queue's listing
  QueueHold hold;            // and is kept there until somebody releases it
  bool given_up = false;     // a report says "Action: failed"
};

// Every failure that `bytes` tell of; one for a text that is a single reply. Empty: nothing to read
// in it, as in binary data or white space. A report of success gives none. Linear.
std::vector<ReportedFailure> ReadFailures(std::string_view bytes);

}  // namespace bouncesight
