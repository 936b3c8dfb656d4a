// Messages by a key, in bounded memory: the part of MessageJoin that finds, keeps and forgets. It
// knows nothing of logs.
//
// Every message is in one of three queues. Room is made out of the first that has one: those that
// have ended, then those of which nothing waits, then those of which recipients wait; of each the
// oldest. One thread; allocates only until it has grown to what the traffic needs. Several tables
// may share their bytes (memory_budget.h).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "metrics/key_index.h"
#include "metrics/memory_budget.h"
#include "metrics/slab.h"
#include "metrics/slab_chains.h"
#include "metrics/text_blocks.h"
#include "parsers/event/smtp_reply.h"

namespace bouncesight {

// Why a recipient was put off last.
struct PutOffReason {
  std::uint16_t provider = 0, cause = 0;
  std::uint16_t code = 0;
  EnhancedCode enhanced;

  friend bool operator==(const PutOffReason&, const PutOffReason&) = default;
};

// A recipient that was put off and is not settled.
struct WaitingRecipient {
  std::uint64_t key = 0;               // the hash of the address
  std::int64_t since = 0;              // arrival of the message, by the log's clock (LogClock)
  std::uint32_t next = 0, before = 0;  // others of the message (SlabChains)
  std::uint32_t message = 0;           // its number
  std::uint32_t address = 0;           // in MessageTable::texts
  std::uint32_t rule = 0;              // that the last verdict came from
  PutOffReason reason;

  friend std::uint64_t PartOf(const WaitingRecipient& one) { return one.key; }
};
static_assert(sizeof(WaitingRecipient) == 48);

// A line of the cache.
struct alignas(64) JoinedMessage {
  enum class Queue : std::uint8_t { kEnded, kIdle, kWaiting };
  static constexpr std::size_t kQueueCount = 3;

  // What is not in the state yet, as bits: what is known of the message itself; which of its
  // recipients wait; why.
  static constexpr std::uint8_t kFacts = 1, kRecipients = 2, kReasons = 4;
  static constexpr std::uint8_t kAll = kFacts | kRecipients | kReasons;

  std::uint64_t key = 0;
  std::uint64_t size = 0;
  std::int64_t arrived = 0;        // 0: not known
  std::uint32_t message_hash = 0;  // of the message id; 0: not known
  std::uint32_t sender = 0, account = 0, client_ip = 0, client_host = 0, message_id = 0;  // texts
  std::uint32_t recipients = 0;        // the first that waits
  std::uint32_t older = 0, newer = 0;  // in its queue
  Queue queue : 2 = Queue::kIdle;
  bool began : 1 = false;  // its arrival was read, and not restored
  bool told : 1 = false;   // some result of it was read
  bool saved : 1 = false;  // TakeChanges has named it, so that its end is to be named, too
  std::uint8_t dirty = 0;  // changed since the last TakeChanges
};
static_assert(sizeof(JoinedMessage) == 64);

class MessageTable {
 public:
  static constexpr std::uint32_t kNone = 0;

  struct Limits {
    std::size_t messages = 250'000;
    std::size_t bytes = std::size_t{64} << 20U;
    std::size_t ended = 4096;                        // kept for lines that come late
    std::shared_ptr<MemoryBudget> budget = nullptr;  // instead of `bytes`
  };
  explicit MessageTable(Limits limits);

  // kNone: unknown.
  std::uint32_t Find(std::uint64_t key) const {
    return index_.Find(key, [&](std::uint32_t message) { return messages_[message].key == key; });
  }
  // This key will be looked for soon.
  void Prefetch(std::uint64_t key) const { index_.Prefetch(key); }
  // A new message, in kIdle. May forget others, and with them the numbers that stood for them.
  std::uint32_t Add(std::uint64_t key);
  // Forgets what is known of it, but the key: the queue id belongs to another message now.
  void Renew(std::uint32_t message);
  // Puts it at the young end of a queue.
  void Move(std::uint32_t message, JoinedMessage::Queue queue);
  // Makes room again after texts or recipients were added to `message`, which stays.
  void Shrink(std::uint32_t message) {
    if (messages_.used() > limits_.messages || bytes() > most_bytes_) MakeRoom(message);
  }
  // Of the budget: gives back what another table needs, and memory that stands empty. Numbers of
  // messages that were given out stand for others, then.
  void GiveWay();

