#include "parsers/mta/haraka.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "parsers/reason/reason.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// Level, UUID and plugin stand this close to the start.
constexpr std::size_t kMaxHead = 160;

enum class Part : std::uint8_t { kNone, kOutbound, kCore };

Part PartOf(std::string_view plugin) {
  return plugin == "outbound" ? Part::kOutbound : plugin == "core" ? Part::kCore : Part::kNone;
}

// What a line is about, before its words are read.
struct Head {
  Part part = Part::kNone;
  std::string_view uuid;
  std::string_view pairs;  // of logfmt: those in front of the message
  bool object = false;     // of format=json: the context's reader has it open
};

// Takes "[…] [UUID] [outbound] " off `text`. The header of a file may have taken the level away.
bool TakeHead(std::string_view& text, Head& found) {
  if (!text.starts_with('[')) return false;
  const std::string_view start = text.substr(0, kMaxHead);
  for (const std::string_view plugin : {"[outbound] ", "[core] "}) {
    const std::size_t at = start.find(plugin);
    if (at == std::string_view::npos) continue;
    const std::string_view head = TrimEnd(text.substr(0, at));
    const std::size_t open = head.rfind('[');
    if (open != std::string_view::npos && head.ends_with(']')) {
      found.uuid = head.substr(open + 1, head.size() - open - 2);
    }
    found.part = PartOf(plugin.substr(1, plugin.size() - 3));
    text.remove_prefix(at + plugin.size());
    return true;
  }
  return false;
}

// Takes one key=value or key="value" off `text`, in which \" is a quote, and the blanks behind it.
// A key may hold blanks ("delivered file"). False: there is none.
bool TakePair(std::string_view& text, std::string_view& key, std::string_view& value) {
  const std::size_t equals = FindOrEnd(text, '=');
  if (equals == text.size()) return false;
  key = text.substr(0, equals);
  text.remove_prefix(equals + 1);
  const std::size_t close = text.starts_with('"') ? ClosingQuote(text) : std::string_view::npos;
  if (close == std::string_view::npos) {
    value = text.substr(0, FindOrEnd(text, ' '));
    text.remove_prefix(value.size());
  } else {
    value = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
  }
  text = StripLeft(text);
  return true;
}

// \" and \\ as what they stand for.
std::string_view Unescaped(std::string_view text, ParseContext& context) {
  char* to = FindOrEnd(text, '\\') == text.size() ? nullptr : context.Room(text.size());
  if (to == nullptr) return text;
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    to[size++] = text[at];
  }
  return context.Commit(size);
}

// What log.ini's format=logfmt writes: level=NOTICE uuid=… source=outbound message="…", and what a
// line tells in pairs behind that, or before. False: it is of another plugin.
bool TakeLogfmtHead(std::string_view& text, Head& head, ParseContext& context) {
  std::string_view rest = text;
  std::string_view key;
  std::string_view value;
  while (TakePair(rest, key, value) && key != "message") {
    if (key == "uuid") head.uuid = value;
    if (key == "source" || key == "origin") head.part = PartOf(value);
  }
  if (head.part == Part::kNone || key != "message") return false;
  head.pairs = text;
  text = Strip(value).empty() ? rest : Unescaped(value, context);
  return true;
}

// An object of ours, whatever the order of its keys.
bool TakeJsonHead(std::string_view object, Head& head, ParseContext& context) {
  const bool named = object.find("\"outbound\"") != std::string_view::npos ||
                     object.find("\"core\"") != std::string_view::npos;
  if (!named || !context.json().Open(object)) return false;
  head.part = PartOf(context.json().Text("/source"));
  if (head.part == Part::kNone) head.part = PartOf(context.json().Text("/origin"));
  head.uuid = context.json().Text("/uuid");
  head.object = head.part != Part::kNone;
  return head.object;
}

void ReadField(std::string_view key, std::string_view value, DeliveryEvent& event) {
  if (key == "domain") event.recipient_domain = value;
  if (key == "host") event.relay_host = value;
  if (key == "ip") event.relay_ip = value;
  if (key == "delay") event.delay_seconds = ParseSeconds(value);
  if (key == "port") event.relay_port = static_cast<std::uint16_t>(TakeNumber(value, 65535));
  if (key == "response") event.reply = ParseReply(value);
}

// key="value" and key=value pairs, blanks between them.
Parsed ParseDelivered(std::string_view text, DeliveryEvent event) {
  event.outcome = Outcome::kDelivered;
  std::string_view key;
  std::string_view value;
  text = StripLeft(text);
  while (TakePair(text, key, value)) ReadField(key, value, event);
  if (!event.reply.text.empty()) event.reply.origin = Origin::kRemote;
  return event;
}

void SetReason(std::string_view text, DeliveryEvent& event) {
  const Reason reason = ParseReason(text);
  event.reply = reason.reply;
  if (event.reply.origin == Origin::kUnknown) event.reply.origin = Origin::kLocal;
}

