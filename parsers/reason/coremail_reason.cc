#include "parsers/reason/coremail_reason.h"

#include <cstddef>
#include <cstdint>

#include "parsers/reason/phase_words.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

constexpr PhaseWords kCommands[] = {
    {"OPEN", Phase::kConnect}, {"EHLO", Phase::kEhlo}, {"HELO", Phase::kEhlo},
    {"STARTTLS", Phase::kTls}, {"AUTH", Phase::kAuth}, {"MAIL FROM", Phase::kMail},
    {"RCPT TO", Phase::kRcpt}, {"DATA", Phase::kData}, {"DOT", Phase::kEndOfData},
    {"QUIT", Phase::kQuit},
};

bool TakeCommand(std::string_view& text, Phase& phase) {
  for (const PhaseWords& command : kCommands) {
    if (!Consume(text, command.words)) continue;
    phase = command.phase;
    return true;
  }
  return false;
}

void SetReply(std::string_view text, Phase phase, Origin origin, Reason& reason) {
  reason.reply = ParseReply(text);
  reason.reply.phase = phase;
  reason.reply.origin = origin;
}

// Takes "Host DOMAIN(IP) " off `text`.
bool TakeHost(std::string_view& text, Reason& reason) {
  std::string_view rest = text;
  if (!Consume(rest, "Host ")) return false;
  const std::size_t open = FindOrEnd(rest, '(');
  const std::size_t close = FindOrEnd(rest, ')');
  if (close == rest.size() || open > close) return false;
  reason.remote_host = rest.substr(0, open);
  reason.remote_ip = rest.substr(open + 1, close - open - 1);
  text = SkipBlanks(rest.substr(close + 1));
  return true;
}

// "Host D(IP) RCPT TO said REPLY", "Host D(IP) command RCPT TO respond timeout or disconnected".
bool ReadHostForm(std::string_view text, Reason& reason) {
  std::string_view rest = text;
  if (!TakeHost(rest, reason)) return false;
  Consume(rest, "command ");
  Phase phase = Phase::kUnknown;
  TakeCommand(rest, phase);
  rest = SkipBlanks(rest);
  if (Consume(rest, "said")) {
    Consume(rest, ":");
    SetReply(SkipBlanks(rest), phase, Origin::kRemote, reason);
  } else {
    SetReply(text, phase, Origin::kLocal, reason);
  }
  return true;
}

// "Can not connect to DOMAIN:IP:PORT". An IPv6 address holds colons of its own, so the port is
// split off from the right and the domain from the left.
bool ReadConnectForm(std::string_view text, Reason& reason) {
  std::string_view rest = text;
  if (!Consume(rest, "Can not connect to ")) return false;
  SetReply(text, Phase::kConnect, Origin::kLocal, reason);
  rest = rest.substr(0, FindOrEnd(rest, ' '));
  const std::size_t first = rest.find(':');
  const std::size_t last = rest.rfind(':');
  reason.remote_host = rest.substr(0, first);
  if (first == last) return true;
  reason.remote_ip = rest.substr(first + 1, last - first - 1);
  std::string_view port = rest.substr(last + 1);
  reason.remote_port = static_cast<std::uint16_t>(TakeNumber(port, 65535));
  return true;
}

// "[SMTP error, ]STAGE:[ ]REPLY". Without the first words only a reply that has a code counts.
bool ReadStageForm(std::string_view text, Reason& reason) {
  const bool marked = Consume(text, "SMTP error, ");
  Phase phase = Phase::kUnknown;
  if (!TakeCommand(text, phase) || !Consume(text, ":")) return false;
  text = SkipBlanks(text);
  if (marked && (ReadHostForm(text, reason) || ReadConnectForm(text, reason))) {
    if (reason.reply.phase == Phase::kUnknown) reason.reply.phase = phase;
    return true;
  }
  if (!marked && ReplyCodeAt(text) == 0) return false;
  SetReply(text, phase, ReplyCodeAt(text) != 0 ? Origin::kRemote : Origin::kLocal, reason);
  return true;
}

bool ReadForm(std::string_view text, Reason& reason) {
  return ReadStageForm(text, reason) || ReadHostForm(text, reason) || ReadConnectForm(text, reason);
}

}  // namespace

bool ReadCoremailReason(std::string_view text, Reason& reason) {
  text = Strip(text);
  std::string_view inner = text;
  if (!ConsumeNoCase(inner, "rcpt handle timeout")) return ReadForm(text, reason);
  inner = SkipBlanks(inner);
  Consume(inner, ",");
  inner = SkipBlanks(inner);
  if (Consume(inner, "last handle info:")) {
    inner = SkipBlanks(inner);
    if (ReadForm(inner, reason)) return true;
    if (!inner.empty()) text = inner;
  }
  SetReply(text, Phase::kUnknown, Origin::kLocal, reason);
  return true;
}

}  // namespace bouncesight
