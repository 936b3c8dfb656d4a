// What a mail queue lists: why each recipient still waits, or who must release it.
//
//   postqueue -p, mailq of Postfix      (REASON), then the recipients that it holds for; ID! is on
//                                       hold
//   postqueue -j                        one JSON object per message; queue_name "hold"
//   mailq of Sendmail                   (Deferred: REASON), then the recipients; -qQ: QUARANTINE:
//   exim -bp                            recipients alone; the reason stands in Exim's log only;
//                                       *** frozen ***
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/reason/queue_hold.h"

namespace bouncesight {

struct QueuedRecipient {
  std::string recipient;  // empty: the line of a message was copied without its recipients
  std::string reason;     // empty: the listing names none
  QueueHold hold;
};

// The recipients that wait, in order. nullopt: `text` (plain, LF) is not such a listing. Linear.
std::optional<std::vector<QueuedRecipient>> ReadQueueListing(std::string_view text);

}  // namespace bouncesight
