#include "parsers/reason/exim_reason.h"

#include <cstddef>

#include "parsers/reason/phase_words.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// The start of a stage, as it stands behind "after " and "in response to ".
constexpr PhaseWords kStages[] = {
    {"initial connection", Phase::kConnect},
    {"EHLO", Phase::kEhlo},
    {"HELO", Phase::kEhlo},
    {"LHLO", Phase::kEhlo},
    {"STARTTLS", Phase::kTls},
    {"AUTH", Phase::kAuth},
    {"MAIL FROM", Phase::kMail},
    {"RCPT TO", Phase::kRcpt},
    {"DATA", Phase::kData},
    {"BDAT", Phase::kEndOfData},
    {"end of data", Phase::kEndOfData},
    {"sending data block", Phase::kEndOfData},
    {"message body", Phase::kEndOfData},
    {"final dot", Phase::kEndOfData},
    {"QUIT", Phase::kQuit},
};

// How Exim's own texts start where they tell the phase.
constexpr PhaseWords kLocalTexts[] = {
    {"Connection refused", Phase::kConnect},
    {"Connection timed out", Phase::kConnect},
    {"Operation timed out", Phase::kConnect},
    {"No route to host", Phase::kConnect},
    {"Network is unreachable", Phase::kConnect},
    {"Host is unreachable", Phase::kConnect},
    {"host lookup", Phase::kConnect},
    {"lookup of host", Phase::kConnect},
    {"all relevant MX", Phase::kConnect},
    {"an MX or SRV record", Phase::kConnect},
    {"remote host address is the local host", Phase::kConnect},
    {"lowest numbered MX record", Phase::kConnect},
    {"a TLS session is required", Phase::kTls},
    {"TLS session", Phase::kTls},
    {"DANE error", Phase::kTls},
    {"authentication required", Phase::kAuth},
    {"Authentication failed", Phase::kAuth},
};

// What "==" says of a recipient that no attempt was made for.
constexpr std::string_view kNoAttempt[] = {
    "retry time not reached",
    "Retry time not yet reached",
    "queue_smtp_domains",
    "domain is in queue_domains",
    "SMTP delivery explicitly queued",
    "first-pass only routing",
    "domain is held",
    "remote host retry",
};

constexpr std::string_view kGaveUp[] = {
    "retry timeout exceeded",
    "have been failing for a long time",
    "after a long failure period",
};

template <std::size_t N>
bool HoldsOneOf(std::string_view text, const std::string_view (&table)[N]) {
  for (const std::string_view words : table) {
    if (text.find(words) != kNotFound) return true;
  }
  return false;
}

// Where the address behind "RCPT TO:" ends; 0 for stages without one. Old versions have a blank
// in front of it.
std::size_t EndOfAddress(std::string_view text, Phase phase) {
  if (phase != Phase::kMail && phase != Phase::kRcpt) return 0;
  const std::size_t open = text.find('<');
  if (open > 12) return 0;  // or none
  const std::size_t close = ClosingAngle(text.substr(open));
  return close == kNotFound ? 0 : open + close;
}

