#include "daemon/batch/event_record.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/batch/json_fields.h"
#include "metrics/safe_text.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// The columns of CSV; the keys of JSON come in the same order.
constexpr std::string_view kCsvHeader =
    "source,line,time,logged,mta,host,instance,queue_id,outcome,recipient,recipient_domain,relay_"
    "host,"
    "relay_ip,relay_port,transport,tls,sender,sender_domain,account,client_ip,client_host,size,"
    "message_id,delay,"
    "code,enhanced_code,phase,reply,cause,family,rule,provider,blocklist,listed_ip,repeat\r\n";

// Calls out.Text(key, text) or out.Number(key, value, known) for every field, in the contract's
// order.
template <typename Out>
void VisitFields(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info,
                 const RuleSet& rules, std::string_view time, Out&& out) {
  EnhancedCodeText enhanced;
  const bool failed = event.outcome != Outcome::kDelivered;
  out.Text("source", info.source);
  out.Number("line", info.number, info.number != 0);
  out.Text("time", time);
  out.Text("logged", info.number != 0 ? event.time : std::string_view{});
  out.Text("mta", MtaName(event.mta));
  out.Text("host", event.host);
  out.Text("instance", event.instance);
  out.Text("queue_id", event.queue_id);
  out.Text("outcome", OutcomeName(event.outcome));
  out.Text("recipient", event.recipient);
  // A domain is the same in capitals, and whoever counts the records should not have to know.
  out.Text("recipient_domain", LowerCase(event.recipient_domain));
  out.Text("relay_host", event.relay_host);
  out.Text("relay_ip", event.relay_ip);
  out.Number("relay_port", event.relay_port, event.relay_port != 0);
  out.Text("transport", event.transport);
  out.Text("tls", event.tls);
  const MessageFacts& message = event.message;
  out.Text("sender", IsDomainOnly(message.sender) ? std::string_view{} : message.sender);
  out.Text("sender_domain", LowerCase(DomainOf(message.sender)));
  out.Text("account", message.account);
  out.Text("client_ip", message.client_ip);
  out.Text("client_host", message.client_host);
  out.Number("size", message.size, message.size != 0);
  out.Text("message_id", message.message_id);
  out.Number("delay", event.delay_seconds, event.delay_seconds >= 0);
  out.Number("code", event.reply.code, event.reply.code != 0);
  out.Text("enhanced_code", FormatEnhancedCode(event.reply.enhanced, enhanced));
  out.Text("phase", PhaseName(event.reply.phase));
  out.Text("reply", event.reply.text);
  out.Text("cause", failed ? rules.cause_name(verdict.cause) : std::string_view{});
  out.Text("family", failed ? rules.cause_family(verdict.cause) : std::string_view{});
  out.Text("rule", rules.rule_name(verdict.rule));
  out.Text("provider", rules.provider_name(verdict.provider));
  out.Text("blocklist", verdict.blocklist);
  out.Text("listed_ip", verdict.listed_ip);
  out.Number("repeat", event.repeat, event.repeat != 1);
}

class CsvFields {
 public:
  explicit CsvFields(std::string& out) : out_(out) {}
  CsvFields(const CsvFields&) = delete;
  CsvFields& operator=(const CsvFields&) = delete;
  ~CsvFields() {
    out_.pop_back();
    out_ += "\r\n";
  }

  void Text(std::string_view /*key*/, std::string_view text) {
    out_ += CsvField(text);
    out_ += ',';
  }

  template <typename Value>
  void Number(std::string_view /*key*/, Value value, bool known) {
    if (known) AppendNumber(value, out_);
    out_ += ',';
  }

 private:
  std::string& out_;
};

}  // namespace

void AppendJsonEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info,
                     const RuleSet& rules, std::string_view time, std::string& out) {
  VisitFields(event, verdict, info, rules, time, JsonFields(out));
}

void AppendJsonSkip(SkipReason reason, const LineInfo& info, std::string_view line,
                    std::string& out) {
  JsonFields fields(out);
  fields.Text("source", info.source);
  fields.Number("line", info.number, true);
  fields.Text("skipped", SkipReasonName(reason));
  fields.Text("text", line);
}

void AppendCsvHeader(std::string& out) { out += kCsvHeader; }

void AppendCsvEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info,
                    const RuleSet& rules, std::string_view time, std::string& out) {
  VisitFields(event, verdict, info, rules, time, CsvFields(out));
}

}  // namespace bouncesight
