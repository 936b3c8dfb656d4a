#include "parsers/zonemta.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "parsers/endpoint.h"
#include "parsers/reason.h"
#include "parsers/scan.h"

namespace bouncesight {
namespace {

// A level and the sender's name may stand in front of "id=".
constexpr std::size_t kMaxPrefix = 96;

// "DEFERRED[greylist]" and its kin; the brackets may be missing.
std::optional<Outcome> TakeStatus(std::string_view& text) {
  std::optional<Outcome> outcome;
  std::string_view rest = text;
  if (Consume(rest, "ACCEPTED")) outcome = Outcome::kDelivered;
  if (Consume(rest, "DEFERRED")) outcome = Outcome::kDeferred;
  if (Consume(rest, "REJECTED")) outcome = Outcome::kBounced;
  if (!outcome) return std::nullopt;
  if (Consume(rest, "[")) rest.remove_prefix(std::min(FindOrEnd(rest, ']') + 1, rest.size()));
  if (!rest.empty() && rest[0] != ' ') return std::nullopt;
  text = rest;
  return outcome;
}

// Takes the next word off `text`.
std::string_view TakeWord(std::string_view& text) {
  const std::string_view word = text.substr(0, FindOrEnd(text, ' '));
  text = SkipBlanks(text.substr(word.size()));
  return word;
}

std::string_view WithoutBrackets(std::string_view address) {
  if (Consume(address, "<")) ConsumeEnd(address, ">");
  return address;
}

void ReadField(std::string_view field, DeliveryEvent& event) {
  if (Consume(field, "to=")) {
    event.recipient = WithoutBrackets(field);
    event.recipient_domain = DomainOf(event.recipient);
  } else if (Consume(field, "mx=")) {
    Endpoint endpoint;
    if (!TakeEndpoint(field, endpoint)) return;
    event.relay_host = endpoint.host;
    event.relay_ip = endpoint.ip;
    event.relay_port = endpoint.port;
  }
}

}  // namespace

Parsed ParseZonemta(const Record& record, Scratch&) {
  std::string_view text = record.message;
  if (!text.starts_with("id=")) {
    const std::size_t at = text.substr(0, kMaxPrefix).find(" id=");
    if (at == std::string_view::npos) return Skip{SkipReason::kForeign};
    text.remove_prefix(at + 1);
  }
  DeliveryEvent event;
  event.mta = Mta::kZonemta;
  event.time = record.time;
  event.host = record.host;
  event.instance = record.program;
  event.queue_id = TakeWord(text).substr(3);
  std::optional<Outcome> outcome = TakeStatus(text);
  if (!outcome) {
    const std::string_view id = TakeWord(text);
    outcome = TakeStatus(text);
    if (!outcome) return Skip{SkipReason::kForeign};
    event.queue_id = id;
  }
  event.outcome = *outcome;
  text = SkipBlanks(text);
  while (!text.empty() && text[0] != '(') ReadField(TakeWord(text), event);
  if (!Consume(text, "(")) return event;
  if (!ConsumeEnd(text, ")")) event.truncated = true;
  event.reply = ParseReason(text).reply;
  if (event.reply.origin == Origin::kUnknown) event.reply.origin = Origin::kLocal;
  return event;
}

}  // namespace bouncesight
