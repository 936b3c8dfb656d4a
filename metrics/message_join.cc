#include "metrics/message_join.h"

#include <algorithm>
#include <utility>

#include "metrics/name_translation.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

constexpr std::uint32_t kNone = MessageTable::kNone;
// The keys outlive the program, so the hash is the same in every run.
constexpr std::uint64_t kQueueIdSeed = 0x6d657373616765ULL;
// So many recipients are asked why others of their message were put off. Each of a great many may
// expire in a line of its own.
constexpr std::size_t kMostAsked = 256;
// An envelope's id of OpenSMTPD begins with the message's.
constexpr std::size_t kOpensmtpdId = 8;

using Queue = JoinedMessage::Queue;

// The instances of one Postfix have names of their own (multi_instance_name, "postfix-out"); what
// else stands there names a service, whose messages go through the same queue.
std::string_view OwnInstance(Mta mta, std::string_view instance) {
  if (mta != Mta::kPostfix || !instance.starts_with("postfix-")) return {};
  return instance.substr(0, instance.find('/'));
}

// Apart, for it is called once where KeyOf is called for each line.
[[gnu::noinline]] std::uint64_t NewPlace(std::string_view host, std::string_view instance,
                                         std::string& last_host, std::string& last_instance) {
  last_host.assign(host);
  last_instance.assign(instance);
  return HashBytes(instance, HashBytes(host, kQueueIdSeed)) | 1U;
}

std::uint64_t HashOf(std::string_view text) { return HashBytes(text, kQueueIdSeed) | 1U; }

// "@example.com", "@" of a sender without a domain.
std::string_view DomainAlone(std::string_view sender) {
  if (sender.empty() || sender == "<>") return sender;
  const std::size_t at = sender.rfind('@');
  return at == std::string_view::npos ? "@" : sender.substr(at);
}

// Haraka names no recipient where the whole delivery went one way.
bool SpeaksForAll(const DeliveryEvent& event) {
  return event.mta == Mta::kHaraka && event.recipient.empty();
}

void GiveReason(const WaitingRecipient& recipient, DeliveryEvent& event, Verdict& verdict) {
  const PutOffReason& reason = recipient.reason;
  verdict.rule = static_cast<RuleId>(recipient.rule);
  verdict.provider = static_cast<ProviderId>(reason.provider);
  verdict.cause = static_cast<CauseId>(reason.cause);
  if (event.reply.code == 0) event.reply.code = reason.code;
  if (!event.reply.enhanced.present()) event.reply.enhanced = reason.enhanced;
}

bool IsExplained(const WaitingRecipient& recipient) {
  return static_cast<CauseId>(recipient.reason.cause) != CauseId::kUnclassified;
}

}  // namespace

std::string_view SenderDomain(const MessageFacts& message) {
  if (message.sender.empty()) return "unknown";
  if (message.sender == "<>") return "null";
  const std::string_view domain = DomainOf(message.sender);
  return domain.empty() ? "local" : domain;
}

MessageJoin::MessageJoin(Keep keep, MessageTable::Limits limits)
    : keep_(keep), table_(std::move(limits)) {}

std::uint64_t MessageJoin::KeyOf(std::string_view host, std::string_view instance, Mta mta,
                                 std::string_view queue_id) {
  const std::string_view own = OwnInstance(mta, instance);
  if (place_hash_ == 0 || !SameBytes(host, host_) || !SameBytes(own, instance_)) {
    place_hash_ = NewPlace(host, own, host_, instance_);
  }
  if (mta == Mta::kOpensmtpd) queue_id = queue_id.substr(0, kOpensmtpdId);
  return HashBytes(queue_id, place_hash_);
}

std::uint32_t MessageJoin::Find(std::string_view host, std::string_view instance, Mta mta,
                                std::string_view queue_id) {
  return queue_id.empty() ? kNone : table_.Find(KeyOf(host, instance, mta, queue_id));
}

// Does the note speak of another message that has got the same id?
bool MessageJoin::IsAnother(const JoinedMessage& known, const MessageNote& note,
                            std::uint32_t message_hash) const {
  if (known.message_hash != 0 && message_hash != 0 && known.message_hash != message_hash) {
    return true;
  }
  // A message arrives once, before anybody knows its sender.
  return note.kind == NoteKind::kArrival &&
         (known.queue == Queue::kEnded || known.sender != 0 || known.told);
}

