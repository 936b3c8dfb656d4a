#include "parsers/reason/bounce_text.h"

#include <cstddef>
#include <cstdint>

#include "parsers/reason/bounce_text_mta.h"
#include "parsers/reason/bounce_text_notice.h"
#include "parsers/reason/bounce_text_remote.h"
#include "parsers/reason/bounce_text_scan.h"
#include "parsers/reason/coremail_reason.h"
#include "parsers/reason/phase_words.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// A bounce of a bounce has been seen to hold three wrappers; more than this is not an honest text.
constexpr int kMaxWrappers = 8;

// What the wrappers say. Outer words come first, so the first to speak is kept.
void KeepRecipient(std::string_view address, Reason& outer) {
  if (outer.recipient.empty()) outer.recipient = address;
}

// "remote server said: REASON"; the field of a delivery status notification.
bool PeelLabel(std::string_view& text, Reason& outer) {
  std::string_view rest = text;
  if (ConsumeNoCase(rest, "remote server said")) {
    if (!ConsumeMark(rest, ":")) return false;
    outer.reply.origin = Origin::kRemote;
  } else if (ConsumeNoCase(rest, "Diagnostic-Code:")) {
    rest = StripLeft(rest);
    const std::size_t semicolon = rest.find(';');
    if (semicolon == kNotFound || rest.substr(0, semicolon).find(' ') != kNotFound) return false;
    rest.remove_prefix(semicolon + 1);
  } else {
    return false;
  }
  text = Strip(rest);
  return true;
}

// What follows an address that is part of the sentence, as in "a@example.com is disabled".
bool GoesOnAsASentence(std::string_view text) {
  for (const std::string_view word :
       {"is ", "was ", "has ", "does ", "not ", "isn", "doesn", "un"}) {
    if (StartsWithNoCase(text, word)) return true;
  }
  return false;
}

// "<ADDR> : REASON", "ADDR, REASON", "<ADDR>... REASON", "ADDR ; REASON", "ADDR REASON".
bool PeelRecipient(std::string_view& text, Reason& outer) {
  std::string_view rest = text;
  std::string_view address;
  if (!TakeAddress(rest, address)) return false;
  bool parted = false;
  while (Consume(rest, "...") || ConsumeMark(rest, ":;,")) parted = true;
  rest = StripLeft(rest);
  Consume(rest, "... ");
  if (rest.empty() || (!parted && GoesOnAsASentence(rest))) return false;
  // A second address is a sender's, in the reply: "<a@x>... <b@y>... We don't take mail from you".
  if (!outer.recipient.empty() && outer.recipient != address) return false;
  KeepRecipient(address, outer);
  text = rest;
  return true;
}

// "Failure reply of RCPT to ADDR from IP, REASON"; also of MAIL and DATA.
bool PeelFailureReply(std::string_view& text, Reason& outer) {
  static constexpr PhaseWords kStages[] = {{"RCPT", Phase::kRcpt},
                                           {"MAIL", Phase::kMail},
                                           {"DATA", Phase::kData},
                                           {"EHLO", Phase::kEhlo},
                                           {"HELO", Phase::kEhlo}};
  std::string_view rest = text;
  if (!ConsumeNoCase(rest, "Failure reply of ")) return false;
  for (const PhaseWords& stage : kStages) {
    if (StartsWithNoCase(rest, stage.words)) outer.reply.phase = stage.phase;
  }
  const std::size_t from = rest.find(" from ");
  if (from == kNotFound) return false;
  if (outer.reply.phase == Phase::kRcpt) KeepRecipient(FindAddress(rest.substr(0, from)), outer);
  rest.remove_prefix(from + 6);
  const std::size_t comma = FindOrEnd(rest, ',');
  if (comma == rest.size()) return false;
  SetRemote(rest.substr(0, comma), outer);
  outer.reply.origin = Origin::kRemote;
  text = StripLeft(rest.substr(comma + 1));
  return true;
}

// "the mta server of DOMAIN (IP) reply: REASON".
bool PeelMtaServer(std::string_view& text, Reason& outer) {
  std::string_view rest = text;
  if (!ConsumeNoCase(rest, "the mta server of ")) return false;
  const std::size_t reply = rest.find("reply");
  if (reply == kNotFound) return false;
  const std::string_view host = rest.substr(0, reply);
  rest.remove_prefix(reply + 5);
  if (!ConsumeMark(rest, ":")) return false;
  SetRemote(host, outer);
  outer.reply.origin = Origin::kRemote;
  text = rest;
  return true;
}

