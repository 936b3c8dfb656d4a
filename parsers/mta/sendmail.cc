#include "parsers/mta/sendmail.h"

#include <cstddef>

#include "parsers/reason/reason.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

bool IsSendmailProgram(std::string_view program) {
  return program.starts_with("sendmail") || program.starts_with("sm-mta") ||
         program.starts_with("sm-msp-queue");
}

// "jB4JCnPo019367: ", 12 to 16 letters and digits.
bool TakeQueueId(std::string_view& text, std::string_view& id) {
  std::size_t end = 0;
  while (end < text.size() && IsAlnum(text[end])) ++end;
  if (end < 10 || end > 20 || !text.substr(end).starts_with(": ")) return false;
  id = text.substr(0, end);
  text.remove_prefix(end + 2);
  return true;
}

// "3+13:01:56", "00:00:03". -1: no such time.
double ReadDelay(std::string_view text) {
  double days = 0;
  if (const std::size_t plus = text.find('+'); plus != kNotFound) {
    days = TakeNumber(text);
    Consume(text, "+");
  }
  const double hours = TakeNumber(text);
  if (!Consume(text, ":")) return -1;
  const double minutes = TakeNumber(text);
  if (!Consume(text, ":")) return -1;
  return ((days * 24 + hours) * 60 + minutes) * 60 + TakeNumber(text);
}

// "mx.example.com. [192.0.2.1]", "[192.0.2.1] [192.0.2.1]", "h. [IPv6:2001:db8::1] (may be
// forged)".
void ReadRelay(std::string_view text, DeliveryEvent& event) {
  const std::size_t open = text.rfind('[');
  if (open == kNotFound) return;
  std::string_view ip = text.substr(open + 1);
  Consume(ip, "IPv6:");
  event.relay_ip = ip.substr(0, FindOrEnd(ip, ']'));
  std::string_view host = TrimEnd(text.substr(0, open));
  if (host.starts_with('[')) return;
  ConsumeEnd(host, ".");
  event.relay_host = host;
}

// "to=" holds commas, and so may a reply; every other field ends at ", ".
std::string_view TakeField(std::string_view& text) {
  std::size_t end = text.find(", ");
  if (text.starts_with("to=<")) {
    std::size_t at = 3;
    while (at < text.size() && text[at] == '<') {
      const std::size_t close = ClosingAngle(text.substr(at, kLongestAddress));
      if (close == kNotFound) break;
      at += close + 1;
      if (text.substr(at).starts_with(",<")) ++at;
    }
    end = text.find(", ", at);
  } else if (text.starts_with("reply=")) {
    end = text.find(", stat=");
  }
  const std::string_view field = text.substr(0, end);
  text = end == kNotFound ? text.substr(text.size()) : text.substr(end + 2);
  return field;
}

void SetStat(std::string_view text, DeliveryEvent& event) {
  if (text.empty()) return;
  const Reason reason = ParseReason(text);
  event.reply = reason.reply;
  if (event.reply.origin == Origin::kUnknown) event.reply.origin = Origin::kLocal;
}

// Some appliances append "(Reason from remote:550 5.1.1 …)".
std::string_view RemoteReason(std::string_view status) {
  constexpr std::string_view kMark = "(Reason from remote:";
  const std::size_t at = status.find(kMark);
  if (at == kNotFound) return {};
  std::string_view reason = status.substr(at + kMark.size());
  ConsumeEnd(reason, ")");
  return Trim(reason);
}

// "Deferred: WORDS", "Sent (WORDS)", "User unknown", … A remote host may choose the words, so only
// the start tells the outcome, and a line that says both "Sent" and dsn=5 was not sent.
void ReadStatus(std::string_view status, std::string_view reply, DeliveryEvent& event) {
  std::string_view words = status;
  if (Consume(words, "Sent") && event.dsn.status_class != 5) {
    event.outcome = Outcome::kDelivered;
    words = Trim(words);
    if (Consume(words, "(")) {
      ConsumeEnd(words, ")");
      if (reply.empty()) reply = words;
    }
  } else if (Consume(words, "Deferred")) {
    event.outcome = Outcome::kDeferred;
    Consume(words, ":");
  } else if (words.starts_with("queued")) {
    event.outcome = Outcome::kSuspended;
  } else if (words.starts_with("Cannot send message ") || words.starts_with("Message timed out")) {
    event.outcome = Outcome::kExpired;
  } else {
    event.outcome = Outcome::kBounced;
  }
  const std::string_view remote = RemoteReason(status);
  SetStat(!reply.empty() ? reply : !remote.empty() ? remote : Trim(words), event);
  if (!reply.empty() || !remote.empty()) event.reply.origin = Origin::kRemote;
}

Parsed ParseDelivery(std::string_view text, DeliveryEvent event) {
  std::string_view reply;
  while (!text.empty()) {
    if (Consume(text, "stat=")) {
      ReadStatus(Trim(text), reply, event);
      return event;
    }
    std::string_view field = TakeField(text);
    if (Consume(field, "to=")) {
      event.more_recipients = field;
      NextRecipient(event);
    } else if (Consume(field, "delay=")) {
      event.delay_seconds = ReadDelay(field);
    } else if (Consume(field, "relay=")) {
      ReadRelay(field, event);
    } else if (Consume(field, "mailer=")) {
      event.transport = field;
    } else if (Consume(field, "dsn=")) {
      std::size_t length = 0;
      event.dsn = ParseEnhancedCode(field, length);
    } else if (Consume(field, "reply=")) {
      reply = field;
    }
  }
  return Skip{SkipReason::kMalformed};
}