MessageJoin::Place MessageJoin::Take(const MessageNote& note) {
  if (note.kind == NoteKind::kHeld || note.kind == NoteKind::kReleased ||
      note.kind == NoteKind::kNotice) {
    return {};
  }
  const std::uint64_t key = KeyOf(note.host, note.instance, note.mta, note.queue_id);
  std::uint32_t message = table_.Find(key);
  if (note.kind == NoteKind::kEnd || note.kind == NoteKind::kHandedOn) {
    if (message == kNone) return {key, kNone};
    note.kind == NoteKind::kEnd ? End(message) : HandOn(message, note);
    return {key, message};
  }
  const std::string_view id = note.message.message_id;
  const std::uint32_t hash = id.empty() ? 0 : static_cast<std::uint32_t>(HashOf(id));
  if (message == kNone) {
    message = table_.Add(key);
  } else if (IsAnother(table_[message], note, hash)) {
    table_.Renew(message);
  }
  JoinedMessage& known = table_[message];
  if (hash != 0 && known.message_hash != hash) {
    known.message_hash = hash;
    table_.Mark(message, JoinedMessage::kFacts);
  }
  known.began = known.began || note.kind == NoteKind::kArrival;
  // Postfix says with each result how long ago that was.
  if (note.kind == NoteKind::kArrival && note.mta != Mta::kPostfix) {
    known.arrived = clock_.Read(note.time);
    table_.Mark(message, JoinedMessage::kFacts);
  }
  if (note.kind == NoteKind::kArrival && !note.other_id.empty()) {
    const std::uint32_t from = Find(note.host, note.instance, note.mta, note.other_id);
    TakeOver(from, message);
    // `postsuper -r ALL` writes no line for each of them.
    if (note.requeued && from != kNone && from != message) End(from);
  }
  // Of most lines nothing is kept but that they were there.
  const MessageFacts& facts = note.message;
  const bool tells = facts.size != 0 || !facts.sender.empty() || !facts.account.empty();
  if (tells || keep_ == Keep::kAll) Learn(message, facts);
  return {key, message};
}

MessageJoin::Place MessageJoin::OtherOf(const MessageNote& note) {
  const std::uint64_t key = KeyOf(note.host, note.instance, note.mta, note.other_id);
  return {key, table_.Find(key)};
}

void MessageJoin::End(std::uint32_t message) {
  table_.FreeRecipients(message);
  table_.Move(message, Queue::kEnded);
}

// What came back out of the filter is the same message: its client is not the filter.
void MessageJoin::HandOn(std::uint32_t from, const MessageNote& note) {
  const std::uint32_t to = Find(note.host, note.instance, note.mta, note.other_id);
  table_[from].told = true;
  TakeOver(from, to);
}

// Of a message that goes on under another id, as after `postsuper -r`, too.
void MessageJoin::TakeOver(std::uint32_t from, std::uint32_t to) {
  if (from == kNone || to == kNone || to == from) return;
  MessageFacts facts;
  Fill(facts.account, table_[from].account, rooms_[1]);
  Fill(facts.client_ip, table_[from].client_ip, rooms_[2]);
  Fill(facts.client_host, table_[from].client_host, rooms_[3]);
  Learn(to, facts);
}

bool MessageJoin::Store(std::uint32_t& number, std::string_view text) {
  if (SameBytes(table_.texts().View(number, rooms_[0]), text)) return false;
  table_.texts().Free(number);
  number = table_.texts().Put(text);
  return true;
}

// A queue's manager repeats what it knows at each attempt, which is not news.
void MessageJoin::Learn(std::uint32_t message, const MessageFacts& facts) {
  JoinedMessage& known = table_[message];
  bool news = facts.size != 0 && known.size != facts.size;
  if (news) known.size = facts.size;
  const auto learn = [&](std::uint32_t& number, std::string_view text) {
    if (!text.empty()) news = Store(number, text) || news;
  };
  learn(known.sender, keep_ == Keep::kAll ? facts.sender : DomainAlone(facts.sender));
  if (keep_ != Keep::kDomains) learn(known.account, facts.account);
  if (keep_ == Keep::kAll) {
    learn(known.client_ip, facts.client_ip);
    learn(known.client_host, facts.client_host);
    learn(known.message_id, facts.message_id);
  }
  if (!news) return;
  table_.Mark(message, JoinedMessage::kFacts);
  table_.Shrink(message);
}

void MessageJoin::Fill(std::string_view& text, std::uint32_t number, std::string& room) const {
  if (text.empty()) text = table_.texts().View(number, room);
}

