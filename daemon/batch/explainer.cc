#include "daemon/batch/explainer.h"

#include <utility>

#include "parsers/event/permanence.h"
#include "parsers/reason/delivery_status.h"
#include "parsers/reason/exim_escapes.h"
#include "parsers/reason/reason.h"
#include "parsers/text/utf8.h"

namespace bouncesight {

// What a log line, a bounce text and a delivery status all tell, each in its own places. Views of
// the text read.
struct Explainer::Found {
  Reply reply;
  std::string_view recipient;
  std::string_view remote_host;
  std::string_view remote_ip;
  std::string_view outcome;

  static Found From(const DeliveryEvent& event) {
    return {event.reply, event.recipient, event.relay_host, event.relay_ip,
            OutcomeName(event.outcome)};
  }

  static Found From(const Reason& reason) {
    return {reason.reply, reason.recipient, reason.remote_host, reason.remote_ip,
            reason.suspended ? "suspended" : ""};
  }

  static Found From(const DeliveryStatus& status) {
    Found found = From(ParseReason(status.diagnostic));
    if (found.recipient.empty()) found.recipient = status.recipient;
    if (found.remote_host.empty()) found.remote_host = status.remote_mta;
    if (!found.reply.enhanced.present()) found.reply.enhanced = status.status;
    if (status.from_remote) found.reply.origin = Origin::kRemote;
    return found;
  }
};

namespace {

// The class of the codes tells whether another try is meant.
std::string_view OutcomeByCode(const Reply& reply) {
  const unsigned status_class = FailureClass(reply.code, reply.enhanced);
  if (status_class == 4) return OutcomeName(Outcome::kDeferred);
  if (status_class == 5) return OutcomeName(Outcome::kBounced);
  return {};
}

// What stands behind the headers, in one line.
std::string BodyOf(std::string_view message) {
  const std::size_t lf = message.find("\n\n");
  const std::size_t crlf = message.find("\r\n\r\n");
  std::string body(message.substr(lf < crlf                        ? lf + 2
                                  : crlf == std::string_view::npos ? 0
                                                                   : crlf + 4));
  for (char& c : body) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return body;
}

}  // namespace

Explainer::Explainer(std::shared_ptr<const RuleSet> rules) : classifier_(std::move(rules)) {}

ExplainedText Explainer::Explain(std::string_view text) {
  const Parsed parsed = reader_.Parse(text);
  const auto* event = std::get_if<DeliveryEvent>(&parsed);
  if (event != nullptr && !event->reply.text.empty()) return Judge(text, Found::From(*event));
  // Logs and other programs write the ends of a reply's lines as "\n".
  context_.Reset();
  return Judge(text, Found::From(ParseReason(DecodeEximEscapes(text, context_))));
}

std::vector<ExplainedText> Explainer::ExplainMessage(std::string_view message) {
  std::vector<ExplainedText> all;
  for (const DeliveryStatus& status : ParseDeliveryStatus(message)) {
    all.push_back(Judge(status.diagnostic, Found::From(status)));
  }
  if (all.empty()) all.push_back(Explain(BodyOf(message)));
  return all;
}

ExplainedText Explainer::Judge(std::string_view input, const Found& found) {
  EnhancedCodeText enhanced;
  ExplainedText out;
  out.verdict = classifier_.Explain({.reply = found.reply,
                                     .relay_host = found.remote_host,
                                     .relay_ip = found.remote_ip,
                                     .recipient_domain = DomainOf(found.recipient)});
  out.input = ToUtf8(input);
  out.code = found.reply.code;
  out.enhanced_code = FormatEnhancedCode(found.reply.enhanced, enhanced);
  out.phase = PhaseName(found.reply.phase);
  out.reply = ToUtf8(found.reply.text);
  out.family = rules().cause_family(out.verdict.cause);
  out.outcome_hint = found.outcome.empty() ? OutcomeByCode(found.reply) : found.outcome;
  out.recipient = ToUtf8(found.recipient);
  out.remote = ToUtf8(found.remote_host.empty() ? found.remote_ip : found.remote_host);
  out.delisting_link = rules().delisting_link(out.verdict.blocklist);
  out.advice = rules().advice(out.verdict.cause, out.verdict.rule);
  return out;
}

}  // namespace bouncesight