// "from=<S>, size=N, class=0, nrcpts=1, msgid=<ID>, proto=ESMTP, daemon=MTA, relay=H [IP]" and
// "AUTH=server, relay=H [IP], authid=LOGIN, mech=PLAIN, bits=0".
const MessageNote* ReadNote(std::string_view text, const Record& record, std::string_view id,
                            ParseContext& context) {
  MessageNote& note = context.NewNote(record, Mta::kSendmail, id);
  note.kind = text.starts_with("from=") ? NoteKind::kArrival : NoteKind::kFacts;
  DeliveryEvent client;
  while (!text.empty()) {
    std::string_view field = TakeField(text);
    if (Consume(field, "from=")) {
      const std::string_view sender = WithoutBrackets(field);
      note.message.sender = sender.empty() ? "<>" : sender;
    } else if (Consume(field, "size=")) {
      note.message.size = TakeNumber(field);
    } else if (Consume(field, "msgid=")) {
      note.message.message_id = WithoutBrackets(field);
    } else if (Consume(field, "authid=")) {
      note.message.account = field;
    } else if (Consume(field, "relay=")) {
      ReadRelay(field, client);
    }
  }
  note.message.client_host = client.relay_host;
  note.message.client_ip = client.relay_ip;
  return &note;
}

Phase PhaseOfRuleset(std::string_view name) {
  if (name == "check_relay") return Phase::kConnect;
  if (name == "check_mail") return Phase::kMail;
  if (name == "check_rcpt" || name == "check_compat") return Phase::kRcpt;
  return Phase::kUnknown;
}

// "ruleset=check_rcpt, arg1=<a>, relay=…, reject=REPLY"; rulesets for outgoing sessions are none.
Parsed ParseReject(std::string_view text, DeliveryEvent event) {
  event.outcome = Outcome::kRejected;
  if (text.starts_with("ruleset=") && !text.starts_with("ruleset=check_")) {
    return Skip{SkipReason::kNotDelivery};
  }
  Phase phase = Consume(text, "Milter: ") ? Phase::kEndOfData : Phase::kUnknown;
  while (!text.empty()) {
    if (Consume(text, "reject=")) {
      event.reply = ParseReply(Trim(text));
      event.reply.phase = phase;
      event.reply.origin = Origin::kLocal;
      return event;
    }
    std::string_view field = TakeField(text);
    if (Consume(field, "ruleset=")) phase = PhaseOfRuleset(field);
    if (Consume(field, "relay=")) ReadRelay(field, event);
    const bool recipient = phase == Phase::kRcpt && Consume(field, "arg1=");
    if (recipient || Consume(field, "to=")) event.recipient = TakeListedAddress(field);
  }
  return Skip{SkipReason::kNotDelivery};
}

// "<ann@example.com>... User unknown": what the client was told at RCPT.
bool ReadRefusedRecipient(std::string_view text, DeliveryEvent& event) {
  const std::size_t close = ClosingAngle(text.substr(0, kLongestAddress));
  if (close == kNotFound) return false;
  const std::string_view address = text.substr(0, close + 1);
  text.remove_prefix(close + 1);
  if (!Consume(text, "... ") || text.empty()) return false;
  event.outcome = Outcome::kRejected;
  event.recipient = WithoutBrackets(address);
  event.reply = ParseReply(text);
  event.reply.phase = Phase::kRcpt;
  event.reply.origin = Origin::kLocal;
  return true;
}

}  // namespace

Parsed ParseSendmail(const Record& record, ParseContext& context) {
  DeliveryEvent event = StartEvent(record, Mta::kSendmail);
  const bool ours = IsSendmailProgram(record.program);
  const Skip none{ours ? SkipReason::kNotDelivery : SkipReason::kForeign};
  std::string_view text = record.message;
  Consume(text, "NOQUEUE: ");
  // A client that is refused before MAIL has no queue id.
  const bool early = ours && text.starts_with("ruleset=");
  if (!TakeQueueId(text, event.queue_id) && !early) return none;
  if (text.starts_with("to=")) {
    // Another program's line may quote a host that imitates Sendmail.
    if (!ours && (!record.program.empty() || text.find(", stat=") == kNotFound)) return none;
    return ParseDelivery(text, event);
  }
  if (ours && (text.starts_with("from=") || text.starts_with("AUTH="))) {
    return Skip{SkipReason::kNotDelivery, ReadNote(text, record, event.queue_id, context)};
  }
  if (ours && text.starts_with('<') && ReadRefusedRecipient(text, event)) {
    event.recipient_domain = DomainOf(event.recipient);
    return event;
  }
  if (!text.starts_with("ruleset=") && !text.starts_with("Milter: ")) return none;
  Parsed parsed = ParseReject(text, event);
  if (DeliveryEvent* reject = std::get_if<DeliveryEvent>(&parsed)) {
    reject->recipient_domain = DomainOf(reject->recipient);
  }
  return parsed;
}

}  // namespace bouncesight
