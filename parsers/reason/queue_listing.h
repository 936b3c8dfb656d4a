// What a mail queue lists: why each recipient still waits.
//
//   postqueue -p, mailq of Postfix      (REASON), then the recipients that it holds for
//   postqueue -j                        one JSON object per message
//   mailq of Sendmail                   (Deferred: REASON), then the recipients
//   exim -bp                            recipients alone; the reason stands in Exim's log only
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

struct QueuedRecipient {
  std::string recipient;
  std::string reason;  // empty: the listing names none
};

// The recipients that wait, in order. nullopt: `text` (plain, LF) is not such a listing. Linear.
std::optional<std::vector<QueuedRecipient>> ReadQueueListing(std::string_view text);

}  // namespace bouncesight
