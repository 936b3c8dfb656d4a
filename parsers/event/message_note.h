// What a line tells of a message beside deliveries: where it came from, who sent it, that it is
// gone. Such a line is a Skip all the same; the note stands beside it (skip.h), and joins the
// deliveries of the same queue id to their sender (metrics/message_join.h).
//
// Views as in delivery_event.h: valid until the next line is parsed. Texts are as written, and not
// cleaned as those of an event are.
#pragma once

#include <cstdint>
#include <string_view>

namespace bouncesight {

enum class Mta : std::uint8_t;

// Where a message came from and what it is. Empty: the line does not say.
struct MessageFacts {
  std::string_view sender;       // without angle brackets; the null sender of a notice is "<>"
  std::string_view account;      // the login name
  std::string_view client_ip;    // without brackets
  std::string_view client_host;  // not "unknown"
  std::string_view message_id;   // without angle brackets
  std::uint64_t size = 0;        // bytes; 0: not said
};

enum class NoteKind : std::uint8_t {
  kArrival,   // the queue id belongs to a new message; `other_id`: the message it came out of
  kFacts,     // more about it
  kHandedOn,  // a content filter on this host has it, and gave it back as `other_id`
  kNotice,    // its sender, or the postmaster, was told by the message `other_id`
  kHeld,      // put on hold, or frozen
  kReleased,  // and freed again
  kEnd,       // it has left the queue: nothing of it waits
};
std::string_view NoteKindName(NoteKind kind);  // "arrival", "facts", "handed_on", …

struct MessageNote {
  NoteKind kind = NoteKind::kFacts;
  Mta mta{};
  std::string_view time, host, instance, queue_id;  // as in DeliveryEvent; queue_id is never empty
  std::string_view other_id;
  bool requeued = false;    // an arrival under a new id: `other_id` is its old one, and gone
  bool taken_away = false;  // an end: by an operator or a timeout, whoever had not got it yet
  MessageFacts message;
};

}  // namespace bouncesight
