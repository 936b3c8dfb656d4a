#include "parsers/reason/queue_hold.h"

#include <algorithm>
#include <cstddef>

#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

bool IsOfAnId(char c) { return IsAlnum(c) || c == '-'; }

// The last word of `before`, where it may be an id.
std::string_view LastWord(std::string_view before) {
  before = StripRight(before);
  while (before.ends_with(':')) before.remove_suffix(1);
  return before.substr(before.find_last_of(" \t\n") + 1);
}

bool IsEximId(std::string_view id) {
  constexpr std::size_t kDash = 6, kShort = 16, kLong = 23;
  return (id.size() == kShort || id.size() == kLong) && id[kDash] == '-' &&
         std::ranges::all_of(id, IsOfAnId);
}

// "Message 1rABCd-000123-4X has been frozen": what Exim writes to whom `freeze_tell` names.
std::optional<QueueHold> FrozenNotice(std::string_view text) {
  constexpr std::string_view kFrozen = " has been frozen";
  const std::size_t at = text.find(kFrozen);
  if (at == kNotFound) return std::nullopt;
  const std::string_view id = LastWord(text.substr(0, at));
  if (!IsEximId(id)) return std::nullopt;
  return QueueHold{QueueKeeper::kExim, SafeQueueId(id)};
}

// smtpd and cleanup: "NOQUEUE: hold: RCPT from …". A line with an id is a note of the log.
bool IsHoldAction(std::string_view text) {
  constexpr std::size_t kLongestHead = 100;  // of a line; no position at all is larger, too
  return text.find("NOQUEUE: hold: ") < kLongestHead;
}

// "5AUCx1Yz012345: to=<…>, …, quarantine=REASON, stat=quarantine".
std::optional<QueueHold> QuarantineLine(std::string_view text) {
  const std::size_t at = text.find(", stat=quarantine");
  const std::size_t fields = text.find(": to=");
  if (at == kNotFound || fields == kNotFound || fields > at) return std::nullopt;
  return QueueHold{QueueKeeper::kSendmail, SafeQueueId(LastWord(text.substr(0, fields)))};
}

}  // namespace

std::string SafeQueueId(std::string_view id) {
  constexpr std::size_t kLongest = 40;
  const bool safe =
      id.size() <= kLongest && !id.starts_with('-') && std::ranges::all_of(id, IsOfAnId);
  return safe ? std::string(id) : std::string();
}

std::optional<QueueHold> HoldIn(std::string_view text) {
  if (IsHoldAction(text)) return QueueHold{QueueKeeper::kPostfix, {}};
  if (std::optional<QueueHold> notice = FrozenNotice(text)) return notice;
  if (std::optional<QueueHold> line = QuarantineLine(text)) return line;
  if (Strip(text) == "*** frozen ***") return QueueHold{QueueKeeper::kExim, {}};
  return std::nullopt;
}

}  // namespace bouncesight
