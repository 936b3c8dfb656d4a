#include "parsers/mta/qmail.h"

#include <cstddef>
#include <cstdint>

#include "parsers/reason/phase_words.h"
#include "parsers/text/scan.h"
#include "parsers/text/timestamp.h"

namespace bouncesight {
namespace {

// Takes a TAI64N label, epoch seconds or tai64nlocal's date off `text`.
std::string_view TakeStamp(std::string_view& text) {
  std::size_t end = SpacedDateLength(text);
  if (end != 0) {
    // A date, whole.
  } else if (text.starts_with('@')) {
    while (end < text.size() && text[end] != ' ') ++end;
    if (end != 25) return {};
  } else {
    while (end < text.size() && (IsDigit(text[end]) || text[end] == '.')) ++end;
    if (end < 10) return {};
  }
  if (end == text.size() || text[end] != ' ') return {};
  const std::string_view stamp = text.substr(0, end);
  text.remove_prefix(end + 1);
  return stamp;
}

// Bare epoch seconds look like a header, whose reader then takes "delivery" for a host's name.
bool IsCutByHeader(const Record& record) {
  if (!record.behind_stamp.starts_with(record.host)) return false;
  if (record.host == "delivery" || record.host == "starting") return true;
  const bool note = record.host == "new" || record.host == "info" || record.host == "end";
  return note && record.behind_stamp.substr(record.host.size()).starts_with(" msg ");
}

// Whether a new line of a reply starts behind the slash at the start of `text`.
bool StartsReplyLine(std::string_view text) {
  return text.size() > 4 && AllDigits(text.substr(1, 3)) &&
         (text[4] == '_' || text[4] == '-' || text[4] == ' ');
}

// Underscores become blanks; a slash in front of a reply's next line too. Other slashes may be the
// remote host's own.
std::string_view Decode(std::string_view text, ParseContext& context) {
  ConsumeEnd(text, "/");
  char* out = context.Room(text.size());
  if (out == nullptr) return text;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool line = text[at] == '/' && StartsReplyLine(text.substr(at, 5));
    out[at] = text[at] == '_' || line ? ' ' : text[at];
  }
  return context.Commit(text.size());
}

constexpr PhaseWords kRemoteWords[] = {
    {"establish an SMTP connection", Phase::kConnect},
    {"CNAME lookup failed", Phase::kConnect},
    {"couldn't find any host", Phase::kConnect},
    {"Possible duplicate", Phase::kEndOfData},
    {"failed after I sent the message", Phase::kEndOfData},
    {"failed on DATA command", Phase::kData},
    {"sender was rejected", Phase::kMail},
    {"my name was rejected", Phase::kEhlo},
    {"greeting failed", Phase::kConnect},
    {"does not like recipient", Phase::kRcpt},
};

// The first word that is an address: "192.0.2.1 does not like …", "Connected to 192.0.2.1 but …".
std::string_view FindIp(std::string_view text) {
  Consume(text, "Connected to ");
  const std::string_view word = text.substr(0, FindOrEnd(text, ' '));
  return LooksLikeIp(word) ? word : std::string_view();
}

void ReadText(std::string_view text, DeliveryEvent& event) {
  constexpr std::string_view kSaid = "/Remote host said: ";
  constexpr std::string_view kTooLong = "I'm not going to try again";
  event.relay_ip = FindIp(text);
  if (const std::size_t at = text.rfind(kTooLong); at != kNotFound) {
    event.outcome = Outcome::kExpired;
    if (at > 0) text = text.substr(0, at - 1);
  }
  const std::size_t said = text.find(kSaid);
  const Phase phase = PhaseWithin(text.substr(0, said), kRemoteWords);
  if (said == kNotFound) {
    event.reply = ParseReply(text);
    event.reply.origin = Origin::kLocal;
  } else {
    const std::string_view reply = text.substr(said + kSaid.size());
    event.reply = ParseReply(Strip(reply.substr(0, reply.rfind("/Giving up on "))));
    event.reply.origin = Origin::kRemote;
  }
  event.reply.phase = phase;
}

// "N: success: TEXT"
Parsed ParseResult(std::string_view text, ParseContext& context, DeliveryEvent event) {
  const std::uint32_t number = TakeNumber(text);
  if (Consume(text, ": success: ")) {
    event.outcome = Outcome::kDelivered;
  } else if (Consume(text, ": failure: ")) {
    event.outcome = Outcome::kBounced;
  } else if (Consume(text, ": deferral: ")) {
    event.outcome = Outcome::kDeferred;
  } else {
    return Skip{SkipReason::kMalformed};
  }
  event.recipient = context.deliveries().Recipient(number);
  event.recipient_domain = DomainOf(event.recipient);
  event.queue_id = context.deliveries().Message(number);
  ReadText(Decode(text, context), event);
  return event;
}

// "N: msg M to remote ADDR"
void RememberDelivery(std::string_view text, ParseContext& context) {
  const std::uint32_t number = TakeNumber(text);
  std::string_view message;
  if (!Consume(text, ": msg ") || !TakeUntil(text, " to ", message)) return;
  if (!Consume(text, "remote ") && !Consume(text, "local ")) return;
  context.deliveries().Remember(number, message, text);
}

// "new msg M", "info msg M: bytes B from <S> qp P uid U", "end msg M". nullptr: none of them.
MessageNote* ReadNote(std::string_view text, const Record& record, ParseContext& context) {
  NoteKind kind = NoteKind::kEnd;
  if (Consume(text, "new msg ")) {
    kind = NoteKind::kArrival;
  } else if (Consume(text, "info msg ")) {
    kind = NoteKind::kFacts;
  } else if (!Consume(text, "end msg ")) {
    return nullptr;
  }
  const std::string_view id = text.substr(0, FindOrEnd(text, ':'));
  text.remove_prefix(id.size());
  if (!AllDigits(id) || (kind == NoteKind::kFacts) != Consume(text, ": bytes ")) return nullptr;
  MessageNote& note = context.NewNote(record, Mta::kQmail, id);
  note.kind = kind;
  note.message.size = TakeNumber(text);
  const std::size_t close = text.rfind('>');
  if (Consume(text, " from <") && close != kNotFound) {
    const std::string_view sender = text.substr(0, text.rfind('>'));
    note.message.sender = sender.empty() ? "<>" : sender;
  }
  return &note;
}

bool IsResult(std::string_view text) {
  TakeNumber(text);
  return text.starts_with(": success: ") || text.starts_with(": failure: ") ||
         text.starts_with(": deferral: ");
}

}  // namespace

