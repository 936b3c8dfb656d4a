#include "parsers/mta/zonemta.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "parsers/reason/reason.h"
#include "parsers/text/endpoint.h"
#include "parsers/text/scan.h"

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

void SetSender(std::string_view address, DeliveryEvent& event) {
  address = WithoutBrackets(address);
  event.message.sender = address.empty() ? "<>" : address;
}

void ReadField(std::string_view field, DeliveryEvent& event) {
  if (Consume(field, "to=")) {
    event.recipient = WithoutBrackets(field);
    event.recipient_domain = DomainOf(event.recipient);
  } else if (Consume(field, "from=")) {
    SetSender(field, event);
  } else if (Consume(field, "message-id=")) {
    event.message.message_id = WithoutBrackets(field);
  } else if (Consume(field, "mx=")) {
    Endpoint endpoint;
    if (!TakeEndpoint(field, endpoint)) return;
    event.relay_host = endpoint.host;
    event.relay_ip = endpoint.ip;
    event.relay_port = endpoint.port;
  }
}

void ReadResponse(std::string_view text, DeliveryEvent& event) {
  event.reply = ParseReason(text).reply;
  if (event.reply.origin == Origin::kUnknown) event.reply.origin = Origin::kLocal;
}

// `text` from its "id=" on; empty: there is none.
std::string_view FromId(std::string_view text) {
  if (text.starts_with("id=")) return text;
  const std::size_t at = text.substr(0, kMaxPrefix).find(" id=");
  return at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
}

Parsed ParseText(std::string_view text, DeliveryEvent event) {
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
  ReadResponse(text, event);
  return event;
}

// The member `name`, or as GELF has it, "_name".
std::string_view Member(const JsonReader& json, std::string_view name) {
  char pointer[32] = "/_";
  name.copy(pointer + 2, sizeof pointer - 2);
  const std::string_view gelf(pointer, name.size() + 2);
  const std::string_view value = json.Text(gelf);
  if (!value.empty()) return value;
  pointer[1] = '/';
  return json.Text({pointer + 1, name.size() + 1});
}

// "18cd" and "001" are 18cd.001 in the text form.
std::string_view Joined(std::string_view id, std::string_view part, ParseContext& context) {
  char* room = part.empty() ? nullptr : context.Room(id.size() + 1 + part.size());
  if (room == nullptr) return id;
  id.copy(room, id.size());
  room[id.size()] = '.';
  part.copy(room + id.size() + 1, part.size());
  return context.Commit(id.size() + 1 + part.size());
}

// The remote log, and GELF: one object a result.
Parsed ParseObject(std::string_view text, DeliveryEvent event, ParseContext& context) {
  JsonReader& json = context.json();
  if (text.find("action\"") == std::string_view::npos || !json.Open(text)) {
    return Skip{SkipReason::kForeign};
  }
  std::string_view action = Member(json, "action");
  const std::optional<Outcome> outcome = TakeStatus(action);
  if (!outcome || Member(json, "zone").empty()) return Skip{SkipReason::kForeign};
  event.outcome = *outcome;
  event.queue_id = Joined(Member(json, "id"), Member(json, "seq"), context);
  event.recipient = WithoutBrackets(Member(json, "to"));
  event.recipient_domain = DomainOf(event.recipient);
  if (const std::string_view from = Member(json, "from"); !from.empty()) SetSender(from, event);
  event.message.message_id = WithoutBrackets(Member(json, "messageId"));
  std::string_view size = Member(json, "size");
  event.message.size = TakeNumber(size);
  event.relay_host = Member(json, "mx");
  event.relay_ip = Member(json, "ip");
  const std::string_view response = Member(json, "response");
  if (!response.empty()) ReadResponse(response, event);
  return event;
}

}  // namespace

Parsed ParseZonemta(const Record& record, ParseContext& context) {
  const std::string_view text = FromId(record.message);
  if (text.empty() && record.json.empty()) return Skip{SkipReason::kForeign};
  const DeliveryEvent event = StartEvent(record, Mta::kZonemta);
  if (!text.empty()) {
    const Parsed parsed = ParseText(text, event);
    if (record.json.empty() || std::holds_alternative<DeliveryEvent>(parsed)) return parsed;
  }
  return ParseObject(record.json, event, context);
}

}  // namespace bouncesight
