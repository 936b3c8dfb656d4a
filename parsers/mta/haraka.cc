#include "parsers/mta/haraka.h"

#include <cstddef>
#include <cstdint>

#include "parsers/reason/reason.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// Level, UUID and plugin stand this close to the start.
constexpr std::size_t kMaxHead = 160;

// Takes "[…] [UUID] [outbound] " off `text`. The header of a file may have taken the level away.
bool TakeHead(std::string_view& text, std::string_view& uuid) {
  constexpr std::string_view kPlugin = "[outbound] ";
  const std::size_t at = text.substr(0, kMaxHead).find(kPlugin);
  if (at == std::string_view::npos || !text.starts_with('[')) return false;
  const std::string_view head = TrimEnd(text.substr(0, at));
  const std::size_t open = head.rfind('[');
  if (open != std::string_view::npos && head.ends_with(']')) {
    uuid = head.substr(open + 1, head.size() - open - 2);
  }
  text.remove_prefix(at + kPlugin.size());
  return true;
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
// line tells in pairs behind that. False: it is none of the outbound queue.
bool TakeLogfmtHead(std::string_view& text, std::string_view& uuid, ParseContext& context) {
  std::string_view rest = text;
  std::string_view key;
  std::string_view value;
  bool outbound = false;
  while (TakePair(rest, key, value) && key != "message") {
    if (key == "uuid") uuid = value;
    if (key == "source" || key == "origin") outbound = value == "outbound";
  }
  if (!outbound || key != "message") return false;
  text = Strip(value).empty() ? rest : Unescaped(value, context);
  return true;
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

}  // namespace

Parsed ParseHaraka(const Record& record, ParseContext& context) {
  DeliveryEvent event = StartEvent(record, Mta::kHaraka);
  // Behind a time stamp alone, the header's reader takes the level for a host's name.
  const bool level = record.host.starts_with('[') || record.host.starts_with("level=");
  if (level) event.host = {};
  std::string_view text = record.message;
  const bool pairs = text.starts_with("level=") || (level && text.starts_with("uuid="));
  const bool logfmt = pairs && TakeLogfmtHead(text, event.queue_id, context);
  const bool json = record.json.find("\"outbound\"") != std::string_view::npos;
  if (json && context.json().Open(record.json)) event.queue_id = context.json().Text("/uuid");
  const bool ours = logfmt || json || TakeHead(text, event.queue_id) || record.program == "haraka";
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
