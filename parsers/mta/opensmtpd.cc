#include "parsers/mta/opensmtpd.h"

#include <algorithm>
#include <cstddef>

#include "parsers/reason/reason.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

bool TakeWord(std::string_view& text, std::string_view& word) { return TakeUntil(text, " ", word); }

// The value of a field: in quotes, in angle brackets, or up to a blank or comma. The last one, a
// reply, runs to the last quote of the line.
std::string_view TakeFieldValue(std::string_view& text, bool last) {
  std::size_t close = std::string_view::npos;
  if (text.starts_with('<')) close = ClosingAngle(text);
  if (text.starts_with('"')) close = last ? text.rfind('"') : text.find('"', 1);
  if (close == std::string_view::npos || close == 0) {
    const std::size_t end = last ? text.size() : text.find_first_of(", ");
    const std::string_view value = text.substr(text.starts_with('"') ? 1 : 0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    return value;
  }
  const std::string_view value = text.substr(1, close - 1);
  text.remove_prefix(close + 1);
  return value;
}

// "192.0.2.1 (mx.example.com)", "192.0.2.1".
void ReadRelayField(std::string_view text, DeliveryEvent& event) {
  std::string_view ip = text.substr(0, FindOrEnd(text, ' '));
  Consume(ip, "[");
  ConsumeEnd(ip, "]");
  Consume(ip, "IPv6:");
  if (LooksLikeIp(ip)) event.relay_ip = ip;
  const std::size_t open = FindOrEnd(text, '(');
  const std::size_t close = FindOrEnd(text, ')');
  if (open < close && close < text.size()) {
    event.relay_host = text.substr(open + 1, close - open - 1);
  }
}

// The old shape has no quotes: "relay=192.0.2.1 (mx.example.com), ".
std::string_view WithHost(std::string_view value, std::string_view& text) {
  const std::size_t close = FindOrEnd(text, ')');
  if (close == text.size()) return value;
  text.remove_prefix(close + 1);
  return {value.data(), value.size() + close + 1};
}

struct Fields {
  std::string_view result;
  std::string_view stat;
  std::string_view command;
};

Fields TakeFields(std::string_view text, bool delivery, DeliveryEvent& event) {
  Fields fields;
  for (text = StripLeft(text); !text.empty(); text = StripLeft(text)) {
    const std::size_t equals = text.find_first_of("= ");
    if (equals == std::string_view::npos || text[equals] != '=') return fields;
    const std::string_view key = text.substr(0, equals);
    text.remove_prefix(equals + 1);
    const bool last = key == "stat" || (!delivery && key == "result");
    std::string_view value = TakeFieldValue(text, last);
    if (text.starts_with(" (")) value = WithHost(value, text);
    Consume(text, ",");
    if (key == "evpid") event.queue_id = value;
    if (key == "to") event.recipient = value;
    if (key == "from") event.message.sender = value.empty() ? "<>" : value;
    if (key == "relay") ReadRelayField(value, event);
    if (key == "delay") event.delay_seconds = ParseDuration(value);
    if (key == "result" || key == "status") fields.result = value;
    if (key == "stat") fields.stat = value;
    if (key == "command") fields.command = value;
  }
  return fields;
}

// A local agent's words, "Error (temporary failure: "lmtp: LMTP server error: 550 5.1.1 no")": the
// innermost.
std::string_view WithoutAgent(std::string_view stat) {
  constexpr std::string_view kServer = "server error: ";
  if (stat.starts_with("Error (") && stat.ends_with(')')) {
    const std::size_t open = stat.find(": \"");
    const std::size_t close = stat.rfind('"');
    if (open != std::string_view::npos && close > open + 2) {
      stat = stat.substr(open + 3, close - open - 3);
    }
  }
  const std::size_t at = stat.find(kServer);
  const bool reply = at != std::string_view::npos && stat.size() > at + kServer.size() + 3 &&
                     AllDigits(stat.substr(at + kServer.size(), 3));
  return reply ? stat.substr(at + kServer.size()) : stat;
}

Parsed Finish(std::string_view result, std::string_view stat, DeliveryEvent event) {
  if (result == "Ok") {
    event.outcome = Outcome::kDelivered;
  } else if (result == "TempFail") {
    event.outcome = Outcome::kDeferred;
  } else if (result == "PermFail" || result == "Loop") {
    event.outcome = stat == "Envelope expired" ? Outcome::kExpired : Outcome::kBounced;
  } else {
    return Skip{SkipReason::kMalformed};
  }
  event.recipient_domain = DomainOf(event.recipient);
  if (!stat.empty()) event.reply = ParseReason(WithoutAgent(stat)).reply;
  if (event.reply.origin == Origin::kUnknown) event.reply.origin = Origin::kLocal;
  return event;
}

// "delivery: RESULT for ID: from=<S>, …" of a mailbox and "relay: RESULT for ID: …" of a host, up
// to 5.9.
Parsed ParseOldDelivery(std::string_view text, DeliveryEvent event) {
  std::string_view result;
  std::string_view id;
  if (!TakeUntil(text, " for ", result) || !TakeUntil(text, ": ", id)) {
    return Skip{SkipReason::kMalformed};
  }
  event.queue_id = id;
  return Finish(result, TakeFields(text, true, event).stat, event);
}

// "message msgid=8f26ea98 size=1047 nrcpt=1 proto=ESMTP", before 6.5 with "address=192.0.2.9
// host=client.example.com" and "from=<S>". The envelopes' ids begin with the message's.
const MessageNote* ReadMessage(std::string_view text, const Record& record, ParseContext& context) {
  MessageNote& note = context.NewNote(record, Mta::kOpensmtpd, {});
  note.kind = NoteKind::kArrival;
  while (!text.empty()) {
    std::string_view field = TakeBefore(text, " ");
    if (Consume(field, "msgid=")) note.queue_id = field;
    if (Consume(field, "address=")) note.message.client_ip = field;
    if (Consume(field, "host=")) note.message.client_host = field;
    if (Consume(field, "size=")) note.message.size = TakeNumber(field);
    if (Consume(field, "from=<")) {
      ConsumeEnd(field, ">");
      note.message.sender = field.empty() ? "<>" : field;
    }
  }
  return note.queue_id.empty() ? nullptr : &note;
}

Parsed RefusedCommand(std::string_view command, std::string_view result, DeliveryEvent event) {
  Phase phase = Phase::kUnknown;
  if (ConsumeNoCase(command, "RCPT TO:")) {
    phase = Phase::kRcpt;
    event.recipient = TakeFieldValue(command, false);
    event.recipient_domain = DomainOf(event.recipient);
  } else if (ConsumeNoCase(command, "MAIL FROM:")) {
    phase = Phase::kMail;
  } else if (ConsumeNoCase(command, "DATA")) {
    phase = Phase::kData;
  } else {
    return Skip{SkipReason::kNotDelivery};
  }
  event.outcome = Outcome::kRejected;
  event.reply = ParseReply(result);
  event.reply.phase = phase;
  event.reply.origin = Origin::kLocal;
  return event;
}

Parsed ParseFailedCommand(std::string_view text, DeliveryEvent event) {
  const Fields fields = TakeFields(text, false, event);
  return RefusedCommand(fields.command, fields.result, event);
}

// 'Failed command on session 4b3a: "RCPT TO:<R>" => REPLY', before 6.4.
Parsed ParseOldFailedCommand(std::string_view text, DeliveryEvent event) {
  std::string_view command;
  const std::size_t quote = text.find('"');
  if (quote == kNotFound) return Skip{SkipReason::kNotDelivery};
  text.remove_prefix(quote + 1);
  if (!TakeUntil(text, "\" => ", command)) return Skip{SkipReason::kNotDelivery};
  return RefusedCommand(command, text, event);
}

// "smtp-out: … to=<R> … status=PermFail …", 6.0 to 6.3. Lines that name no recipient tell of one
// host, and the result follows.
Parsed ParseSmtpOut(std::string_view text, DeliveryEvent event) {
  const bool failed = text.find("PermFail") != kNotFound || text.find("TempFail") != kNotFound;
  const std::size_t first = std::min({text.find("evpid="), text.find("from="), text.find("to=<")});
  if (first == kNotFound || text.find("to=") == kNotFound) {
    return Skip{failed ? SkipReason::kMalformed : SkipReason::kAttempt};
  }
  event.transport = "mta";
  const Fields fields = TakeFields(text.substr(first), true, event);
  return Finish(fields.result, fields.stat, event);
}

}  // namespace

