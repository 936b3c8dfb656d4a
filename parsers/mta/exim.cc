#include "parsers/mta/exim.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

#include "parsers/mta/exim_fields.h"
#include "parsers/mta/exim_head.h"
#include "parsers/mta/exim_note.h"
#include "parsers/mta/exim_reject.h"
#include "parsers/mta/qmail.h"
#include "parsers/reason/exim_escapes.h"
#include "parsers/reason/exim_reason.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// How a line without a flag starts when it tells of one host that failed. What follows "H=… " is
// looked at apart.
constexpr std::string_view kAttemptStarts[] = {
    "SMTP error from remote mail",
    "LMTP error from remote mail",
    "SMTP timeout ",
    "LMTP timeout ",
    "Remote host ",
};
constexpr std::string_view kHostFailures[] = {
    ":",         "Connection ", "Operation timed out", "No route to host", "Network is unreachable",
    "SMTP error"};

template <std::size_t N>
bool StartsWithOneOf(std::string_view text, const std::string_view (&starts)[N]) {
  for (const std::string_view start : starts) {
    if (text.starts_with(start)) return true;
  }
  return false;
}

bool IsAttempt(std::string_view text) {
  if (StartsWithOneOf(text, kAttemptStarts)) return true;
  if (!text.starts_with("H=")) return false;
  TakeEximFields(text);
  return StartsWithOneOf(StripLeft(text), kHostFailures);
}

bool IsEximProgram(std::string_view program) {
  const std::size_t slash = program.rfind('/');
  if (slash != std::string_view::npos) program.remove_prefix(slash + 1);
  return program.starts_with("exim");
}

void SetRelay(const EximFields& fields, DeliveryEvent& event) {
  if (!fields.transport.empty()) event.transport = fields.transport;
  event.message.sender = fields.sender;
  event.relay_host = fields.host;
  event.relay_ip = fields.ip;
  event.relay_port = fields.port;
  event.delay_seconds = fields.queue_seconds;
  if (fields.deliver_seconds < 0) return;
  SetStep(event, DelayStep::kTransfer, fields.deliver_seconds);
  if (fields.queue_seconds < 0) return;
  SetStep(event, DelayStep::kQueue, std::max(0.0, fields.queue_seconds - fields.deliver_seconds));
}

void SetReason(const EximReason& reason, DeliveryEvent& event) {
  event.reply = reason.reply;
  if (event.relay_ip.empty()) {
    event.relay_host = reason.host;
    event.relay_ip = reason.ip;
  }
}

// Takes the separator in front of a text: ": " up to 4.98, " : " from 4.99 on.
std::string_view TextBehindColon(std::string_view text) {
  text = StripLeft(text);
  Consume(text, ":");
  return text;
}

void ReadDelivered(std::string_view text, DeliveryEvent& event) {
  event.outcome = Outcome::kDelivered;
  event.recipient = TakeEximAddress(text);
  const EximFields fields = TakeEximFields(text);
  SetRelay(fields, event);
  event.reply = ParseReply(fields.confirmation);
  if (!fields.confirmation.empty()) event.reply.origin = Origin::kRemote;
}

void ReadFailed(std::string_view text, DeliveryEvent& event) {
  event.recipient = TakeEximAddress(text);
  SetRelay(TakeEximFields(text), event);
  const EximReason reason = ReadEximReason(DropEximTrailer(TextBehindColon(text)));
  SetReason(reason, event);
  event.outcome = reason.gave_up ? Outcome::kExpired : Outcome::kBounced;
}

// "mx.example.com [192.0.2.1]" and no more: which host it was, not what went wrong.
bool IsHostAlone(std::string_view words) {
  const std::size_t open = words.find(" [");
  return open != std::string_view::npos && words.ends_with(']') && FindOrEnd(words, ' ') == open &&
         LooksLikeIp(words.substr(open + 2, words.size() - open - 3));
}

// Takes "defer (ERRNO)[: STRERROR]" off `text`. Positive numbers are the operating system's and
// differ between systems; their words stand in front of the fields.
bool TakeDefer(std::string_view& text, std::string_view& system_words, DeliveryEvent& event) {
  Consume(text, "routing ");
  if (!Consume(text, "defer (")) return false;
  const std::string_view number = TakeBefore(text, ")");
  std::from_chars(number.data(), number.data() + number.size(), event.error_number);
  if (number.starts_with('-') || number == "0") return true;
  std::string_view rest = text;
  if (!Consume(rest, ": ")) return true;
  system_words = rest.substr(0, std::min(FindEximField(rest), rest.find(": ")));
  text = rest.substr(system_words.size());
  return true;
}