  // The number of a message's recipient with this key; kNone: it does not wait.
  std::uint32_t FindRecipient(std::uint32_t message, std::uint64_t key) const;
  // Adds a copy, behind the recipient `after`; kNone: in front of the others. Gives its number.
  std::uint32_t AddRecipient(std::uint32_t message, WaitingRecipient recipient,
                             std::uint32_t after = kNone);
  void FreeRecipient(std::uint32_t number);
  void FreeRecipients(std::uint32_t message) {
    while (messages_[message].recipients != kNone) FreeRecipient(messages_[message].recipients);
  }

  JoinedMessage& operator[](std::uint32_t message) { return messages_[message]; }
  const JoinedMessage& operator[](std::uint32_t message) const { return messages_[message]; }
  WaitingRecipient& recipient(std::uint32_t number) { return recipients_[number]; }
  const WaitingRecipient& recipient(std::uint32_t number) const { return recipients_[number]; }
  TextBlocks& texts() { return texts_; }
  const TextBlocks& texts() const { return texts_; }

  // The oldest of a queue, and the one after it; kNone at the end.
  std::uint32_t Oldest(JoinedMessage::Queue queue) const { return At(queue).oldest; }
  std::uint32_t Newer(std::uint32_t message) const { return messages_[message].newer; }

  // For the state: what changed since the last call. The first call starts the account, and names
  // nothing.
  struct Change {
    std::uint32_t message = kNone;
    std::uint8_t what = JoinedMessage::kAll;
  };
  struct Changes {
    std::vector<Change> changed;      // each message once; those that have ended are left out
    std::vector<std::uint64_t> gone;  // keys that an earlier call had named
  };
  Changes TakeChanges();
  // It changed.
  void Mark(std::uint32_t message, std::uint8_t what) {
    if (accounting_) MarkChanged(message, what);
  }
  void Forget(std::uint32_t message);
  void CountForgotten(std::uint64_t more) { forgotten_ += more; }

  const Limits& limits() const { return limits_; }
  std::size_t size() const { return messages_.used(); }
  std::size_t waiting() const { return recipients_.size(); }
  std::size_t bytes() const {
    return messages_.used_bytes() + recipients_.used_bytes() + texts_.used_bytes() + index_.bytes();
  }
  std::size_t held_bytes() const;  // with the room that stands empty
  // Messages that were forgotten while recipients waited, or before any result of them was read.
  std::uint64_t forgotten() const { return forgotten_; }
  // Some message had to give way that had not ended.
  bool gave_way() const { return gave_way_; }

 private:
  struct Ends {
    std::uint32_t oldest = kNone, youngest = kNone;
    std::size_t count = 0;
  };
  Ends& At(JoinedMessage::Queue queue) { return queues_[static_cast<std::size_t>(queue)]; }
  const Ends& At(JoinedMessage::Queue queue) const {
    return queues_[static_cast<std::size_t>(queue)];
  }
  void MarkChanged(std::uint32_t message, std::uint8_t what);
  void Link(std::uint32_t message, JoinedMessage::Queue queue);
  void Unlink(std::uint32_t message);
  void FreeTexts(JoinedMessage& message);
  void NoteGone(JoinedMessage& message) {
    if (message.saved) gone_.push_back(message.key);
    message.saved = false;
  }
  void PrefetchNextToGo() const;
  std::uint32_t NextToGo(std::uint32_t but) const;
  bool IsOver();
  void MakeRoom(std::uint32_t but);
  bool ForgetNext(std::uint32_t but);
  void Compact();

  Limits limits_;
  BudgetShare share_;
  std::size_t most_bytes_;
  Slab<JoinedMessage> messages_;
  SlabChains<WaitingRecipient> recipients_;
  TextBlocks texts_;
  std::array<Ends, JoinedMessage::kQueueCount> queues_;
  KeyIndex index_;
  std::uint64_t forgotten_ = 0;
  bool gave_way_ = false;
  bool accounting_ = false;
  std::vector<std::uint32_t> changed_;
  std::vector<std::uint64_t> gone_;
};

}  // namespace bouncesight
