#include "parsers/mta/postfix_reject.h"

#include <optional>

#include "parsers/mta/postfix_delivery.h"
#include "parsers/reason/phase_words.h"
#include "parsers/text/endpoint.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

bool TakeAction(std::string_view& text) {
  return Consume(text, "reject: ") || Consume(text, "milter-reject: ") ||
         Consume(text, "proxy-reject: ") || Consume(text, "milter-header-reject: ");
}

// The command under way, up to the blank or colon behind it; none: it moves no mail.
std::optional<Phase> TakeStage(std::string_view& text) {
  static constexpr PhaseWords kStages[] = {
      {"RCPT", Phase::kRcpt},
      {"CONNECT", Phase::kConnect},
      {"MAIL", Phase::kMail},
      {"EHLO", Phase::kEhlo},
      {"HELO", Phase::kEhlo},
      {"END-OF-MESSAGE", Phase::kEndOfData},
      {"DATA", Phase::kData},
      {"BDAT", Phase::kData},
      {"header", Phase::kEndOfData},
      {"body", Phase::kEndOfData},
      {"mime-error", Phase::kEndOfData},
      {"UNKNOWN", Phase::kUnknown},
  };
  const std::string_view word = text.substr(0, text.substr(0, 20).find_first_of(" :"));
  for (const PhaseWords& row : kStages) {
    if (row.words != word) continue;
    text.remove_prefix(word.size());
    return row.phase;
  }
  return std::nullopt;
}

// " from H[IP]: " or " from [IP]:PORT: ".
void TakeClient(std::string_view& text, DeliveryEvent& event) {
  Endpoint endpoint;
  if (Consume(text, " from ") && TakeEndpoint(text, endpoint)) {
    event.relay_host = endpoint.host == "unknown" ? std::string_view() : endpoint.host;
    event.relay_ip = endpoint.ip == "unknown" ? std::string_view() : endpoint.ip;
  }
  Consume(text, ":");
  text = SkipBlanks(text);
}

// Splits off "; from=<S> to=<R> proto=P helo=<H>". The reason may hold the same mark, so the last
// one counts; early stages have no sender.
std::string_view TakeEnvelope(std::string_view& text) {
  std::size_t at = text.rfind("; from=<");
  if (at == std::string_view::npos) at = text.rfind("; from=");  // brackets taken off
  if (at == std::string_view::npos) at = text.rfind("; proto=");
  if (at == std::string_view::npos) return {};
  const std::string_view envelope = text.substr(at + 2);
  text = text.substr(0, at);
  return envelope;
}

// "<a@example.org>", or without brackets what stands before the next blank or comma.
bool TakeEnvelopeAddress(std::string_view& text, std::string_view& address) {
  if (text.starts_with('<')) return TakePostfixAddress(text, address);
  address = text.substr(0, text.find_first_of(" ,"));
  text.remove_prefix(address.size());
  return true;
}

void ReadRecipient(std::string_view& envelope, DeliveryEvent& event) {
  std::string_view address;
  if (Consume(envelope, "from=") && TakeEnvelopeAddress(envelope, address)) {
    event.message.sender = address.empty() ? "<>" : address;
  }
  Consume(envelope, ",");
  std::string_view rest = SkipBlanks(envelope);
  if (!Consume(rest, "to=") || !TakeEnvelopeAddress(rest, address)) return;
  event.recipient = address;
  event.recipient_domain = DomainOf(address);
  envelope = rest;
}

// cleanup gives its reason last: "… proto=ESMTP helo=<H>: 5.7.1 bad subject". `rest` is what
// follows the recipient.
std::string_view ReasonBehind(std::string_view rest) {
  if (Consume(rest, ": ")) return rest;
  const std::size_t at = rest.find(">: ");
  return at == std::string_view::npos ? std::string_view() : rest.substr(at + 3);
}

}  // namespace

std::optional<SkipReason> ReadPostfixReject(std::string_view text, DeliveryEvent& event) {
  if (!TakeAction(text)) return SkipReason::kNotDelivery;
  const bool content =
      text.starts_with("header ") || text.starts_with("body ") || text.starts_with("mime-error ");
  const std::optional<Phase> phase = TakeStage(text);
  if (!phase) return SkipReason::kNotDelivery;
  event.outcome = Outcome::kRejected;
  std::string_view envelope;
  if (content) {
    envelope = TakeEnvelope(text);
    if (const std::size_t from = text.rfind(" from "); from != std::string_view::npos) {
      std::string_view client = text.substr(from);
      TakeClient(client, event);
    }
  } else {
    TakeClient(text, event);
    envelope = TakeEnvelope(text);
  }
  ReadRecipient(envelope, event);
  event.reply = ParseReply(content ? ReasonBehind(envelope) : text);
  event.reply.phase = *phase;
  event.reply.origin = Origin::kLocal;
  return std::nullopt;
}

}  // namespace bouncesight
