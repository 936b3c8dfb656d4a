// MessageJoin's way of taking over what another one knows of a message.
#include <string>

#include "metrics/message_join.h"

namespace bouncesight {

void MessageJoin::Adopt(const MessageJoin& from, std::uint64_t number) {
  const std::uint32_t there = from.table_.Find(number);
  if (there == MessageTable::kNone || !from.table_[there].began) return;
  std::uint32_t here = table_.Find(number);
  if (here == MessageTable::kNone) {
    here = table_.Add(number);
  } else {
    table_.Renew(here);
  }
  const JoinedMessage& old = from.table_[there];
  JoinedMessage& fresh = table_[here];
  fresh.size = old.size;
  fresh.arrived = old.arrived;
  fresh.message_hash = old.message_hash;
  fresh.began = old.began;
  fresh.told = old.told;
  std::string room;
  const auto copied = [&](std::uint32_t text) {
    return table_.texts().Put(from.table_.texts().View(text, room));
  };
  fresh.sender = copied(old.sender);
  fresh.account = copied(old.account);
  fresh.client_ip = copied(old.client_ip);
  fresh.client_host = copied(old.client_host);
  fresh.message_id = copied(old.message_id);
  std::uint32_t last = MessageTable::kNone;
  for (std::uint32_t at = old.recipients; at != MessageTable::kNone;
       at = from.table_.recipient(at).next) {
    WaitingRecipient one = from.table_.recipient(at);
    one.address = copied(one.address);
    last = table_.AddRecipient(here, one, last);
  }
  table_.Move(here, old.queue);
  table_.Shrink(here);
}

}  // namespace bouncesight