bool ReadDeferred(std::string_view text, DeliveryEvent& event) {
  event.recipient = TakeEximAddress(text);
  event.transport = TakeEximFields(text).transport;
  std::string_view system_words;
  if (!TakeDefer(text, system_words, event)) return false;
  SetRelay(TakeEximFields(text), event);
  const std::string_view words = Strip(TextBehindColon(text));
  const bool says_nothing = words.empty() || (!system_words.empty() && IsHostAlone(words));
  const EximReason reason = ReadEximReason(says_nothing ? system_words : words);
  SetReason(reason, event);
  event.outcome = reason.no_attempt ? Outcome::kSuspended : Outcome::kDeferred;
  return true;
}

// The flag is two bytes; some sites leave out the blank behind it.
Parsed ParseFlagged(std::string_view flag, std::string_view text, DeliveryEvent& event) {
  text = StripLeft(text);
  if (flag == "*>") return Skip{SkipReason::kProbe};
  if (flag == "<=" || flag == "(=") return Skip{SkipReason::kNotDelivery};
  if (flag == "**") {
    ReadFailed(text, event);
  } else if (flag == "==") {
    if (!ReadDeferred(text, event)) return Skip{SkipReason::kMalformed};
  } else {
    ReadDelivered(text, event);
  }
  event.recipient_domain = DomainOf(event.recipient);
  return event;
}

bool IsFlag(std::string_view flag) {
  return flag == "=>" || flag == "->" || flag == ">>" || flag == "*>" || flag == "**" ||
         flag == "==" || flag == "<=" || flag == "(=";
}

// `numbered`: the line belongs to a message.
Parsed ParseUnflagged(bool numbered, std::string_view text, DeliveryEvent& event) {
  const std::optional<EximReject> reject = ReadEximReject(text);
  if (!reject) {
    const bool attempt = numbered && IsAttempt(text);
    return Skip{attempt ? SkipReason::kAttempt : SkipReason::kNotDelivery};
  }
  event.outcome = Outcome::kRejected;
  event.recipient = reject->recipient;
  event.recipient_domain = DomainOf(event.recipient);
  event.reply = reject->reply;
  SetRelay(reject->fields, event);
  return event;
}

// Takes the number of a process and the blanks around it off `text`.
std::string_view TakePid(std::string_view& text) {
  text = SkipBlanks(text);
  std::size_t digits = 0;
  while (digits < text.size() && IsDigit(text[digits])) ++digits;
  const std::string_view pid = text.substr(0, digits);
  text = SkipBlanks(text.substr(pid.size()));
  return pid;
}

// "   9 LOG: MAIN REJECT": what Exim, run with -v or -d, writes to standard error before each line
// of its log, which then stands there without time and id.
bool TakeVerboseMark(std::string_view message, ParseContext& context) {
  const std::string_view pid = TakePid(message);
  if (!Consume(message, "LOG:") || message.find(" MAIN") == std::string_view::npos) return false;
  context.set_verbose_pid(pid);
  return true;
}

// Takes the process off the line behind such a mark. False: it is none.
bool TakeVerboseText(std::string_view& message, ParseContext& context) {
  if (!context.expects_verbose_text()) return false;
  std::string_view text = message;
  const bool same = context.IsVerbosePid(TakePid(text));
  context.forget_verbose_pid();
  if (same) message = text;
  return same;
}

}  // namespace

Parsed ParseExim(const Record& record, ParseContext& context) {
  std::string_view message = record.message;
  if (TakeVerboseMark(message, context)) return Skip{SkipReason::kNotDelivery};
  const bool verbose = TakeVerboseText(message, context);
  const EximHead head = SplitEximHead(message);
  const bool ours =
      verbose || !head.time.empty() || !head.id.empty() || IsEximProgram(record.program);
  if (!ours) return Skip{SkipReason::kForeign};
  // tai64nlocal's stamp has the shape of Exim's.
  if (head.id.empty() && !head.time.empty() && IsQmailText(head.text))
    return Skip{SkipReason::kForeign};
  if (head.piece > 1) return Skip{SkipReason::kPartial};
  DeliveryEvent event;
  event.mta = Mta::kExim;
  event.time = head.time.empty() ? record.time : head.time;
  event.host = record.host;
  event.instance = record.program;
  event.queue_id = head.id;
  event.truncated = head.pieces > 1;
  const std::string_view flag = head.text.substr(0, 2);
  const bool numbered = verbose || !head.id.empty();
  if (numbered && IsFlag(flag)) {
    // An arrival is the commonest line; it needs no decoding.
    if (flag == "<=") return Skip{SkipReason::kNotDelivery, ReadEximNote(record, head, context)};
    return ParseFlagged(flag, DecodeEximEscapes(head.text.substr(2), context), event);
  }
  if (flag == "**" || flag == "==") return Skip{SkipReason::kMalformed};
  const Parsed parsed = ParseUnflagged(numbered, DecodeEximEscapes(head.text, context), event);
  const Skip* skip = std::get_if<Skip>(&parsed);
  if (skip == nullptr || skip->reason != SkipReason::kNotDelivery) return parsed;
  return Skip{SkipReason::kNotDelivery, ReadEximNote(record, head, context)};
}

}  // namespace bouncesight
