#include "metrics/message_table.h"

#include <algorithm>
#include <string>
#include <utility>

namespace bouncesight {

using Queue = JoinedMessage::Queue;

namespace {

constexpr std::size_t kStep = std::size_t{64} << 10U;  // the budget is asked for so much at least

std::size_t InSteps(std::size_t bytes) { return (bytes + kStep - 1) / kStep * kStep; }

}  // namespace

MessageTable::MessageTable(Limits limits)
    : limits_(std::move(limits)),
      share_(limits_.budget),
      most_bytes_(limits_.budget ? 0 : limits_.bytes) {
  limits_.messages = std::max<std::size_t>(limits_.messages, 2);
}

std::uint32_t MessageTable::Add(std::uint64_t key) {
  const std::uint32_t message = messages_.New();
  messages_[message].key = key;
  index_.Add(key, message);
  Link(message, Queue::kIdle);
  Mark(message, JoinedMessage::kAll);
  Shrink(message);
  return message;
}

void MessageTable::Link(std::uint32_t number, Queue queue) {
  Ends& ends = At(queue);
  JoinedMessage& message = messages_[number];
  message.queue = queue;
  message.older = ends.youngest;
  message.newer = kNone;
  (ends.youngest == kNone ? ends.oldest : messages_[ends.youngest].newer) = number;
  ends.youngest = number;
  ++ends.count;
}

void MessageTable::Unlink(std::uint32_t number) {
  const JoinedMessage& message = messages_[number];
  Ends& ends = At(message.queue);
  (message.older == kNone ? ends.oldest : messages_[message.older].newer) = message.newer;
  (message.newer == kNone ? ends.youngest : messages_[message.newer].older) = message.older;
  --ends.count;
}

void MessageTable::Move(std::uint32_t message, Queue queue) {
  if (messages_[message].queue == queue && messages_[message].newer == kNone) return;
  Unlink(message);
  Link(message, queue);
  if (queue == Queue::kEnded) NoteGone(messages_[message]);
  if (At(Queue::kEnded).count <= limits_.ended) return;
  while (At(Queue::kEnded).count > limits_.ended) Forget(At(Queue::kEnded).oldest);
  PrefetchNextToGo();
}

// What goes next has not been looked at for thousands of messages. To wait for the cache at each of
// its parts was 7 % of a mixed log's time; now they have come when it goes.
void MessageTable::PrefetchNextToGo() const {
  const std::uint32_t next = At(Queue::kEnded).oldest;
  if (next == kNone) return;
  const JoinedMessage& message = messages_[next];  // is there: its neighbour has just gone
  texts_.Prefetch(message.sender);
  index_.Prefetch(message.key);
  if (message.newer != kNone) messages_.Prefetch(message.newer);
}

void MessageTable::FreeTexts(JoinedMessage& message) {
  for (const std::uint32_t text : {message.sender, message.account, message.client_ip,
                                   message.client_host, message.message_id}) {
    texts_.Free(text);
  }
}

void MessageTable::Renew(std::uint32_t number) {
  FreeRecipients(number);
  JoinedMessage& message = messages_[number];
  FreeTexts(message);
  Unlink(number);
  const JoinedMessage before = message;
  message = JoinedMessage();
  message.key = before.key;
  message.dirty = before.dirty;
  message.saved = before.saved;
  Mark(number, JoinedMessage::kAll);
  Link(number, Queue::kIdle);
}

void MessageTable::Forget(std::uint32_t number) {
  FreeRecipients(number);
  FreeTexts(messages_[number]);
  NoteGone(messages_[number]);
  Unlink(number);
  index_.Remove(messages_[number].key, number);
  messages_.Free(number);
}

std::uint32_t MessageTable::NextToGo(std::uint32_t but) const {
  for (const Ends& ends : queues_) {
    if (ends.oldest == kNone) continue;
    const std::uint32_t next = ends.oldest == but ? messages_[but].newer : ends.oldest;
    if (next != kNone) return next;
  }
  return kNone;
}

void MessageTable::MakeRoom(std::uint32_t but) {
  while (IsOver() && ForgetNext(but)) {
  }
}

bool MessageTable::IsOver() {
  if (messages_.used() > limits_.messages) return true;
  const std::size_t now = bytes();
  if (now <= most_bytes_) return false;
  if (!limits_.budget || !share_.Take(InSteps(now - most_bytes_))) return true;
  most_bytes_ = share_.taken();
  return false;
}

bool MessageTable::ForgetNext(std::uint32_t but) {
  const std::uint32_t next = NextToGo(but);
  if (next == kNone) return false;
  const JoinedMessage& going = messages_[next];
  const bool missed =
      going.queue == Queue::kWaiting || (going.queue == Queue::kIdle && !going.told);
  forgotten_ += missed ? 1 : 0;
  gave_way_ = gave_way_ || going.queue != Queue::kEnded;
  Forget(next);
  return true;
}

void MessageTable::GiveWay() {
  const std::size_t owed = share_.Owed(), before = bytes();
  const std::size_t wanted = share_.taken() - owed;
  while (owed > 0 && bytes() > wanted && ForgetNext(kNone)) {
  }
  // Empty room costs nobody anything while it is less than what is in use.
  const bool is_empty = held_bytes() > 2 * bytes() + 16 * kStep;
  const bool is_too_large = held_bytes() > wanted + wanted / 4 + 16 * kStep;
  if (!limits_.budget || (before == bytes() && !is_empty && !is_too_large)) return;
  Compact();
  const std::size_t needed = InSteps(bytes());
  if (needed < share_.taken()) share_.GiveBack(share_.taken() - needed);
  most_bytes_ = share_.taken();
}

// All that is known moves into new slabs, in the order of the queues.
void MessageTable::Compact() {
  Slab<JoinedMessage> messages;
  SlabChains<WaitingRecipient> recipients;
  TextBlocks texts;
  KeyIndex index;
  std::string room;
  const auto move_text = [&](std::uint32_t& text) { text = texts.Put(texts_.View(text, room)); };
  changed_.clear();
  for (Ends& ends : queues_) {
    const std::uint32_t oldest = std::exchange(ends.oldest, kNone);
    std::uint32_t last = ends.youngest = kNone;
    for (std::uint32_t from = oldest; from != kNone; from = messages_[from].newer) {
      const std::uint32_t to = messages.New();
      JoinedMessage& message = messages[to] = messages_[from];
      for (std::uint32_t* text : {&message.sender, &message.account, &message.client_ip,
                                  &message.client_host, &message.message_id}) {
        move_text(*text);
      }
      std::uint32_t old = std::exchange(message.recipients, kNone), end = kNone;
      for (; old != kNone; old = recipients_[old].next) {
        end = recipients.Insert(message.key, message.recipients, end, recipients_[old]);
        recipients[end].message = to;
        move_text(recipients[end].address);
      }
      message.older = last;
      message.newer = kNone;
      (last == kNone ? ends.oldest : messages[last].newer) = to;
      last = ends.youngest = to;
      index.Add(message.key, to);
      if (message.dirty != 0) changed_.push_back(to);
    }
  }
  messages_ = std::move(messages);
  recipients_ = std::move(recipients);
  texts_ = std::move(texts);
  index_ = std::move(index);
}

void MessageTable::MarkChanged(std::uint32_t number, std::uint8_t what) {
  JoinedMessage& message = messages_[number];
  if (message.dirty == 0) changed_.push_back(number);
  message.dirty |= what;
}

MessageTable::Changes MessageTable::TakeChanges() {
  accounting_ = true;
  Changes changes;
  changes.gone.swap(gone_);
  for (const std::uint32_t number : changed_) {
    JoinedMessage& message = messages_[number];
    // None: its place was given to another one, which is named already.
    const std::uint8_t what = std::exchange(message.dirty, std::uint8_t{0});
    if (what == 0 || message.queue == Queue::kEnded) continue;
    changes.changed.push_back({number, message.saved ? what : JoinedMessage::kAll});
    message.saved = true;
  }
  changed_.clear();
  return changes;
}

std::uint32_t MessageTable::FindRecipient(std::uint32_t number, std::uint64_t key) const {
  const JoinedMessage& message = messages_[number];
  return recipients_.Find(message.key, message.recipients, key, [&](const WaitingRecipient& one) {
    return one.key == key && one.message == number;
  });
}

std::uint32_t MessageTable::AddRecipient(std::uint32_t number, WaitingRecipient recipient,
                                         std::uint32_t after) {
  JoinedMessage& message = messages_[number];
  recipient.message = number;
  return recipients_.Insert(message.key, message.recipients, after, recipient);
}

void MessageTable::FreeRecipient(std::uint32_t number) {
  const WaitingRecipient& recipient = recipients_[number];
  JoinedMessage& message = messages_[recipient.message];
  texts_.Free(recipient.address);
  recipients_.Remove(message.key, message.recipients, number);
}

std::size_t MessageTable::held_bytes() const {
  return messages_.held_bytes() + recipients_.held_bytes() + texts_.held_bytes() + index_.bytes();
}

}  // namespace bouncesight
