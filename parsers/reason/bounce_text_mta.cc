#include "parsers/reason/bounce_text_mta.h"

#include <algorithm>
#include <cstddef>

#include "parsers/reason/bounce_text_remote.h"
#include "parsers/reason/bounce_text_scan.h"
#include "parsers/reason/exim_reason.h"
#include "parsers/reason/phase_words.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// What qmail says in front of "Remote host said", and some of its kin behind the reply.
constexpr PhaseWords kPhases[] = {
    {"does not like recipient", Phase::kRcpt},
    {"sender was rejected", Phase::kMail},
    {"greeting failed", Phase::kConnect},
    {"my name was rejected", Phase::kEhlo},
    {"failed on DATA command", Phase::kData},
    {"failed after I sent the message", Phase::kEndOfData},
    {"[RCPT_TO]", Phase::kRcpt},
    {"[MAIL_FROM]", Phase::kMail},
};

void KeepPhase(std::string_view text, Reason& outer) {
  const Phase phase = PhaseWithin(text, kPhases);
  if (phase != Phase::kUnknown) outer.reply.phase = phase;
}

// Takes the first of qmail's closing sentences, and all behind it, off the end.
void DropClosing(std::string_view& text) {
  for (const std::string_view words :
       {"I'm not going to try again", "Giving up on ", "[RCPT_TO]", "[MAIL_FROM]"}) {
    const std::size_t at = text.find(words);
    if (at != kNotFound && at > 0) text = StripRight(text.substr(0, at));
  }
}

// "192.0.2.1 does not like …", "Connected to 192.0.2.1 but …", "… remote host 192.0.2.1".
void KeepHost(std::string_view text, Reason& outer) {
  if (!outer.remote_ip.empty()) return;
  std::string_view rest = text;
  Consume(rest, "Connected to ");
  const std::string_view first = rest.substr(0, rest.find(' '));
  const std::string_view last = text.substr(text.rfind(' ') + 1);
  if (LooksLikeIp(first)) outer.remote_ip = first;
  if (LooksLikeIp(last)) outer.remote_ip = last;
}

}  // namespace

bool ReadEximWords(std::string_view text, Reason& reason) {
  std::string_view rest = text;
  std::string_view host;
  if (Consume(rest, "host ")) {
    const std::size_t close = FindOrEnd(rest, ']');
    if (close == rest.size()) return false;
    host = rest.substr(0, close + 1);
    rest.remove_prefix(close + 1);
    Consume(rest, ":");
    rest = StripLeft(rest);
  }
  EximReason exim;
  if (!ReadEximSession(rest, exim)) return false;
  if (!host.empty()) SetRemote(host, reason);
  if (!exim.ip.empty()) {
    reason.remote_host = exim.host;
    reason.remote_ip = exim.ip;
  }
  reason.reply = exim.reply;
  return true;
}

bool PeelTranscript(std::string_view& text, Reason& outer) {
  constexpr std::string_view kReply = "<<< ";
  constexpr std::string_view kHeading = "----- Transcript of session follows -----";
  const std::size_t heading = text.find(kHeading);
  const std::size_t talking = text.find("while talking to ");
  if (heading == kNotFound && talking == kNotFound) return false;
  const std::size_t reply = text.find(kReply);
  if (reply == kNotFound) {
    if (heading == kNotFound) return false;
    text = Strip(text.substr(heading + kHeading.size()));
    return !text.empty();
  }
  const std::string_view before = text.substr(0, reply);
  if (talking < reply && outer.remote_host.empty()) {
    std::string_view host = before.substr(talking + 17);
    host = host.substr(0, host.find_first_of(" :\n"));
    ConsumeEnd(host, ".");
    if (!host.empty()) SetRemote(host, outer);
  }
  if (before.find(">>> RCPT") != kNotFound) outer.reply.phase = Phase::kRcpt;
  if (before.find(">>> MAIL") != kNotFound) outer.reply.phase = Phase::kMail;
  if (before.find(">>> DATA") != kNotFound) outer.reply.phase = Phase::kData;
  outer.reply.origin = Origin::kRemote;
  text = text.substr(reply + kReply.size());
  text = Strip(text.substr(0, text.find('\n')));
  return true;
}

bool PeelQuotedReply(std::string_view& text, Reason& outer) {
  constexpr std::string_view kReturned = "Remote server returned '";
  constexpr std::string_view kRemoteHost = "Remote host said:";
  if (const std::size_t at = FindNoCase(text, kReturned); at != kNotFound) {
    text.remove_prefix(at + kReturned.size());
    text = Strip(text.substr(0, text.rfind('\'')));  // what it quotes may hold one, too
    outer.reply.origin = Origin::kRemote;
    return !text.empty();
  }
  const std::size_t named = FindNoCase(text, kRemoteHost);
  const std::size_t said =
      named == kNotFound ? FindNoCase(text, "said:") : named + kRemoteHost.size() - 5;
  if (said == kNotFound) return false;
  std::string_view reply = StripLeft(text.substr(said + 5));
  if (reply.empty() || (named == kNotFound && !IsReply(reply))) return false;
  KeepPhase(text.substr(0, said), outer);
  KeepHost(StripRight(text.substr(0, said)), outer);
  KeepPhase(reply.substr(reply.size() - std::min<std::size_t>(reply.size(), 16)), outer);
  DropClosing(reply);
  outer.reply.origin = Origin::kRemote;
  text = reply;
  return true;
}

}  // namespace bouncesight