// Takes "STAGE[:<addr>][ params]: " off `text` and gives its phase; what is left is the reply. In a
// bounce message the reply may begin on the next line.
Phase TakeStage(std::string_view& text) {
  Consume(text, "pipelined ");
  const Phase phase = PhaseOfStart(text, kStages);
  for (std::size_t at = text.find(':', EndOfAddress(text, phase)); at != kNotFound;
       at = text.find(':', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    if (!rest.starts_with(' ') && !rest.starts_with('\n') && !rest.starts_with("\r\n")) continue;
    text = rest.substr(1);
    return phase;
  }
  text = text.substr(text.size());
  return phase;
}

// "host NAME [IP]: ", in front of the reply up to 4.84.
void TakeHost(std::string_view& text, EximReason& reason) {
  std::string_view rest = text;
  if (!Consume(rest, "host ")) return;
  const std::string_view name = TakeBefore(rest, " [");
  const std::string_view ip = TakeBefore(rest, "]");
  if (name.find(' ') != kNotFound || !LooksLikeIp(ip)) return;
  TakeBefore(rest, ": ");
  reason.host = name;
  reason.ip = ip;
  text = rest;
}

// "Remote host H [IP] closed …", "SMTP timeout while connected to H [IP] after …": up to 4.84 too.
void FindHost(std::string_view words, EximReason& reason) {
  const std::size_t open = words.find(" [");
  if (open == kNotFound) return;
  const std::size_t close = words.find(']', open);
  if (close == kNotFound || !LooksLikeIp(words.substr(open + 2, close - open - 2))) return;
  const std::size_t blank = words.rfind(' ', open - 1);
  reason.host = words.substr(blank + 1, open - blank - 1);
  reason.ip = words.substr(open + 2, close - open - 2);
}

void SetRemote(std::string_view text, Phase phase, EximReason& reason) {
  reason.reply = ParseReply(Strip(text));
  reason.reply.phase = phase;
  reason.reply.origin = Origin::kRemote;
}

// "… error from remote mail server after STAGE: REPLY" and its kin. False: none of these. A
// malformed reply without a code is not a reply; then Exim's own words tell more.
bool ReadRemoteReply(std::string_view text, EximReason& reason) {
  std::string_view rest = text;
  const bool malformed = text.starts_with("Malformed SMTP reply");
  if (!Consume(rest, "SMTP") && !Consume(rest, "LMTP") && !Consume(rest, "PRDR")) {
    if (!Consume(rest, "Malformed SMTP reply")) return false;
    const std::string_view before = TakeBefore(rest, "in response to ");
    FindHost(before, reason);
  } else if (Consume(rest, " error from remote mail")) {
    TakeBefore(rest, " after ");
  } else if (!Consume(rest, " error after ")) {
    return false;
  }
  const Phase phase = TakeStage(rest);
  rest = StripLeft(rest);
  TakeHost(rest, reason);
  if (rest.empty() || (malformed && !IsDigit(rest[0]))) return false;
  SetRemote(rest, phase, reason);
  return true;
}

// "Remote host closed connection in response to HELO x (EHLO response was: 550 you are banned)".
bool ReadEhloResponse(std::string_view text, EximReason& reason) {
  constexpr std::string_view kMark = " (EHLO response was: ";
  const std::size_t at = text.find(kMark);
  if (at == kNotFound) return false;
  std::string_view reply = text.substr(at + kMark.size());
  if (reply.ends_with(')')) reply.remove_suffix(1);
  SetRemote(reply, Phase::kEhlo, reason);
  return true;
}

// A session that broke: Exim's words, but the phase is known.
bool ReadBrokenSession(std::string_view text, EximReason& reason) {
  std::string_view mark;
  if (text.starts_with("SMTP timeout ") || text.starts_with("LMTP timeout ")) {
    mark = "after ";
  } else if (text.starts_with("Remote host ") || text.starts_with("Malformed SMTP reply")) {
    mark = "in response to ";
  } else {
    return false;
  }
  if (mark == "in response to " && ReadEhloResponse(text, reason)) return true;
  std::string_view rest = text;
  FindHost(TakeBefore(rest, mark), reason);
  reason.reply.text = text;
  reason.reply.phase = TakeStage(rest);
  reason.reply.origin = Origin::kLocal;
  return true;
}

void ReadLocalWords(std::string_view text, EximReason& reason) {
  reason.no_attempt = HoldsOneOf(text, kNoAttempt);
  reason.gave_up = reason.gave_up || HoldsOneOf(text, kGaveUp);
  reason.reply = ParseReply(text);
  reason.reply.origin = Origin::kLocal;
  reason.reply.phase = PhaseOfStart(text, kLocalTexts);
}

}  // namespace

bool ReadEximSession(std::string_view text, EximReason& reason) {
  return ReadRemoteReply(text, reason) || ReadBrokenSession(text, reason);
}

EximReason ReadEximReason(std::string_view text) {
  constexpr std::string_view kTail = ": retry timeout exceeded";
  EximReason reason;
  text = Strip(text);
  if (text.ends_with(kTail)) {
    reason.gave_up = true;
    text = StripRight(text.substr(0, text.size() - kTail.size()));
  }
  if (ReadEximSession(text, reason)) return reason;
  // "Connection timed out: SMTP timeout after …": the system's words may stand in front.
  std::string_view rest = text;
  const std::string_view first = TakeBefore(rest, ": ");
  if (first.size() < 40 && !rest.empty() && ReadEximSession(rest, reason)) return reason;
  ReadLocalWords(text, reason);
  return reason;
}

}  // namespace bouncesight
