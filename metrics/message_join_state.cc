// MessageJoin as a table of the state. metrics/STATE.md has the layout.
#include <utility>

#include "metrics/message_join.h"
#include "metrics/name_translation.h"

namespace bouncesight {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::uint32_t kNone = MessageTable::kNone;
using Queue = JoinedMessage::Queue;

// Times lie before or after 1970 by a log's own clock.
void WriteTime(ByteWriter& out, std::int64_t time) {
  out.Number((static_cast<std::uint64_t>(time) << 1U) ^ static_cast<std::uint64_t>(time >> 63U));
}
std::int64_t ReadTime(ByteReader& in) {
  const std::uint64_t number = in.Number();
  return static_cast<std::int64_t>((number >> 1U) ^ (~(number & 1U) + 1U));
}

std::uint16_t Known(const std::vector<std::uint16_t>& numbers, std::uint64_t number) {
  return number < numbers.size() ? numbers[number] : std::uint16_t{0};
}

}  // namespace

void MessageJoin::WriteMessage(ByteWriter& out, const JoinedMessage& message) const {
  std::string room;
  out.Number(message.key);
  out.Number(message.told ? 1 : 0);
  out.Number(message.size);
  WriteTime(out, message.arrived);
  out.Number(message.message_hash);
  out.String(table_.texts().View(message.sender, room));
  out.String(table_.texts().View(message.account, room));
  std::uint64_t count = 0;
  for (std::uint32_t at = message.recipients; at != kNone; at = table_.recipient(at).next) ++count;
  out.Number(count);
  for (std::uint32_t at = message.recipients; at != kNone; at = table_.recipient(at).next) {
    const WaitingRecipient& one = table_.recipient(at);
    out.Number(one.key);
    WriteTime(out, one.since);
    out.String(table_.texts().View(one.address, room));
    out.Number(one.cause);
    out.Number(one.provider);
    out.Number(one.code);
    out.Number(one.enhanced.status_class);
    out.Number(one.enhanced.subject);
    out.Number(one.enhanced.detail);
  }
}

// The message takes the place of what was known under its key.
void MessageJoin::ReadMessage(ByteReader& in) {
  const std::uint64_t key = in.Number();
  std::uint32_t number = table_.Find(key);
  if (number == kNone) {
    number = table_.Add(key);
  } else {
    table_.Renew(number);
  }
  JoinedMessage& message = table_[number];
  message.told = in.Bounded(1) == 1;
  message.size = in.Number();
  message.arrived = ReadTime(in);
  message.message_hash = in.Number();
  message.sender = Stored(in.String());
  message.account = Stored(in.String());
  std::uint32_t last = kNone;
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    // Behind the others, so that their order stays.
    const std::uint32_t first = std::exchange(message.recipients, kNone);
    const std::uint32_t at = table_.AddRecipient(number);
    message.recipients = first == kNone ? at : first;
    if (last != kNone) table_.recipient(last).next = at;
    last = at;
    WaitingRecipient& one = table_.recipient(at);
    one.key = in.Number();
    one.since = ReadTime(in);
    one.address = Stored(in.String());
    one.cause = Known(causes_, in.Bounded(0xFFFF));
    one.provider = Known(providers_, in.Bounded(0xFFFF));
    one.code = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
    one.enhanced.status_class = static_cast<std::uint8_t>(in.Bounded(0xFF));
    one.enhanced.subject = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
    one.enhanced.detail = static_cast<std::uint16_t>(in.Bounded(0xFFFF));
  }
  if (message.recipients != kNone) table_.Move(number, Queue::kWaiting);
  table_.Shrink(number);
}

TablePiece MessageJoin::Take(const RuleNames& names, bool whole) {
  whole = std::exchange(whole_next_, false) || whole;
  MessageTable::Changes changes = table_.TakeChanges();
  if (whole) {
    changes = {};
    for (const Queue queue : {Queue::kIdle, Queue::kWaiting}) {
      for (std::uint32_t at = table_.Oldest(queue); at != kNone; at = table_.Newer(at)) {
        table_[at].saved = true;
        changes.changed.push_back(at);
      }
    }
  }
  if (!whole && changes.changed.empty() && changes.gone.empty()) return {};
  ByteWriter out;
  out.Number(kVersion);
  out.Number(whole ? 1 : 0);
  if (whole) WriteTableNames(out, names);
  out.Number(static_cast<std::uint64_t>(clock_.year()));
  WriteTime(out, clock_.latest());
  out.Number(table_.forgotten());
  out.Number(changes.gone.size());
  for (const std::uint64_t key : changes.gone) out.Number(key);
  out.Number(changes.changed.size());
  for (const std::uint32_t number : changes.changed) WriteMessage(out, table_[number]);
  return {whole, out.Take()};
}

bool MessageJoin::RestorePiece(std::string_view piece, const RuleNames& names) {
  ByteReader in(piece);
  if (in.Number() != kVersion) return false;
  if (in.Bounded(1) == 1) {
    const NameTranslation known = ReadTableNames(in, names);
    causes_ = known.causes();
    providers_ = known.providers();
  }
  const auto year = static_cast<int>(in.Bounded(9999));
  clock_.Set(year, ReadTime(in));
  const std::uint64_t forgotten = in.Number();
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
    const std::uint32_t gone = table_.Find(in.Number());
    if (gone != kNone) table_.Forget(gone);
  }
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) ReadMessage(in);
  if (forgotten > table_.forgotten()) table_.CountForgotten(forgotten - table_.forgotten());
  return in.ok() && in.at_end();
}

Status MessageJoin::Restore(const std::vector<std::string>& pieces, const RuleNames& names) {
  MessageJoin fresh(keep_, table_.limits());
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
