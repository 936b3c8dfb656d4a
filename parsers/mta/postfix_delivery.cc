#include "parsers/mta/postfix_delivery.h"

#include <algorithm>
#include <optional>

#include "parsers/reason/reason.h"
#include "parsers/text/endpoint.h"
#include "parsers/text/literal.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

void ReadEndpoint(std::string_view relay, DeliveryEvent& event) {
  Endpoint endpoint;
  if (!TakeEndpoint(relay, endpoint)) return;  // none, local, virtual or a pipe's name
  event.relay_host = endpoint.host;
  event.relay_ip = endpoint.ip;
  event.relay_port = endpoint.port;
}

// "0.1/0.2/0.2/1": in the order of DelayStep.
void ReadSteps(std::string_view text, DeliveryEvent& event) {
  for (std::size_t i = 0; i < kDelayStepCount; ++i) {
    const std::size_t slash = FindNear(text, '/');
    SetStep(event, static_cast<DelayStep>(i), ParseSeconds(text.substr(0, slash)));
    text.remove_prefix(std::min(slash + 1, text.size()));
  }
}

// Takes what stands before the next ", " off `text`. False: there is none.
bool TakeField(std::string_view& text, std::string_view& field) {
  for (std::size_t at = 0;; ++at) {
    at += FindNear(text.substr(at), ',');
    if (at + 1 >= text.size()) return false;
    if (text[at + 1] != ' ') continue;
    field = text.substr(0, at);
    text.remove_prefix(at + 2);
    return true;
  }
}

// The fields between recipient and status. False: the line stops before its status.
bool ReadFields(std::string_view& text, DeliveryEvent& event) {
  while (!Consume(text, "status=")) {
    std::string_view field;
    if (Consume(text, "orig_to=")) {
      std::string_view original;
      if (!TakePostfixAddress(text, original) || !Consume(text, ", ")) return false;
      continue;
    }
    if (!TakeField(text, field)) return false;
    if (Consume(field, "relay=")) {
      ReadEndpoint(field, event);
    } else if (Consume(field, "delay=")) {
      event.delay_seconds = ParseSeconds(field);
    } else if (Consume(field, "delays=")) {
      ReadSteps(field, event);
    } else if (Consume(field, "tls=")) {
      event.tls = field;
    } else if (Consume(field, "dsn=")) {
      std::size_t length = 0;
      event.dsn = ParseEnhancedCode(field, length);
    }
  }
  return true;
}

std::optional<Outcome> OutcomeOf(std::string_view word) {
  if (Is(word, "sent")) return Outcome::kDelivered;
  if (Is(word, "deferred") || Is(word, "SOFTBOUNCE")) return Outcome::kDeferred;
  if (Is(word, "bounced")) return Outcome::kBounced;
  if (Is(word, "expired") || Is(word, "force-expired")) return Outcome::kExpired;
  return std::nullopt;
}

void ReadReason(std::string_view text, DeliveryEvent& event) {
  if (!Consume(text, "(")) {
    event.truncated = true;
    return;
  }
  if (!ConsumeEnd(text, ")")) event.truncated = true;
  const Reason reason = ParseReason(text);
  event.reply = reason.reply;
  // What is not a reply and names no host is said by our own MTA or a command it ran.
  if (event.reply.origin == Origin::kUnknown) event.reply.origin = Origin::kLocal;
  if (reason.suspended && event.outcome == Outcome::kDeferred) event.outcome = Outcome::kSuspended;
  if (event.relay_host.empty() && event.relay_ip.empty()) {  // relay=none: the reason knows more
    event.relay_host = reason.remote_host;
    event.relay_ip = reason.remote_ip;
    event.relay_port = reason.remote_port;
  }
}

}  // namespace

bool TakePostfixAddress(std::string_view& text, std::string_view& address) {
  const bool bracketed = text.starts_with('<');
  const std::size_t end = bracketed ? ClosingAngle(text) : text.find(',');
  if (end == std::string_view::npos) return false;
  address = text.substr(0, end);
  if (bracketed) address.remove_prefix(1);
  text.remove_prefix(bracketed ? end + 1 : end);
  return true;
}

std::optional<SkipReason> ReadPostfixDelivery(std::string_view fields, DeliveryEvent& event) {
  if (!Consume(fields, "to=") || !TakePostfixAddress(fields, event.recipient) ||
      !Consume(fields, ", ") || !ReadFields(fields, event)) {
    return SkipReason::kMalformed;
  }
  event.recipient_domain = DomainOf(event.recipient);
  const std::string_view word = fields.substr(0, FindOrEnd(fields, ' '));
  if (Is(word, "deliverable") || StartsWith(word, "undeliverable")) {
    return SkipReason::kProbe;
  }
  const std::optional<Outcome> outcome = OutcomeOf(word);
  if (!outcome) return SkipReason::kMalformed;
  event.outcome = *outcome;
  fields.remove_prefix(word.size());
  ReadReason(Trim(fields), event);
  return std::nullopt;
}

}  // namespace bouncesight