MessageJoin::Place MessageJoin::Complete(DeliveryEvent& event) {
  if (event.queue_id.empty()) return {};
  Place place{KeyOf(event.host, event.instance, event.mta, event.queue_id), kNone};
  place.message = table_.Find(place.key);
  if (event.mta == Mta::kHaraka && (place.message == kNone || table_[place.message].sender == 0))
    FillFromTransaction(event);
  if (place.message == kNone) return place;
  FillFrom(place.message, event.message);
  return place;
}

void MessageJoin::FillFrom(std::uint32_t number, MessageFacts& message) {
  const JoinedMessage& known = table_[number];
  if (message.size == 0) message.size = known.size;
  Fill(message.sender, known.sender, rooms_[0]);
  if (keep_ != Keep::kDomains) Fill(message.account, known.account, rooms_[1]);
  if (keep_ != Keep::kAll) return;
  Fill(message.client_ip, known.client_ip, rooms_[2]);
  Fill(message.client_host, known.client_host, rooms_[3]);
  Fill(message.message_id, known.message_id, rooms_[4]);
}

// A delivery of Haraka has the id of the transaction that brought the message, ".", and a number.
void MessageJoin::FillFromTransaction(DeliveryEvent& event) {
  const std::size_t dot = event.queue_id.rfind('.');
  if (dot == std::string_view::npos) return;
  const std::uint32_t transaction =
      Find(event.host, event.instance, event.mta, event.queue_id.substr(0, dot));
  if (transaction == kNone) return;
  FillFrom(transaction, event.message);
  if (!table_[transaction].told) table_.Mark(transaction, JoinedMessage::kFacts);
  table_[transaction].told = true;
}

bool MessageJoin::NamesNoCause(const DeliveryEvent& event, Verdict& verdict) {
  const bool nothing =
      event.outcome == Outcome::kExpired && verdict.cause == CauseId::kUnclassified;
  // "status=expired" has no words to be classified by; that it expired is all that it says.
  if (nothing && event.reply.text.empty()) verdict.cause = CauseId::kMessageExpired;
  return nothing || verdict.cause == CauseId::kMessageExpired;
}

void MessageJoin::Borrow(const WaitingRecipient& from, DeliveryEvent& event, Verdict& verdict) {
  const ProviderId provider = verdict.provider;
  GiveReason(from, event, verdict);
  verdict.provider = provider;
}

std::optional<WaitingRecipient> MessageJoin::AnyExplained(std::uint32_t message) const {
  std::uint32_t at = table_[message].recipients;
  for (std::size_t left = kMostAsked; at != kNone && left > 0; --left) {
    if (IsExplained(table_.recipient(at))) return table_.recipient(at);
    at = table_.recipient(at).next;
  }
  return std::nullopt;
}

void MessageJoin::Explain(const Place& place, DeliveryEvent& event, Verdict& verdict) const {
  if (!NamesNoCause(event, verdict) || place.message == kNone) return;
  const std::uint32_t own = table_.FindRecipient(place.message, HashOf(event.recipient));
  if (own != kNone && IsExplained(table_.recipient(own))) {
    return GiveReason(table_.recipient(own), event, verdict);
  }
  if (const auto any = AnyExplained(place.message)) Borrow(*any, event, verdict);
}

bool MessageJoin::Settle(Place& place, const DeliveryEvent& event, const Verdict& verdict) {
  if (event.outcome == Outcome::kRejected || place.key == 0) return false;
  const bool put_off = event.outcome == Outcome::kDeferred || event.outcome == Outcome::kSuspended;
  std::uint32_t& message = place.message;
  if (message == kNone && !put_off) return false;
  if (message == kNone) message = table_.Add(place.key);  // it was there before the log began
  if (!table_[message].told) table_.Mark(message, JoinedMessage::kFacts);
  table_[message].told = true;
  if (put_off) return table_[message].queue != Queue::kEnded && PutOff(message, event, verdict);
  if (table_[message].recipients == kNone) return false;
  if (SpeaksForAll(event)) {
    table_.FreeRecipients(message);
    table_.Mark(message, JoinedMessage::kRecipients);
    table_.Move(message, Queue::kIdle);
    return false;
  }
  const std::uint32_t settled = table_.FindRecipient(message, HashOf(event.recipient));
  if (settled == kNone) return false;
  table_.FreeRecipient(settled);
  table_.Mark(message, JoinedMessage::kRecipients);
  if (table_[message].recipients == kNone) table_.Move(message, Queue::kIdle);
  return false;
}

std::int64_t MessageJoin::ArrivalOf(const JoinedMessage& message, const DeliveryEvent& event) {
  const std::int64_t now = clock_.Read(event.time);
  if (event.delay_seconds >= 0) return now - static_cast<std::int64_t>(event.delay_seconds);
  return message.arrived != 0 ? message.arrived : now;
}