// "host H said: REASON" with whatever a page or a person made of H and of the case: "host ……
// said:552 …", "Host mx.example.com [IP] refused to talk to me: …". The regular form is
// ParseReason's own.
bool PeelHostSaid(std::string_view& text, Reason& outer) {
  std::string_view rest = text;
  if (!ConsumeNoCase(rest, "host")) return false;
  constexpr std::size_t kLongestHost = 120;
  const std::string_view near = rest.substr(0, kLongestHost + 24);
  for (const std::string_view words : {"said:", "refused to talk to me:"}) {
    const std::size_t at = FindNoCase(near, words);
    if (at > kLongestHost) continue;  // or there is none: npos is large
    const std::string_view host = Strip(rest.substr(0, at));
    const std::string_view inner = StripLeft(rest.substr(at + words.size()));
    const std::size_t blank = host.find(' ');
    if (inner.empty() || (blank != kNotFound && host[blank + 1] != '[')) return false;
    if (!host.empty() && IsAlnum(host[0])) SetRemote(host, outer);
    if (words != "said:") outer.reply.phase = Phase::kConnect;
    outer.reply.origin = Origin::kRemote;
    text = inner;
    return true;
  }
  return false;
}

// "REASON (RCPT TO:ADDR)", "REASON (in reply to RCPT TO command)".
bool PeelSuffix(std::string_view& text, Reason& outer) {
  if (!text.ends_with(')')) return false;
  std::size_t open = text.rfind("(RCPT TO:");
  if (open != kNotFound && open > 0) {
    KeepRecipient(FindAddress(text.substr(open)), outer);
    outer.reply.phase = Phase::kRcpt;
    text = StripRight(text.substr(0, open));
    return true;
  }
  constexpr std::string_view kInReply = "(in reply to ";
  open = text.rfind(kInReply);
  if (open == kNotFound || open == 0 || text.starts_with("host ")) return false;
  outer.reply.phase = PhaseOfPhrase(text.substr(open + kInReply.size()));
  text = StripRight(text.substr(0, open));
  return true;
}

// "REASON,........": dots of a page that cut the rest.
bool PeelDots(std::string_view& text) {
  std::string_view rest = text;
  while (rest.ends_with('.')) rest.remove_suffix(1);
  if (text.size() - rest.size() < 4 || !rest.ends_with(',')) return false;
  rest.remove_suffix(1);
  text = StripRight(rest);
  return true;
}

bool PeelOne(std::string_view& text, Reason& outer) {
  // A reply may say all of this on its own account; only what stands behind it is a wrapper.
  if (ReplyCodeAt(text) != 0) return PeelSuffix(text, outer) || PeelDots(text);
  return PeelNotice(text, outer) || PeelBouncedBecause(text, outer) || PeelLabel(text, outer) ||
         PeelRecipient(text, outer) || PeelFailureReply(text, outer) ||
         PeelMtaServer(text, outer) || PeelHostSaid(text, outer) || PeelSuffix(text, outer) ||
         PeelTranscript(text, outer) || PeelQuotedReply(text, outer) || PeelDots(text);
}

// "SMTP 550 (ADDR REASON - ERR010)", "错误 421 REASON": the words stay whole, for the number at
// their end tells more than they do.
bool ReadNumbered(std::string_view text, Reason& reason) {
  std::string_view rest = text;
  if (!Consume(rest, "SMTP ") && !Consume(rest, "错误") && !Consume(rest, "錯誤")) return false;
  rest = SkipBlanks(rest);
  if (rest.size() < 4 || !AllDigits(rest.substr(0, 3)) || IsDigit(rest[3])) return false;
  reason.reply = ParseReply(rest);
  reason.reply.text = text;
  reason.reply.origin = Origin::kRemote;
  rest = SkipBlanks(rest.substr(3));
  if (!Consume(rest, "(")) return true;
  std::string_view address;
  // 发件人, 发件域 and 会话: it is about the sender.
  const bool sender = rest.find("发件") != kNotFound || rest.find("会话") != kNotFound;
  if (!sender && TakeAddress(rest, address)) reason.recipient = address;
  constexpr std::string_view kRemoteMta = "远程MTA ";
  if (Consume(rest, kRemoteMta)) SetRemote(rest.substr(0, rest.find_first_of(": ")), reason);
  return true;
}

// The inner words decide; the outer ones fill what they leave open.
void FillFrom(const Reason& outer, Reason& reason) {
  if (reason.recipient.empty()) reason.recipient = outer.recipient;
  if (reason.remote_host.empty() && reason.remote_ip.empty()) {
    reason.remote_host = outer.remote_host;
    reason.remote_ip = outer.remote_ip;
    reason.remote_port = outer.remote_port;
  }
  if (reason.reply.phase == Phase::kUnknown) reason.reply.phase = outer.reply.phase;
  if (reason.reply.origin == Origin::kUnknown) reason.reply.origin = outer.reply.origin;
}

}  // namespace

bool UnwrapBounceText(std::string_view text, Reason& reason) {
  Reason outer;
  text = Strip(text);
  if (ReadBounceLabels(text, reason)) return true;
  bool peeled = false;
  for (int turn = 0; turn < kMaxWrappers && PeelOne(text, outer); ++turn) peeled = true;
  Reason inner;
  const bool read = ReadCoremailReason(text, inner) || ReadRemoteStatement(text, inner) ||
                    ReadEximWords(text, inner) || ReadNumbered(text, inner);
  if (!read && !peeled) return false;
  if (!read) inner = ParseBareReason(text);
  FillFrom(outer, inner);
  inner.suspended = inner.suspended || reason.suspended;
  reason = inner;
  return true;
}

}  // namespace bouncesight