Parsed ParseOpensmtpd(const Record& record, ParseContext& context) {
  DeliveryEvent event = StartEvent(record, Mta::kOpensmtpd);
  const bool ours = record.program == "smtpd" || record.program == "opensmtpd";
  const Skip none{ours ? SkipReason::kNotDelivery : SkipReason::kForeign};
  std::string_view text = record.message;
  const bool relayed = text.starts_with("relay: ");
  if (Consume(text, "delivery: ") || Consume(text, "relay: ")) {
    event.transport = relayed ? "mta" : "mda";
    return ours ? ParseOldDelivery(text, event) : Parsed(none);
  }
  if (ours && Consume(text, "smtp-out: ")) return ParseSmtpOut(text, event);
  if (ours && Consume(text, "smtp-in: Failed command ")) return ParseOldFailedCommand(text, event);
  std::string_view session;
  std::string_view part;
  if (!TakeWord(text, session) || !TakeWord(text, part)) return none;
  const bool transfer = part == "mta" || part == "mda";
  if (!transfer && part != "smtp") return none;
  if (transfer) event.transport = part;
  Consume(text, "event=");
  if (transfer && Consume(text, "delivery evpid=")) {
    event.queue_id = text.substr(0, FindOrEnd(text, ' '));
    text.remove_prefix(event.queue_id.size());
    const Fields fields = TakeFields(text, true, event);
    return Finish(fields.result, fields.stat, event);
  }
  if (!transfer && Consume(text, "failed-command ")) return ParseFailedCommand(text, event);
  if (ours && !transfer && Consume(text, "message ")) {
    return Skip{SkipReason::kNotDelivery, ReadMessage(text, record, context)};
  }
  return none;
}

}  // namespace bouncesight
