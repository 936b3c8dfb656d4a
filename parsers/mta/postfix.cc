#include "parsers/mta/postfix.h"

#include <optional>
#include <utility>

#include "parsers/mta/postfix_delivery.h"
#include "parsers/mta/postfix_note.h"
#include "parsers/mta/postfix_reject.h"
#include "parsers/text/literal.h"
#include "parsers/text/text.h"
#include "parsers/text/word8.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMinQueueId = 5;
constexpr std::size_t kMaxQueueId = 20;

// A message after its queue id: "A73A7A7E3DC: to=<…".
struct Message {
  std::string_view id;    // empty: the text has none in front
  std::string_view text;  // what follows, without the blank
};

Message SplitId(std::string_view message) {
  // Content filters' and old smtpd's rejects have no id; their first word looks like one.
  if (StartsWith(message, "reject: ") || StartsWith(message, "proxy-reject: "))
    return {{}, message};
  const std::string_view head = message.substr(0, kMaxQueueId + 1);
  const std::size_t colon = FindNear(head, ':');
  if (colon < kMinQueueId || colon == head.size()) return {{}, message};
  std::string_view text = message.substr(colon + 1);
  if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return {message.substr(0, colon), text};
}

bool IsPostfixId(std::string_view id) { return !id.empty() && AllAlnum(id); }

// "smtp" of "postfix/smtp"; empty where only the instance is left.
std::string_view DaemonOf(std::string_view program) {
  const std::size_t slash = program.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : program.substr(slash + 1);
}

// rsyslog's programname and RFC 5424 keep only what stands before the slash.
bool IsPostfix(std::string_view program) {
  if (StartsWith(program, "postfix")) return true;
  const std::size_t slash = program.rfind('/');
  if (slash == std::string_view::npos) return false;
  static constexpr std::string_view kDaemons[] = {
      "smtpd",           "qmgr",    "cleanup", "smtp",    "pickup",         "bounce",
      "local",           "lmtp",    "virtual", "pipe",    "error",          "retry",
      "relay",           "discard", "anvil",   "scache",  "tlsmgr",         "postscreen",
      "trivial-rewrite", "master",  "verify",  "dnsblog", "tlsproxy",       "proxymap",
      "oqmgr",           "nqmgr",   "flush",   "showq",   "postfix-script", "postlog",
      "postsuper"};
  const std::string_view daemon = program.substr(slash + 1);
  for (const std::string_view name : kDaemons) {
    if (name == daemon) return true;
  }
  return false;
}

// One host of several failed; the result line follows.
bool IsHostFailure(std::string_view text) {
  if (StartsWith(text, "connect to ") || StartsWith(text, "lost connection with ") ||
      StartsWith(text, "conversation with ")) {
    return true;
  }
  if (!StartsWith(text, "host ")) return false;
  return text.find(" said: ") != std::string_view::npos ||
         text.find(" refused to talk to me: ") != std::string_view::npos;
}

// "from=<S>, status=expired, returned to sender": one a message, whoever its recipients were.
bool IsExpiry(std::string_view text) {
  text = TrimEnd(text);
  if (!ConsumeEnd(text, ", returned to sender")) return false;
  return text.ends_with(", status=expired") || text.ends_with(", status=force-expired");
}

void BeginEvent(const Record& record, std::string_view id, DeliveryEvent& event) {
  event.mta = Mta::kPostfix;
  event.time = record.time;
  event.host = record.host;
  event.instance = PostfixInstance(record.program);
  event.transport = DaemonOf(record.program);
  if (!Is(id, "NOQUEUE") && IsPostfixId(id)) event.queue_id = id;
}

std::optional<SkipReason> ReadCandidate(std::string_view text, DeliveryEvent& event) {
  if (StartsWith(text, "to=")) return ReadPostfixDelivery(text, event);
  if (!StartsWith(text, "from=")) return ReadPostfixReject(text, event);
  event.outcome = Outcome::kExpired;
  event.message.sender = TakePostfixSender(text);
  event.reply.origin = Origin::kLocal;
  return std::nullopt;
}

// A line that starts like one of ours. The event is filled where it leaves: it is too large to be
// handed on by value.
Parsed Candidate(const Record& record, const Message& message) {
  Parsed parsed(std::in_place_type<DeliveryEvent>);
  auto& event = std::get<DeliveryEvent>(parsed);
  BeginEvent(record, message.id, event);
  if (const std::optional<SkipReason> skip = ReadCandidate(message.text, event))
    parsed = Skip{*skip};
  return parsed;
}

// The first letters tell the few lines that matter from the many that do not.
enum class Kind : std::uint8_t { kNoise, kCandidate, kAttempt };

Kind KindOf(const Message& message) {
  const std::string_view text = message.text;
  if (text.size() < 8) return Kind::kNoise;
  bool candidate = false;
  switch (text.front()) {
    case 't':
      candidate = StartsWith(text, "to=") && IsPostfixId(message.id);
      break;
    case 'f':
      candidate = IsExpiry(text) && IsPostfixId(message.id);
      break;
    // A reject says what it is, so its id need not: there may be none, or some placeholder.
    case 'r':
      candidate = StartsWith(text, "reject: ");
      break;
    case 'm':
      candidate = StartsWith(text, "milter-reject: ") || StartsWith(text, "milter-header-reject: ");
      break;
    case 'p':
      candidate = StartsWith(text, "proxy-reject: ");
      break;
    case 'c':
    case 'h':
    case 'l':
      return IsHostFailure(text) ? Kind::kAttempt : Kind::kNoise;
    default:
      break;
  }
  return candidate ? Kind::kCandidate : Kind::kNoise;
}

// What follows a word that is too short or too long for an id, or `text`.
std::string_view BehindStrangeId(std::string_view text) {
  const std::string_view head = text.substr(0, 2 * kMaxQueueId);
  const std::size_t colon = FindNear(head, ':');
  if (colon == head.size() || !AllAlnum(head.substr(0, colon))) return text;
  return SkipBlanks(text.substr(colon + 1));
}

// Starts like a result, but not as any that is known: somebody should see it.
bool SpeaksOfAResult(const Message& message) {
  const std::string_view text = message.id.empty() ? BehindStrangeId(message.text) : message.text;
  if (StartsWith(text, "to=")) return true;
  if (!StartsWith(text, "from=<") || text.ends_with(')')) return false;
  return text.find(", status=") != std::string_view::npos;
}

// Where the program's name does not say Postfix, the line must do so itself.
Parsed UnlessDoubtful(Parsed parsed) {
  const Skip* skip = std::get_if<Skip>(&parsed);
  if (skip != nullptr && skip->reason != SkipReason::kProbe) parsed = Skip{SkipReason::kForeign};
  return parsed;
}

}  // namespace

Parsed ParsePostfix(const Record& record, ParseContext& context) {
  const bool ours = IsPostfix(record.program);
  const Message message = SplitId(record.message);
  const Kind kind = KindOf(message);
  if (kind == Kind::kCandidate) {
    if (ours) return Candidate(record, message);
    return UnlessDoubtful(Candidate(record, message));
  }
  if (!ours) return Skip{SkipReason::kForeign};
  if (SpeaksOfAResult(message)) return Skip{SkipReason::kMalformed};
  // The colons of an IPv6 address may have been taken for the end of an id.
  const bool attempt = kind == Kind::kAttempt || StartsWith(record.message, "connect to ");
  if (attempt) return Skip{SkipReason::kAttempt};
  return Skip{SkipReason::kNotDelivery, ReadPostfixNote(record, message.id, message.text, context)};
}

}  // namespace bouncesight
