#include "parsers/haraka.h"

#include <cstddef>
#include <cstdint>

#include "parsers/reason.h"
#include "parsers/scan.h"

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
  for (text = StripLeft(text); !text.empty(); text = StripLeft(text)) {
    const std::size_t equals = text.find_first_of("= ");
    if (equals == std::string_view::npos || text[equals] != '=') break;
    const std::string_view key = text.substr(0, equals);
    text.remove_prefix(equals + 1);
    const std::size_t close = text.starts_with('"') ? ClosingQuote(text) : std::string_view::npos;
    if (close == std::string_view::npos) {
      const std::string_view value = text.substr(0, FindOrEnd(text, ' '));
      ReadField(key, value, event);
      text.remove_prefix(value.size());
    } else {
      ReadField(key, text.substr(1, close - 1), event);
      text.remove_prefix(close + 1);
    }
  }
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

Parsed ParseHaraka(const Record& record, Scratch&) {
  DeliveryEvent event;
  event.mta = Mta::kHaraka;
  event.time = record.time;
  // Behind a time stamp alone, the header's reader takes the level for a host's name.
  if (!record.host.starts_with('[')) event.host = record.host;
  event.instance = record.program;
  std::string_view text = record.message;
  const bool ours = TakeHead(text, event.queue_id) || record.program == "haraka" ||
                    record.json.find("\"outbound\"") != std::string_view::npos;
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