// "recipient <ADDR> deferred: REPLY"
Parsed ParseRecipient(std::string_view text, DeliveryEvent event) {
  const std::size_t close = text.starts_with('<') ? ClosingAngle(text) : std::string_view::npos;
  if (close == std::string_view::npos) return Skip{SkipReason::kMalformed};
  event.recipient = text.substr(1, close - 1);
  event.recipient_domain = DomainOf(event.recipient);
  text.remove_prefix(close + 1);
  if (Consume(text, " deferred: ")) {
    event.outcome = Outcome::kDeferred;
  } else if (Consume(text, " rejected: ")) {
    event.outcome = Outcome::kBounced;
  } else {
    return Skip{SkipReason::kNotDelivery};
  }
  SetReason(text, event);
  return event;
}

// What holds for the whole message.
Parsed ParseMessage(Outcome outcome, std::string_view reason, DeliveryEvent event) {
  if (reason.starts_with("Some recipients")) return Skip{SkipReason::kNotDelivery};
  event.outcome = reason.starts_with("Too many failures") ? Outcome::kExpired : outcome;
  SetReason(reason, event);
  return event;
}

// What was found out about a message that comes in; nothing of one that was refused.
struct Incoming {
  std::string_view id, code;
  std::uint64_t size = 0;
};

void ReadIncoming(std::string_view pairs, Incoming& incoming) {
  std::string_view key;
  std::string_view value;
  while (TakePair(pairs, key, value)) {
    if (key == "mid") incoming.id = value;
    if (key == "size") incoming.size = TakeNumber(value);
    if (key == "code") incoming.code = value;
  }
}

// `text` may travel in an object that is another program's, a container's say: only Haraka's own is
// asked.
Incoming IncomingOf(std::string_view text, const Head& head, ParseContext& context) {
  Incoming incoming;
  ReadIncoming(text, incoming);
  ReadIncoming(head.pairs, incoming);
  if (!head.object) return incoming;
  incoming.id = context.json().Text("/mid");
  incoming.code = context.json().Text("/code");
  incoming.size =
      static_cast<std::uint64_t>(std::max<std::int64_t>(context.json().Number("/size", 0), 0));
  return incoming;
}

const MessageNote* ReadNote(const Record& record, const DeliveryEvent& line, const Head& head,
                            std::string_view text, ParseContext& context) {
  MessageNote& note = context.NewNote(record, Mta::kHaraka, head.uuid);
  note.host = line.host;
  if (text.starts_with("sender <")) {
    text.remove_prefix(text.find('<'));
    const std::size_t close = ClosingAngle(text);
    if (close == std::string_view::npos) return nullptr;
    note.kind = NoteKind::kArrival;
    note.message.sender = close == 1 ? text.substr(0, 2) : text.substr(1, close - 1);
    text.remove_prefix(close + 1);
  } else if (!Consume(text, "message")) {
    return nullptr;
  }
  const Incoming incoming = IncomingOf(StripLeft(text), head, context);
  if (head.uuid.empty() || incoming.code.starts_with("DENY")) return nullptr;
  std::string_view id = Strip(incoming.id);
  if (Consume(id, "<")) ConsumeEnd(id, ">");
  note.message.message_id = id;
  note.message.size = incoming.size;
  return &note;
}

}  // namespace

Parsed ParseHaraka(const Record& record, ParseContext& context) {
  DeliveryEvent event = StartEvent(record, Mta::kHaraka);
  // Behind a time stamp alone, the header's reader takes the level for a host's name.
  const bool level = record.host.starts_with('[') || record.host.starts_with("level=");
  if (level) event.host = {};
  std::string_view text = record.message;
  const bool pairs = text.starts_with("level=") || (level && text.starts_with("uuid="));
  Head head;
  const bool logfmt = pairs && TakeLogfmtHead(text, head, context);
  const bool json = !record.json.empty() && TakeJsonHead(record.json, head, context);
  const bool ours = logfmt || json || TakeHead(text, head) || record.program == "haraka";
  event.queue_id = head.uuid;
  if (head.part == Part::kCore) {
    return Skip{SkipReason::kNotDelivery, ReadNote(record, event, head, text, context)};
  }
  if (text.starts_with("delivered file=\"")) return ParseDelivered(text.substr(10), event);
  if (!ours) return Skip{SkipReason::kForeign};
  if (Consume(text, "recipient ")) return ParseRecipient(text, event);
  if (Consume(text, "bouncing mail: ")) return ParseMessage(Outcome::kBounced, text, event);
  std::string_view file;
  if (Consume(text, "Temp failing ") && TakeUntil(text, " seconds: ", file)) {
    return ParseMessage(Outcome::kDeferred, text, event);
  }
  const bool attempt = text.starts_with("MX Lookup for ") || text.starts_with("Failed to connect");
  return Skip{attempt ? SkipReason::kAttempt : SkipReason::kNotDelivery};
}

}  // namespace bouncesight
