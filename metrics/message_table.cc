#include "metrics/message_table.h"

#include <algorithm>
#include <utility>

namespace bouncesight {

using Queue = JoinedMessage::Queue;

MessageTable::MessageTable(Limits limits) : limits_(limits) {
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
  while (At(Queue::kEnded).count > limits_.ended) Forget(At(Queue::kEnded).oldest);
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
  message = {};
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

void MessageTable::Shrink(std::uint32_t message) {
  while (messages_.used() > limits_.messages || bytes() > limits_.bytes) {
    const std::uint32_t next = NextToGo(message);
    if (next == kNone) return;
    const JoinedMessage& going = messages_[next];
    const bool missed =
        going.queue == Queue::kWaiting || (going.queue == Queue::kIdle && !going.told);
    forgotten_ += missed ? 1 : 0;
    Forget(next);
  }
}

void MessageTable::MarkChanged(std::uint32_t number, std::uint8_t what) {
  JoinedMessage& message = messages_[number];
  if (message.dirty == 0) changed_.push_back(number);
  message.dirty |= what;
}

void MessageTable::NoteGone(JoinedMessage& message) {
  if (message.saved) gone_.push_back(message.key);
  message.saved = false;
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

std::uint32_t MessageTable::AddRecipient(std::uint32_t message) {
  const std::uint32_t number = recipients_.New();
  recipients_[number].next = messages_[message].recipients;
  messages_[message].recipients = number;
  return number;
}

void MessageTable::FreeRecipient(std::uint32_t& link) {
  const std::uint32_t number = link;
  link = recipients_[number].next;
  texts_.Free(recipients_[number].address);
  recipients_.Free(number);
}

void MessageTable::FreeRecipients(std::uint32_t message) {
  while (messages_[message].recipients != kNone) FreeRecipient(messages_[message].recipients);
}

std::size_t MessageTable::bytes() const {
  return messages_.used_bytes() + recipients_.used_bytes() + texts_.used_bytes() + index_.bytes();
}

}  // namespace bouncesight
