// Mail that a queue keeps back until somebody releases it: Postfix' hold queue, Exim's frozen
// messages, Sendmail's quarantine. Nothing tries such mail again by itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bouncesight {

enum class QueueKeeper : std::uint8_t { kNone, kPostfix, kExim, kSendmail };

struct QueueHold {
  QueueKeeper by = QueueKeeper::kNone;
  std::string queue_id;  // letters, digits and hyphens alone; empty: not said

  bool held() const { return by != QueueKeeper::kNone; }
};

// `id` as a queue id that may stand in a command; empty where it is none.
std::string SafeQueueId(std::string_view id);

// Of a line or a notice that says so without being a listing (queue_listing.h) or a note of a log
// (event/message_note.h): "NOQUEUE: hold: RCPT from …", "stat=quarantine", "Message ID has been
// frozen", "*** frozen ***". `text` is plain; linear.
std::optional<QueueHold> HoldIn(std::string_view text);

}  // namespace bouncesight
