// The join by queue id: who sent a message, and which of its recipients wait.
//
//   lines of arrival, sender, size ─► Note ─┐
//                                           ├─► Complete: an event gets its sender
//   delivery results ─► Settle ─────────────┘            Expire: an end gets its recipients
//                                                        Explain: and its cause
//
// The key is host, instance and queue id. Of Postfix only instances of its own count
// ("postfix-out"), for one message passes services that may log by other names
// ("postfix/submission"). Lines may come out of order, by some: what is told of a message that has
// left the queue does not bring it back, unless a new message arrives under its id.
//
// Bounded (message_table.h), alone or with others: the oldest give way, and are counted if
// something of them was still to come. One thread; nothing is allocated for a line once the tables
// have grown.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/byte_codec.h"
#include "metrics/joined_rows.h"
#include "metrics/journalled_table.h"
#include "metrics/log_clock.h"
#include "metrics/message_table.h"
#include "metrics/names.h"
#include "parsers/event/delivery_event.h"
#include "parsers/text/hash.h"
#include "rules/verdict.h"

namespace bouncesight {

// The sender's domain as written; "null" for notices, "local" for a sender without one, "unknown".
std::string_view SenderDomain(const MessageFacts& message);

class MessageJoin : public JournalledTable {
 public:
  // kDomains: of an address its domain alone is kept, and no client, login or message id.
  // kDomainsAndAccounts: the login, too. kAll: whole addresses and ids, for `events`.
  enum class Keep : std::uint8_t { kDomains, kDomainsAndAccounts, kAll };

  explicit MessageJoin(Keep keep = Keep::kDomains, MessageTable::Limits limits = {});

  // Where an event's message stands: found once for a line, and good until the next one is taken.
  struct Place {
    std::uint64_t key = 0;  // 0: the line names no message
    std::uint32_t message = MessageTable::kNone;
  };

  // Gives the place of the note's message.
  Place Take(const MessageNote& note);
  // The place of the other message that it names.
  Place OtherOf(const MessageNote& note);

  // So many messages are known that most looks at one wait for memory. With fewer it costs more to
  // ask ahead than it saves.
  bool OutgrowsCache() const { return table_.size() > kMostInCache; }
  // A message of the host and instance that the last line named may be asked for next: a hint.
  void Expect(std::string_view queue_id) const {
    if (!queue_id.empty()) table_.Prefetch(HashBytes(queue_id, place_hash_));
  }

  // Adds to `event.message` what is known and the line did not say. Where addresses are not kept,
  // the sender is "@" and its domain. The views live until the next call.
  Place Complete(DeliveryEvent& event);

  // A failure that names no cause ("status=expired, returned to sender", "retry timeout exceeded")
  // gets that of the recipient's last deferral, or of another one of the message, with its codes
  // where the event has none; kMessageExpired where it has no words either.
  void Explain(const Place& place, DeliveryEvent& event, Verdict& verdict) const;

  // What became of a recipient. True: it is put off for the first time. A deferral that no rule
  // knows leaves the reason that is known already.
  bool Settle(Place& place, const DeliveryEvent& event, const Verdict& verdict);

  // An expiry that names no recipient: calls `one(event, verdict)` for each that waits, with its
  // domain (and address, where kept) and its last verdict, explained as above, and settles it.
  // False: none waits.
  template <typename One>
  bool Expire(const Place& place, const DeliveryEvent& expiry, One one) {
    const std::uint32_t message = place.message;
    if (message == MessageTable::kNone || table_[message].recipients == MessageTable::kNone) {
      return false;
    }
    const std::optional<WaitingRecipient> any = AnyExplained(message);  // before they go
    do {
      DeliveryEvent event = expiry;
      Verdict verdict;
      TakeWaiting(message, event, verdict);
      if (NamesNoCause(event, verdict) && any) Borrow(*any, event, verdict);
      one(event, verdict);
    } while (table_[message].recipients != MessageTable::kNone);
    table_.Move(message, JoinedMessage::Queue::kIdle);
    return true;
  }

  // Of a message: a number that is the same in every join, and whether its arrival was read here.
  struct Origin {
    std::uint64_t number = 0;
    bool arrived_here = false;
  };
  Origin OriginOf(const Place& place) const {
    return {place.key, place.message != MessageTable::kNone && table_[place.message].began};
  }

