#include "daemon/batch/trace_search.h"

#include <algorithm>
#include <ctime>
#include <optional>

#include "daemon/batch/literal_search.h"
#include "daemon/system/stdin_spool.h"
#include "parsers/reason/handed_on.h"
#include "parsers/text/civil_time.h"

namespace bouncesight {
namespace {

std::string_view BareId(std::string_view what) {
  if (what.size() > 2 && what.starts_with('<') && what.ends_with('>')) {
    what = what.substr(1, what.size() - 2);
  }
  return what;
}

std::int64_t SecondsOf(std::string_view stamp, const LogRange& log) {
  const std::optional<CivilTime> time = ReadCivilTime(stamp);
  if (!time) return 0;
  const std::int64_t now = std::time(nullptr);
  return PointInTime(*time, log.modified == 0 ? now : std::min(log.modified, now)).value_or(0);
}

}  // namespace

TraceSearch::TraceSearch(const std::shared_ptr<const RuleSet>& rules, const LogReading& reading,
                         std::vector<LogRange> logs)
    : logs_(std::move(logs)), reading_(reading), classifier_(rules) {
  reading_.internal_relays.emplace();  // each hop is shown, those to a content filter too
}

Result<Trace> TraceSearch::Find(const std::string& what, std::size_t most) {
  const std::string text(BareId(what));
  std::vector<std::string> texts = {text};
  for (int pass = 0; pass < kMostPasses && !texts.empty(); ++pass) {
    ids_.insert(texts.begin(), texts.end());
    if (const Status done = Pass(texts, pass == 0); !done) return done.error();
    texts = NewIds();
  }
  cut_short_ = cut_short_ || !texts.empty();
  Trace trace = BuildTrace(text, std::move(steps_), most);
  trace.cut_short = cut_short_;
  return trace;
}

Status TraceSearch::Pass(const std::vector<std::string>& texts, bool asked) {
  // An address may be written in capitals; queue ids that differ in case are two.
  const bool any_case = asked && texts.front().find('@') != std::string::npos;
  Result<LiteralSearch> search = LiteralSearch::For(texts, any_case);
  if (!search) return search.error();
  for (std::size_t log = 0; log < logs_.size(); ++log) {
    FormatReader reader(OptionsFor(logs_[log], reading_));
    if (logs_[log].path == "-") RewindStdin();
    const Status read =
        search->Search(logs_[log], [&](std::string_view line, std::uint64_t number) {
          TakeLine(line, number, log, reader, asked);
        });
    if (!read) faults_.insert(read.error().message);
  }
  return Ok{};
}

void TraceSearch::TakeLine(std::string_view line, std::uint64_t number, std::size_t log,
                           FormatReader& reader, bool asked) {
  if (!seen_.emplace(log, number).second) return;
  if (steps_.size() >= kMostSteps) {
    cut_short_ = true;
    return;
  }
  Parsed parsed = reader.Parse(line);
  TraceStep step;
  step.source = logs_[log].path;
  step.log = log;
  step.line = number;
  step.asked_for = asked;
  if (auto* event = std::get_if<DeliveryEvent>(&parsed)) return TakeEvent(*event, std::move(step));
  if (const MessageNote* note = std::get<Skip>(parsed).note) TakeNote(*note, std::move(step));
}

void TraceSearch::TakeEvent(DeliveryEvent& event, TraceStep step) {
  const RuleSet& rules = classifier_.rules();
  const Evidence evidence = EvidenceOf(event);
  const bool delivered = event.outcome == Outcome::kDelivered;
  const Verdict verdict =
      delivered ? classifier_.Delivered(evidence) : classifier_.Classify(evidence);
  step.time = event.time;
  step.mta = event.mta;
  step.host = event.host;
  step.instance = event.instance;
  step.queue_id = event.queue_id;
  step.sender = event.message.sender;
  step.message_id = event.message.message_id;
  step.size = event.message.size;
  step.outcome = event.outcome;
  step.relay_host = event.relay_host;
  step.relay_ip = event.relay_ip;
  step.relay_port = event.relay_port;
  step.transport = event.transport;
  step.reply = event.reply.text;
  step.delay = event.delay_seconds;
  if (event.outcome == Outcome::kExpired && event.reply.text.empty()) {
    step.cause = rules.cause_name(CauseId::kMessageExpired);  // BuildTrace may know better
  } else if (!delivered && !event.reply.text.empty()) {
    step.cause = rules.cause_name(verdict.cause);
    step.rule = rules.rule_name(verdict.rule);
  }
  step.provider = rules.provider_name(verdict.provider);
  if (delivered) step.other_id = QueueIdGiven(event.reply.text);
  do {
    step.recipient = event.recipient;
    Keep(step);
  } while (NextRecipient(event));
}

void TraceSearch::TakeNote(const MessageNote& note, TraceStep step) {
  step.time = note.time;
  step.mta = note.mta;
  step.host = note.host;
  step.instance = note.instance;
  step.queue_id = note.queue_id;
  step.note = note.kind;
  step.requeued = note.requeued;
  step.other_id = note.other_id;
  step.sender = note.message.sender;
  step.account = note.message.account;
  step.client_ip = note.message.client_ip;
  step.client_host = note.message.client_host;
  step.message_id = note.message.message_id;
  step.size = note.message.size;
  Keep(std::move(step));
}

void TraceSearch::Keep(TraceStep step) {
  step.when = SecondsOf(step.time, logs_[step.log]);
  steps_.push_back(std::move(step));
}

// Of the steps since the last call: those of a message that is followed lead on to others, and one
// that names such a message is of the host before.
std::vector<std::string> TraceSearch::NewIds() {
  std::vector<std::string> fresh;
  std::set<std::string> known = ids_;
  for (; looked_at_ < steps_.size(); ++looked_at_) {
    const TraceStep& step = steps_[looked_at_];
    for (const std::string& id : {step.queue_id, step.other_id}) {
      if (!id.empty() && known.insert(id).second) fresh.push_back(id);
    }
  }
  return fresh;
}

}  // namespace bouncesight
