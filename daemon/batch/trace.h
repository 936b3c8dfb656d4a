// What became of a message, put together from lines of one log or of several hosts'.
//
//   trace_search.h  finds the lines: steps        trace.h  steps to messages, and how they hang
//   trace_text.cc, trace_json.cc  write them       together by hand-offs and notices
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/delivery_event.h"

namespace bouncesight {

// One line's word on one message; owns its texts.
struct TraceStep {
  std::string source;
  std::uint64_t log = 0, line = 0;  // which of the logs, and where: the order within a second
  std::string time;                 // as written
  std::int64_t when = 0;            // seconds since 1970
  Mta mta = Mta::kPostfix;
  std::string host, instance, queue_id;
  bool asked_for = false;  // the line holds what was asked for
  std::string other_id;    // the message that it came out of, went on as or was announced by

  std::optional<NoteKind> note;  // none: a delivery result
  bool requeued = false;         // of an arrival: `other_id` is the id that it had before
  std::string sender, account, client_ip, client_host, message_id;
  std::uint64_t size = 0;

  // Of a result.
  Outcome outcome = Outcome::kDelivered;
  std::string recipient, relay_host, relay_ip, transport, reply, cause, rule, provider;
  std::uint16_t relay_port = 0;
  double delay = -1;
};

struct TraceLink {
  enum class Kind : std::uint8_t { kHandedOn, kNotice };
  Kind kind = Kind::kHandedOn;
  std::size_t step = 0;     // of the message that hands on
  std::size_t message = 0;  // index into Trace::messages
};

// The life of one message under one queue id, from its arrival to its end.
struct TracedMessage {
  Mta mta = Mta::kPostfix;
  std::string host, instance, queue_id;
  std::string sender, account, client_ip, client_host, message_id;
  std::uint64_t size = 0;
  std::vector<TraceStep> steps;  // in order of time
  std::vector<TraceLink> links;
  std::string requeued;  // when it got another id, as by `postsuper -r ALL`; empty: it did not

  const TraceStep* Arrival() const;  // nullptr: no line tells of it
  const TraceStep* End() const;      // nullptr: nothing says that it left the queue
};

// Where a recipient stands after the last line.
struct TraceRecipient {
  std::string address;
  std::optional<Outcome> last;  // none: nothing was tried
  bool waits = false;
  std::size_t attempts = 0;
};
std::vector<TraceRecipient> RecipientsOf(const TracedMessage& message);

struct Trace {
  std::string what;
  std::vector<TracedMessage> messages;  // by time of arrival
  std::vector<TraceStep> refusals;      // on the way in, with no queue id
  std::size_t left_out = 0;             // older messages, beyond the most that were asked for
  bool cut_short = false;               // more was found than is kept: the rest is missing
};

// `most`: messages to keep, the youngest; 0: all.
Trace BuildTrace(std::string what, std::vector<TraceStep> steps, std::size_t most);

// Both are valid UTF-8; the text has no control characters but newlines.
std::string TraceText(const Trace& trace);
std::string TraceJson(const Trace& trace);

}  // namespace bouncesight
