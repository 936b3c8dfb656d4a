// MessageJoin as a table of the state. metrics/STATE.md has the layout.
#include <utility>

#include "metrics/message_join.h"
#include "metrics/name_translation.h"

namespace bouncesight {
namespace {

constexpr std::uint64_t kJoinVersion = 2;
constexpr std::uint32_t kNoMessage = MessageTable::kNone;
using Queue = JoinedMessage::Queue;
constexpr std::uint8_t kTold = 8;  // beside the bits of JoinedMessage that say what follows

// Times lie before or after 1970 by a log's own clock.
void WriteTime(ByteWriter& out, std::int64_t time) {
  out.Number((static_cast<std::uint64_t>(time) << 1U) ^ static_cast<std::uint64_t>(time >> 63U));
}
std::int64_t ReadTime(ByteReader& in) {
  const std::uint64_t number = in.Number();
  return static_cast<std::int64_t>((number >> 1U) ^ (~(number & 1U) + 1U));
}

// Wraps around: what was read may be anything.
std::int64_t Difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

std::uint16_t Known(const std::vector<std::uint16_t>& numbers, std::uint64_t number) {
  return number < numbers.size() ? numbers[number] : std::uint16_t{0};
}

}  // namespace

void MessageJoin::WriteMessage(ByteWriter& out, const MessageTable::Change& change) const {
  const JoinedMessage& message = table_[change.message];
  std::string room;
  out.Hash(message.key);
  out.Number(std::uint64_t{change.what} | (message.told ? kTold : 0U));
  if ((change.what & JoinedMessage::kFacts) != 0) {
    out.Number(message.size);
    WriteTime(out, message.arrived);
    out.Number(message.message_hash);
    out.String(table_.texts().View(message.sender, room));
    out.String(table_.texts().View(message.account, room));
  }
  if ((change.what & JoinedMessage::kRecipients) != 0) WriteRecipients(out, message);
  if ((change.what & ~JoinedMessage::kFacts) != 0) WriteReasons(out, message);
}

void MessageJoin::WriteRecipients(ByteWriter& out, const JoinedMessage& message) const {
  std::string room;
  std::uint64_t count = 0;
  for (std::uint32_t at = message.recipients; at != kNoMessage; at = table_.recipient(at).next)
    ++count;
  out.Number(count);
  for (std::uint32_t at = message.recipients; at != kNoMessage; at = table_.recipient(at).next) {
    const WaitingRecipient& one = table_.recipient(at);
    out.Hash(one.key);
    WriteTime(out, Difference(clock_.latest(), one.since));
    out.String(table_.texts().View(one.address, room));
  }
}

// In runs, for most recipients of a message are put off for one reason. Behind the last is a 0.
void MessageJoin::WriteReasons(ByteWriter& out, const JoinedMessage& message) const {
  for (std::uint32_t at = message.recipients; at != kNoMessage;) {
    const PutOffReason& reason = table_.recipient(at).reason;
    std::uint64_t count = 0;
    for (; at != kNoMessage && table_.recipient(at).reason == reason; ++count) {
      at = table_.recipient(at).next;
    }
    out.Number(count);
    for (const std::uint64_t part :
         {std::uint64_t{reason.cause}, std::uint64_t{reason.provider}, std::uint64_t{reason.code},
          std::uint64_t{reason.enhanced.status_class}, std::uint64_t{reason.enhanced.subject},
          std::uint64_t{reason.enhanced.detail}}) {
      out.Number(part);
    }
  }
  out.Number(0);
}

// All of a message takes the place of what was known under its key, a part of it of the same part.
// A part of one that had to give way here, if not where it was written, is read and dropped.
void MessageJoin::ReadMessage(ByteReader& in) {
  const std::uint64_t key = in.Hash();
  const auto flags = static_cast<std::uint8_t>(in.Bounded(JoinedMessage::kAll | kTold));
  const std::uint8_t what = flags & JoinedMessage::kAll;
  std::uint32_t number = table_.Find(key);
  const bool known = number != kNoMessage;
  if (!known) {
    number = table_.Add(key);
  } else if (what == JoinedMessage::kAll) {
    table_.Renew(number);
  }
  table_[number].told = (flags & kTold) != 0;
  if ((what & JoinedMessage::kFacts) != 0) ReadFacts(in, table_[number]);
  if ((what & JoinedMessage::kRecipients) != 0) ReadRecipients(in, number);
  if ((what & ~JoinedMessage::kFacts) != 0) ReadReasons(in, table_[number]);
  if (!known && what != JoinedMessage::kAll) return table_.Forget(number);
  table_.Shrink(number);
}

void MessageJoin::ReadFacts(ByteReader& in, JoinedMessage& message) {
  message.size = in.Number();
  message.arrived = ReadTime(in);
  message.message_hash = static_cast<std::uint32_t>(in.Bounded(0xFFFFFFFF));
  table_.texts().Free(message.sender);
  table_.texts().Free(message.account);
  message.sender = table_.texts().Put(in.String());
  message.account = table_.texts().Put(in.String());
}

void MessageJoin::ReadRecipients(ByteReader& in, std::uint32_t number) {
  table_.FreeRecipients(number);
  const JoinedMessage& message = table_[number];
  std::uint32_t last = kNoMessage;
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    WaitingRecipient one;
    one.key = in.Hash();
    one.since = Difference(clock_.latest(), ReadTime(in));
    one.address = table_.texts().Put(in.String());
    last = table_.AddRecipient(number, one, last);  // behind the others, so that their order stays
  }
  const Queue queue = message.recipients == kNoMessage ? Queue::kIdle : Queue::kWaiting;
  if (message.queue != queue) table_.Move(number, queue);
}

