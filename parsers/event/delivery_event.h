// parsers/event: what comes out of a line. It looks into parsers/text alone.
//
//   record.h          a line without its wrapping: what the parser of an MTA is given
//   delivery_event.h  what happened to one recipient: what it gives back, or
//   skip.h            why the line is not that, perhaps with
//   message_note.h    what it tells of a message all the same
//   smtp_reply.h      reply code, enhanced status code, phase, and who speaks
//   permanence.h      whether a failure is for good
//   result.h          failures of the environment: a value or an Error for a person
//
// One line gives one Parsed: an event or a skip. An event may stand for several results, by
// `repeat` and by `more_recipients`. Odd input is never an Error.
//
// This file: one delivery result: what happened to one recipient, who said so, and in which words.
//
// Every std::string_view points into the line that was parsed or into the parser's context; it is
// valid until the next line is parsed and must not be stored.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "parsers/event/message_note.h"
#include "parsers/event/skip.h"
#include "parsers/event/smtp_reply.h"

namespace bouncesight {

enum class Outcome : std::uint8_t {
  kDelivered,
  kDeferred,
  kBounced,
  kExpired,    // given up after the retry time
  kRejected,   // refused by our own server on the way in
  kSuspended,  // put off with no attempt made
};
inline constexpr std::size_t kOutcomeCount = 6;
std::string_view OutcomeName(Outcome outcome);  // "delivered", "deferred", …

enum class Mta : std::uint8_t {
  kPostfix,
  kExim,
  kCoremail,
  kSendmail,
  kOpensmtpd,
  kQmail,
  kKumomta,
  kZonemta,
  kHaraka
};
inline constexpr std::size_t kMtaCount = 9;
// The names of the MTAs and of their log formats, in the order of Mta.
inline constexpr std::array<std::string_view, kMtaCount> kMtaNames = {
    "postfix", "exim",    "coremail", "sendmail", "opensmtpd",
    "qmail",   "kumomta", "zonemta",  "haraka"};
constexpr std::string_view MtaName(Mta mta) { return kMtaNames[static_cast<std::size_t>(mta)]; }

// What the time between arrival and result went into. Postfix has all (delays=a/b/c/d), Exim a
// queue (QT= without DT=) and a transfer (DT=) that holds the connection too.
enum class DelayStep : std::uint8_t {
  kIncoming,  // before the queue manager saw the message
  kQueue,     // in the queue
  kConnect,   // DNS, connection, greeting, TLS
  kTransfer,  // the message itself
};
inline constexpr std::size_t kDelayStepCount = 4;
std::string_view DelayStepName(DelayStep step);  // "incoming", "queue", "connect", "transfer"

struct DeliveryEvent {
  Outcome outcome = Outcome::kDelivered;
  Mta mta = Mta::kPostfix;
  bool truncated = false;  // the line was cut before its end; what is there was read
  Reply reply;             // empty text: the line gives no reason
  // The log's own classification (Postfix' dsn=), which need not be the remote host's code.
  EnhancedCode dsn;
  // The number of an error that our own MTA met, as Exim has it in "defer (N)": above zero the
  // operating system's, below zero Exim's own. 0: none was given.
  std::int16_t error_number = 0;
  std::uint32_t repeat = 1;  // "message repeated N times": the line stands for so many results

  std::string_view time;              // as the log has it
  std::string_view host;              // the machine that wrote the line, if the header names one
  std::string_view instance;          // Postfix' syslog_name or the like: "postfix", "postfix-out"
  std::string_view queue_id;          // empty for NOQUEUE
  std::string_view recipient;         // the address as delivered, without angle brackets
  std::string_view recipient_domain;  // after the last @; as written
  // Further recipients that the line gives the same result, as listed: "<b>,<c>". NextRecipient
  // makes an event of each.
  std::string_view more_recipients;
  std::string_view relay_host;   // the remote host's name, if one is known
  std::string_view relay_ip;     // IPv4 or IPv6 literal without brackets
  std::uint16_t relay_port = 0;  // 0: unknown
  // How our MTA sent it, in its own words: Postfix' daemon ("smtp", "lmtp", "pipe"), Exim's T=,
  // Sendmail's mailer=, OpenSMTPD's "mta" and "mda". Empty: the line does not say.
  std::string_view transport;
  std::string_view tls;  // Postfix' tls= (3.11): "may", "dane:halfdane", …; as written
  // Of the message, as far as the line itself says; metrics/message_join.h knows more.
  MessageFacts message;
  double delay_seconds = -1;  // from arrival to this result; negative: unknown
  std::array<double, kDelayStepCount> step_seconds = {-1, -1, -1, -1};  // negative: unknown
};

inline void SetStep(DeliveryEvent& event, DelayStep step, double seconds) {
  event.step_seconds[static_cast<std::size_t>(step)] = seconds;
}

// Every text of an event but those of its message, and its recipient_domain, which mostly is a part
// of the recipient.
inline auto TextsOf(DeliveryEvent& event) {
  return std::to_array({&event.time, &event.host, &event.instance, &event.queue_id,
                        &event.recipient, &event.more_recipients, &event.relay_host,
                        &event.relay_ip, &event.transport, &event.tls, &event.reply.text});
}

// The result of every parser.
using Parsed = std::variant<DeliveryEvent, Skip>;

// Makes `event` that of the next of its further recipients; false: there is none. Linear in what it
// takes.
bool NextRecipient(DeliveryEvent& event);

// The part of `address` after its last @, empty if there is none.
std::string_view DomainOf(std::string_view address);

}  // namespace bouncesight
