#include "daemon/batch/ecs_record.h"

#include <string_view>

#include "daemon/batch/json_fields.h"
#include "metrics/moment.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

constexpr double kNanoseconds = 1e9;

void AppendMessage(const DeliveryEvent& event, JsonFields& out) {
  const MessageFacts& message = event.message;
  out.Text("email.local_id", event.queue_id);
  out.Text("email.message_id", message.message_id);
  if (!IsDomainOnly(message.sender)) out.Text("email.from.address", message.sender);
  out.Text("email.to.address", event.recipient);
  out.Text("user.name", message.account);
  out.Text("source.ip", message.client_ip);
  out.Text("source.domain", message.client_host);
  out.Number("bouncesight.size", message.size, message.size != 0);
  out.Text("bouncesight.sender_domain", LowerCase(DomainOf(message.sender)));
  out.Text("bouncesight.recipient_domain", LowerCase(event.recipient_domain));
}

// A refusal of our own: the other side is the client.
void AppendPeer(const DeliveryEvent& event, JsonFields& out) {
  const bool refused = event.outcome == Outcome::kRejected;
  out.Text("email.direction", refused ? "inbound" : "outbound");
  if (!refused || event.message.client_host.empty()) {
    out.Text(refused ? "source.domain" : "destination.domain", event.relay_host);
  }
  if (!refused || event.message.client_ip.empty()) {
    out.Text(refused ? "source.ip" : "destination.ip", event.relay_ip);
  }
  out.Number(refused ? "source.port" : "destination.port", event.relay_port, event.relay_port != 0);
}

void AppendVerdict(const DeliveryEvent& event, const Verdict& verdict, const RuleSet& rules,
                   JsonFields& out) {
  EnhancedCodeText enhanced;
  const bool failed = event.outcome != Outcome::kDelivered;
  out.Text("message", event.reply.text);
  out.Number("bouncesight.code", event.reply.code, event.reply.code != 0);
  out.Text("bouncesight.enhanced_code", FormatEnhancedCode(event.reply.enhanced, enhanced));
  out.Text("bouncesight.phase", PhaseName(event.reply.phase));
  if (failed) out.Text("event.reason", rules.cause_name(verdict.cause));
  out.Text("rule.name", rules.rule_name(verdict.rule));
  if (failed) out.Text("bouncesight.cause", rules.cause_name(verdict.cause));
  if (failed) out.Text("bouncesight.family", rules.cause_family(verdict.cause));
  out.Text("bouncesight.provider", rules.provider_name(verdict.provider));
  out.Text("bouncesight.blocklist", verdict.blocklist);
  out.Text("bouncesight.listed_ip", verdict.listed_ip);
}

}  // namespace

void AppendEcsEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info,
                    const RuleSet& rules, std::optional<std::int64_t> time, std::string& out) {
  JsonFields fields(out);
  fields.Text("@timestamp", time ? Rfc3339({*time, 0}) : std::string());
  fields.Text("ecs.version", "8.11.0");
  fields.Text("event.kind", "event");
  fields.Text("event.category", "email");
  fields.Text("event.type", "info");
  fields.Text("event.module", "bouncesight");
  fields.Text("event.dataset", "bouncesight.delivery");
  fields.Text("event.provider", MtaName(event.mta));
  fields.Text("event.action", OutcomeName(event.outcome));
  fields.Text("event.outcome", event.outcome == Outcome::kDelivered ? "success" : "failure");
  fields.Number("event.duration", static_cast<std::int64_t>(event.delay_seconds * kNanoseconds),
                event.delay_seconds >= 0);
  fields.Text("host.name", event.host);
  fields.Text("service.name", event.instance);
  fields.Text("network.protocol", "smtp");
  AppendPeer(event, fields);
  AppendMessage(event, fields);
  AppendVerdict(event, verdict, rules, fields);
  fields.Text("bouncesight.source", info.source);
  fields.Number("bouncesight.line", info.number, info.number != 0);
  fields.Text("bouncesight.logged", event.time);
  fields.Text("bouncesight.transport", event.transport);
  fields.Text("bouncesight.tls", event.tls);
  fields.Number("bouncesight.repeat", event.repeat, event.repeat != 1);
}

}  // namespace bouncesight