bool IsQmailText(std::string_view text) {
  if (Consume(text, "delivery ")) return IsResult(text);
  if (text.starts_with("status: local ")) return true;
  if (Consume(text, "starting delivery ")) {
    TakeNumber(text);
    return text.starts_with(": msg ");
  }
  for (const std::string_view note : {"new msg ", "info msg ", "end msg "}) {
    std::string_view number = text;
    if (Consume(number, note)) return !number.empty() && IsDigit(number[0]);
  }
  return false;
}

Parsed ParseQmail(const Record& record, ParseContext& context) {
  DeliveryEvent event;
  event.mta = Mta::kQmail;
  const bool rejoined = IsCutByHeader(record);
  std::string_view text = rejoined ? record.behind_stamp : record.message;
  const std::string_view stamp = TakeStamp(text);
  event.time = stamp.empty() ? record.time : stamp;
  if (!rejoined) {
    event.host = record.host;
    event.instance = record.program;
  }
  if (Consume(text, "starting delivery ")) {
    RememberDelivery(text, context);
    return Skip{SkipReason::kNotDelivery};
  }
  if (MessageNote* const note = ReadNote(text, record, context)) {
    note->time = event.time;
    note->host = event.host;
    note->instance = event.instance;
    return Skip{SkipReason::kNotDelivery, note};
  }
  const bool ours = record.program.starts_with("qmail") || stamp.starts_with('@') ||
                    (!stamp.empty() && IsQmailText(text));
  if (Consume(text, "delivery ") && (ours || IsResult(text))) {
    return ParseResult(text, context, event);
  }
  return Skip{ours ? SkipReason::kNotDelivery : SkipReason::kForeign};
}

}  // namespace bouncesight