void MessageJoin::ReadReasons(ByteReader& in, const JoinedMessage& message) {
  std::uint32_t at = message.recipients;
  for (std::uint64_t count = in.Number(); count > 0 && in.ok(); count = in.Number()) {
    PutOffReason reason;
    reason.cause = Known(causes_, in.Bounded(0xFFFF));
    reason.provider = Known(providers_, in.Bounded(0xFFFF));
    reason.code = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
    reason.enhanced.status_class = static_cast<std::uint8_t>(in.Bounded(0xFF));
    reason.enhanced.subject = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
    reason.enhanced.detail = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
    for (; count > 0 && at != kNoMessage; --count, at = table_.recipient(at).next) {
      table_.recipient(at).reason = reason;
    }
  }
}

TablePiece MessageJoin::Take(const RuleNames& names, bool whole) {
  whole = std::exchange(whole_next_, false) || whole;
  table_.GiveWay();
  MessageTable::Changes changes = table_.TakeChanges();
  if (whole) {
    changes = {};
    for (const Queue queue : {Queue::kIdle, Queue::kWaiting}) {
      for (std::uint32_t at = table_.Oldest(queue); at != kNoMessage; at = table_.Newer(at)) {
        table_[at].saved = true;
        changes.changed.push_back({at, JoinedMessage::kAll});
      }
    }
  }
  const std::int64_t before = std::exchange(taken_clock_, clock_.latest());
  if (!whole && changes.changed.empty() && changes.gone.empty() && before == taken_clock_) {
    return {};
  }
  ByteWriter out;
  out.Number(kJoinVersion);
  out.Number(whole ? 1 : 0);
  if (whole) WriteTableNames(out, names);
  out.Number(static_cast<std::uint64_t>(clock_.year()));
  WriteTime(out, clock_.latest());
  out.Number(table_.forgotten());
  out.Number(changes.gone.size());
  for (const std::uint64_t key : changes.gone) out.Hash(key);
  out.Number(changes.changed.size());
  for (const MessageTable::Change& change : changes.changed) WriteMessage(out, change);
  return {whole, out.Take()};
}

bool MessageJoin::RestorePiece(std::string_view piece, const RuleNames& names) {
  ByteReader in(piece);
  if (in.Number() != kJoinVersion) return false;
  if (in.Bounded(1) == 1) {
    const NameTranslation known = ReadTableNames(in, names);
    causes_ = known.causes();
    providers_ = known.providers();
  }
  const auto year = static_cast<int>(in.Bounded(9999));
  clock_.Set(year, ReadTime(in));
  const std::uint64_t forgotten = in.Number();
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    const std::uint32_t gone = table_.Find(in.Hash());
    if (gone != kNoMessage) table_.Forget(gone);
  }
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) ReadMessage(in);
  if (forgotten > table_.forgotten()) table_.CountForgotten(forgotten - table_.forgotten());
  return in.ok() && in.at_end();
}

Status MessageJoin::Restore(const std::vector<std::string>& pieces, const RuleNames& names) {
  MessageJoin fresh(keep_, table_.limits());  // takes of a budget anew
  for (const std::string& piece : pieces) {
    if (!fresh.RestorePiece(piece, names)) {
      return Error{
          "the messages that were on their way are damaged, or a newer program's; they "
          "are left out"};
    }
  }
  fresh.causes_.clear();
  fresh.providers_.clear();
  *this = std::move(fresh);
  return Ok{};
}

}  // namespace bouncesight
