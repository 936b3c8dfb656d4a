// A trace for programs: one object. The names of its keys are a contract; where `events` has the
// same thing, it has the same key.
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/batch/trace.h"
#include "parsers/event/smtp_reply.h"
#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

namespace json = boost::json;

void Put(json::object& object, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  object[json::string_view(key.data(), key.size())] = json::string(ToUtf8(text));
}

json::object Reference(const TracedMessage& message) {
  json::object object;
  Put(object, "queue_id", message.queue_id);
  Put(object, "host", message.host);
  return object;
}

json::object Step(const TraceStep& step) {
  json::object object;
  Put(object, "source", step.source);
  object["line"] = step.line;
  Put(object, "time", step.time);
  if (step.note) {
    Put(object, "event", NoteKindName(*step.note));
    Put(object, "other_queue_id", step.other_id);
    return object;
  }
  Put(object, "outcome", OutcomeName(step.outcome));
  Put(object, "recipient", step.recipient);
  Put(object, "relay_host", step.relay_host);
  Put(object, "relay_ip", step.relay_ip);
  if (step.relay_port != 0) object["relay_port"] = step.relay_port;
  Put(object, "transport", step.transport);
  if (step.delay >= 0) object["delay"] = step.delay;
  const Reply reply = ParseReply(step.reply);
  if (reply.code != 0) object["code"] = reply.code;
  EnhancedCodeText buffer;
  Put(object, "enhanced_code", FormatEnhancedCode(reply.enhanced, buffer));
  Put(object, "reply", step.reply);
  Put(object, "cause", step.cause);
  Put(object, "rule", step.rule);
  Put(object, "provider", step.provider);
  Put(object, "other_queue_id", step.other_id);
  return object;
}

json::object Recipient(const TraceRecipient& one) {
  json::object object;
  Put(object, "recipient", one.address);
  if (one.last) Put(object, "outcome", OutcomeName(*one.last));
  object["waits"] = one.waits;
  object["attempts"] = one.attempts;
  return object;
}

json::object Message(const TracedMessage& message, const Trace& trace) {
  json::object object;
  Put(object, "queue_id", message.queue_id);
  Put(object, "mta", MtaName(message.mta));
  Put(object, "host", message.host);
  Put(object, "instance", message.instance);
  if (const TraceStep* arrival = message.Arrival()) Put(object, "arrived", arrival->time);
  if (const TraceStep* end = message.End()) Put(object, "ended", end->time);
  Put(object, "sender", message.sender);
  Put(object, "account", message.account);
  Put(object, "client_ip", message.client_ip);
  Put(object, "client_host", message.client_host);
  if (message.size != 0) object["size"] = message.size;
  Put(object, "message_id", message.message_id);
  json::array recipients, steps, handed_on, notices;
  for (const TraceRecipient& one : RecipientsOf(message)) recipients.push_back(Recipient(one));
  for (const TraceStep& step : message.steps) {
    if (step.note != NoteKind::kFacts) steps.push_back(Step(step));
  }
  for (const TraceLink& link : message.links) {
    json::array& to = link.kind == TraceLink::Kind::kNotice ? notices : handed_on;
    to.push_back(Reference(trace.messages[link.message]));
  }
  object["recipients"] = std::move(recipients);
  object["steps"] = std::move(steps);
  if (!handed_on.empty()) object["handed_on"] = std::move(handed_on);
  if (!notices.empty()) object["notices"] = std::move(notices);
  return object;
}

}  // namespace

std::string TraceJson(const Trace& trace) {
  json::object object;
  Put(object, "what", trace.what);
  json::array messages, refusals;
  for (const TracedMessage& message : trace.messages) messages.push_back(Message(message, trace));
  for (const TraceStep& step : trace.refusals) refusals.push_back(Step(step));
  object["messages"] = std::move(messages);
  object["refusals"] = std::move(refusals);
  if (trace.left_out > 0) object["left_out"] = trace.left_out;
  if (trace.cut_short) object["cut_short"] = true;
  return json::serialize(object) + "\n";
}

}  // namespace bouncesight
