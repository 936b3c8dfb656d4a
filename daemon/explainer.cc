#include "daemon/explainer.h"

#include <utility>

#include "parsers/utf8.h"
#include "parsers/reason.h"

namespace bouncesight {
namespace {

// A log line and a bounce text say the same in different places.
struct Found {
  Reply reply;
  std::string_view recipient;
  std::string_view remote_host;
  std::string_view remote_ip;
  std::string_view outcome;
};

Found FromEvent(const DeliveryEvent& event) {
  return {event.reply, event.recipient, event.relay_host, event.relay_ip,
          OutcomeName(event.outcome)};
}

Found FromReason(const Reason& reason) {
  return {reason.reply, reason.recipient, reason.remote_host, reason.remote_ip,
          reason.suspended ? "suspended" : ""};
}

// The class of the enhanced code, else of the reply code, tells whether another try is meant.
std::string_view OutcomeByCode(const Reply& reply) {
  const unsigned status_class =
      reply.enhanced.present() ? reply.enhanced.status_class : reply.code / 100U;
  if (status_class == 4) return OutcomeName(Outcome::kDeferred);
  if (status_class == 5) return OutcomeName(Outcome::kBounced);
  return {};
}

}  // namespace

Explainer::Explainer(std::shared_ptr<const RuleSet> rules) : classifier_(std::move(rules)) {}

ExplainedText Explainer::Explain(std::string_view text) {
  const Parsed parsed = reader_.Parse(text);
  const auto* event = std::get_if<DeliveryEvent>(&parsed);
  const Found found = event != nullptr && !event->reply.text.empty()
                          ? FromEvent(*event)
                          : FromReason(ParseReason(text));

  EnhancedCodeText enhanced;
  ExplainedText out;
  out.verdict = classifier_.Explain({.reply = found.reply,
                                     .relay_host = found.remote_host,
                                     .relay_ip = found.remote_ip,
                                     .recipient_domain = DomainOf(found.recipient)});
  out.input = ToUtf8(text);
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