  // Of the message under `number`, if it arrived there: what `from` knows takes the place of what
  // is known here. For joins that read stretches of one log, in their order.
  void Adopt(const MessageJoin& from, std::uint64_t number);

  // Calls `one(number, message)` for each message that has not ended. The views are for
  // the call.
  template <typename One>
  void ForEachOpen(One one) {
    for (const auto queue : {JoinedMessage::Queue::kIdle, JoinedMessage::Queue::kWaiting}) {
      for (std::uint32_t at = table_.Oldest(queue); at != MessageTable::kNone;
           at = table_.Newer(at)) {
        MessageFacts facts;
        Fill(facts.sender, table_[at].sender, rooms_[0]);
        Fill(facts.account, table_[at].account, rooms_[1]);
        one(table_[at].key, facts);
      }
    }
  }

  // What waits now, in order of provider and cause. Linear in the recipients that wait.
  std::vector<WaitingRow> WaitingNow() const;

  // Messages that have not ended; of one that came and went between two calls nothing is written.
  // Of Keep::kAll the clients and message ids are left out: nobody restarts `events`.
  TablePiece Take(const RuleNames& names, bool whole) override;
  Status Restore(const std::vector<std::string>& pieces, const RuleNames& names) override;
  void Rename(const RuleNames& from, const RuleNames& to) override;

  const MessageTable& table() const { return table_; }

 private:
  static constexpr std::size_t kMostInCache = 32'768;  // 2 MiB, and their index

  std::uint64_t KeyOf(std::string_view host, std::string_view instance, Mta mta,
                      std::string_view queue_id);
  std::uint32_t Find(std::string_view host, std::string_view instance, Mta mta,
                     std::string_view queue_id);
  bool IsAnother(const JoinedMessage& known, const MessageNote& note,
                 std::uint32_t message_hash) const;
  void End(std::uint32_t message);
  void HandOn(std::uint32_t from, const MessageNote& note);
  void TakeOver(std::uint32_t from, std::uint32_t to);
  void Learn(std::uint32_t message, const MessageFacts& facts);
  bool Store(std::uint32_t& number, std::string_view text);
  void FillFrom(std::uint32_t message, MessageFacts& facts);
  void FillFromTransaction(DeliveryEvent& event);
  void SetReason(std::uint32_t message, std::uint32_t recipient, const DeliveryEvent& event,
                 const Verdict& verdict);
  void Fill(std::string_view& text, std::uint32_t number, std::string& room) const;
  bool PutOff(std::uint32_t message, const DeliveryEvent& event, const Verdict& verdict);
  std::int64_t ArrivalOf(const JoinedMessage& message, const DeliveryEvent& event);
  std::optional<WaitingRecipient> AnyExplained(std::uint32_t message) const;
  static bool NamesNoCause(const DeliveryEvent& event, Verdict& verdict);
  // The reason of another recipient: its provider is that one's alone.
  static void Borrow(const WaitingRecipient& from, DeliveryEvent& event, Verdict& verdict);
  void TakeWaiting(std::uint32_t message, DeliveryEvent& event, Verdict& verdict);
  void WriteMessage(ByteWriter& out, const MessageTable::Change& change) const;
  void WriteRecipients(ByteWriter& out, const JoinedMessage& message) const;
  void WriteReasons(ByteWriter& out, const JoinedMessage& message) const;
  void ReadMessage(ByteReader& in);
  void ReadFacts(ByteReader& in, JoinedMessage& message);
  void ReadRecipients(ByteReader& in, std::uint32_t number);
  void ReadReasons(ByteReader& in, const JoinedMessage& message);
  bool RestorePiece(std::string_view piece, const RuleNames& names);

  Keep keep_;
  MessageTable table_;
  LogClock clock_;
  bool whole_next_ = true;
  std::int64_t taken_clock_ = 0;                   // as the last piece has it
  std::vector<std::uint16_t> causes_, providers_;  // while restoring: of the last whole piece
  std::string host_, instance_;                    // of the last key,
  std::uint64_t place_hash_ = 0;                   // and their hash
  std::array<std::string, 6> rooms_;               // texts that lie in several blocks
};

}  // namespace bouncesight
