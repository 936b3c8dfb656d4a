// A trace for programs: one object. The names of its keys are a contract; where `events` has the
// same thing, it has the same key.
#include <string>
#include <string_view>

#include "daemon/batch/trace.h"
#include "metrics/json_text.h"
#include "parsers/event/smtp_reply.h"

namespace bouncesight {
namespace {

void WriteResult(const TraceStep& step, JsonText& out) {
  out.Field("outcome", OutcomeName(step.outcome));
  out.FieldIfAny("recipient", step.recipient);
  out.FieldIfAny("relay_host", step.relay_host);
  out.FieldIfAny("relay_ip", step.relay_ip);
  out.FieldIfAny("relay_port", step.relay_port);
  out.FieldIfAny("transport", step.transport);
  if (step.delay >= 0) {
    out.Key("delay");
    out.Shortest(step.delay);
  }
  const Reply reply = ParseReply(step.reply);
  EnhancedCodeText enhanced;
  out.FieldIfAny("code", reply.code);
  out.FieldIfAny("enhanced_code", FormatEnhancedCode(reply.enhanced, enhanced));
  out.FieldIfAny("reply", step.reply);
  out.FieldIfAny("cause", step.cause);
  out.FieldIfAny("rule", step.rule);
  out.FieldIfAny("provider", step.provider);
}

void WriteStep(const TraceStep& step, JsonText& out) {
  out.Open('{');
  out.FieldIfAny("source", step.source);
  out.Field("line", step.line);
  out.FieldIfAny("time", step.time);
  if (step.note) {
    out.Field("event", NoteKindName(*step.note));
  } else {
    WriteResult(step, out);
  }
  out.FieldIfAny("other_queue_id", step.other_id);
  out.Close('}');
}

void WriteRecipients(const TracedMessage& message, JsonText& out) {
  out.Objects("recipients", RecipientsOf(message), [&](const TraceRecipient& one) {
    out.FieldIfAny("recipient", one.address);
    if (one.last) out.Field("outcome", OutcomeName(*one.last));
    out.Flag("waits", one.waits);
    out.Field("attempts", one.attempts);
  });
}

void WriteMessageSteps(const TracedMessage& message, JsonText& out) {
  out.Key("steps");
  out.Open('[');
  for (const TraceStep& step : message.steps) {
    if (step.note != NoteKind::kFacts) WriteStep(step, out);
  }
  out.Close(']');
}

// The messages that came out of this one, of the kind `notice` or not. No key where there are none.
void WriteLinks(std::string_view key, bool notice, const TracedMessage& message, const Trace& trace,
                JsonText& out) {
  bool any = false;
  for (const TraceLink& link : message.links) {
    if ((link.kind == TraceLink::Kind::kNotice) != notice) continue;
    if (!any) {
      out.Key(key);
      out.Open('[');
    }
    any = true;
    out.Open('{');
    out.FieldIfAny("queue_id", trace.messages[link.message].queue_id);
    out.FieldIfAny("host", trace.messages[link.message].host);
    out.Close('}');
  }
  if (any) out.Close(']');
}

void WriteMessage(const TracedMessage& message, const Trace& trace, JsonText& out) {
  out.Open('{');
  out.FieldIfAny("queue_id", message.queue_id);
  out.FieldIfAny("mta", MtaName(message.mta));
  out.FieldIfAny("host", message.host);
  out.FieldIfAny("instance", message.instance);
  if (const TraceStep* arrival = message.Arrival()) out.FieldIfAny("arrived", arrival->time);
  const TraceStep* const end = message.End();
  out.FieldIfAny("ended", end != nullptr ? end->time : message.requeued);
  out.FieldIfAny("sender", message.sender);
  out.FieldIfAny("account", message.account);
  out.FieldIfAny("client_ip", message.client_ip);
  out.FieldIfAny("client_host", message.client_host);
  out.FieldIfAny("size", message.size);
  out.FieldIfAny("message_id", message.message_id);
  WriteRecipients(message, out);
  WriteMessageSteps(message, out);
  WriteLinks("handed_on", false, message, trace, out);
  WriteLinks("notices", true, message, trace, out);
  out.Close('}');
}

}  // namespace

std::string TraceJson(const Trace& trace) {
  JsonText out;
  out.Open('{');
  out.Field("what", trace.what);
  out.Key("messages");
  out.Open('[');
  for (const TracedMessage& message : trace.messages) WriteMessage(message, trace, out);
  out.Close(']');
  out.Key("refusals");
  out.Open('[');
  for (const TraceStep& step : trace.refusals) WriteStep(step, out);
  out.Close(']');
  out.FieldIfAny("left_out", trace.left_out);
  if (trace.cut_short) out.Flag("cut_short", true);
  out.Close('}');
  return out.Take() + "\n";
}

}  // namespace bouncesight