bool MessageJoin::PutOff(std::uint32_t message, const DeliveryEvent& event,
                         const Verdict& verdict) {
  if (SpeaksForAll(event) && table_[message].recipients != kNone) {
    clock_.Read(event.time);
    if (verdict.cause == CauseId::kUnclassified) return false;
    for (std::uint32_t at = table_[message].recipients; at != kNone;
         at = table_.recipient(at).next) {
      SetReason(message, at, event, verdict);
    }
    return false;
  }
  const std::uint64_t key = HashOf(event.recipient);
  std::uint32_t number = table_.FindRecipient(message, key);
  const bool first = number == kNone;
  if (first) {
    WaitingRecipient fresh;
    fresh.key = key;
    fresh.since = ArrivalOf(table_[message], event);
    fresh.address =
        table_.texts().Put(keep_ == Keep::kAll ? event.recipient : event.recipient_domain);
    number = table_.AddRecipient(message, fresh);
    if (table_[message].queue != Queue::kWaiting) table_.Move(message, Queue::kWaiting);
    table_.Mark(message, JoinedMessage::kRecipients);
  } else {
    clock_.Read(event.time);
  }
  if (first || verdict.cause != CauseId::kUnclassified) SetReason(message, number, event, verdict);
  if (first) table_.Shrink(message);
  return first;
}

// Most are put off for the same reason again and again, which is not news for the state.
void MessageJoin::SetReason(std::uint32_t message, std::uint32_t number, const DeliveryEvent& event,
                            const Verdict& verdict) {
  WaitingRecipient& recipient = table_.recipient(number);
  const PutOffReason reason{static_cast<std::uint16_t>(verdict.provider),
                            static_cast<std::uint16_t>(verdict.cause), event.reply.code,
                            event.reply.enhanced};
  if (recipient.reason != reason) table_.Mark(message, JoinedMessage::kReasons);
  recipient.reason = reason;
  recipient.rule = static_cast<std::uint32_t>(verdict.rule);
}

void MessageJoin::TakeWaiting(std::uint32_t message, DeliveryEvent& event, Verdict& verdict) {
  table_.Mark(message, JoinedMessage::kRecipients);
  const std::uint32_t first = table_[message].recipients;
  const WaitingRecipient& recipient = table_.recipient(first);
  rooms_[5] = table_.texts().View(recipient.address, rooms_[5]);
  event.recipient_domain = rooms_[5];
  if (keep_ == Keep::kAll) {
    event.recipient = rooms_[5];
    event.recipient_domain = DomainOf(event.recipient);
  }
  event.reply.code = 0;
  event.reply.enhanced = {};
  GiveReason(recipient, event, verdict);
  table_.FreeRecipient(first);
}

std::vector<WaitingRow> MessageJoin::WaitingNow() const {
  std::vector<WaitingRow> rows;
  for (std::uint32_t message = table_.Oldest(Queue::kWaiting); message != kNone;
       message = table_.Newer(message)) {
    for (std::uint32_t at = table_[message].recipients; at != kNone;
         at = table_.recipient(at).next) {
      const WaitingRecipient& one = table_.recipient(at);
      const auto [provider, cause] = std::pair(one.reason.provider, one.reason.cause);
      auto row = rows.begin();
      while (row != rows.end() && (row->provider != provider || row->cause != cause)) ++row;
      if (row == rows.end()) row = rows.insert(row, {provider, cause, 0, 0});
      ++row->recipients;
      const std::int64_t age = std::max<std::int64_t>(clock_.latest() - one.since, 0);
      row->oldest_seconds = std::max(row->oldest_seconds, static_cast<std::uint64_t>(age));
    }
  }
  std::ranges::sort(rows, {},
                    [](const WaitingRow& row) { return std::pair(row.provider, row.cause); });
  return rows;
}

void MessageJoin::Rename(const RuleNames& from, const RuleNames& to) {
  const NameTranslation names(from, to);
  for (std::uint32_t message = table_.Oldest(Queue::kWaiting); message != kNone;
       message = table_.Newer(message)) {
    for (std::uint32_t at = table_[message].recipients; at != kNone;
         at = table_.recipient(at).next) {
      WaitingRecipient& one = table_.recipient(at);
      one.reason.cause = names.Cause(one.reason.cause);
      one.reason.provider = names.Provider(one.reason.provider);
      one.rule = names.Rule(one.rule);
    }
  }
  whole_next_ = true;
}

}  // namespace bouncesight
