#include "parsers/reason/reason.h"

#include <algorithm>

#include "parsers/reason/bounce_text.h"
#include "parsers/reason/embedded_reply.h"
#include "parsers/reason/loose_reply.h"
#include "parsers/reason/own_words.h"
#include "parsers/text/endpoint.h"
#include "parsers/text/literal.h"
#include "parsers/text/text.h"

namespace bouncesight {
namespace {

void SetRemote(const Endpoint& endpoint, Reason& reason) {
  reason.remote_host = endpoint.host;
  reason.remote_ip = endpoint.ip;
  reason.remote_port = endpoint.port;
}

void SetRemoteReply(std::string_view text, Phase phase, Reason& reason) {
  reason.reply = ParseReply(text);
  reason.reply.phase = phase;
  reason.reply.origin = Origin::kRemote;
}

// Takes "(in reply to RCPT TO command)" off the end. A remote host may write the same into its
// reply, so only what stands at the very end counts.
Phase TakeInReplyTo(std::string_view& text) {
  if (text.empty() || text.back() != ')') return Phase::kUnknown;
  // From bracket to bracket: to look for the whole mark from behind is a call for each byte.
  for (std::size_t at = text.rfind('('); at != text.npos && at > 0; at = text.rfind('(', at - 1)) {
    std::string_view phrase = text.substr(at - 1);
    if (!Consume(phrase, " (in reply to ")) continue;
    phrase.remove_suffix(1);
    text = text.substr(0, at - 1);
    return PhaseOfPhrase(phrase);
  }
  return Phase::kUnknown;
}

// "host H[IP] said: REPLY (in reply to …)", "host H[IP] refused to talk to me: REPLY".
bool HostSaid(std::string_view text, Reason& reason) {
  Consume(text, "Protocol error: ");
  Endpoint endpoint;
  if (!Consume(text, "host ") || !TakeEndpoint(text, endpoint)) return false;
  Phase phase = Phase::kUnknown;
  if (Consume(text, " said: ")) {
    phase = TakeInReplyTo(text);
  } else if (Consume(text, " refused to talk to me: ")) {
    phase = Phase::kConnect;
  } else {
    return false;
  }
  SetRemote(endpoint, reason);
  SetRemoteReply(text, phase, reason);
  return true;
}

// "connect to H[IP]:25: Connection timed out"; old versions have no port, and the greeting's
// refusal may follow.
bool ConnectTo(std::string_view text, Reason& reason) {
  std::string_view rest = text;
  Endpoint endpoint;
  if (!Consume(rest, "connect to ") || !TakeEndpoint(rest, endpoint)) return false;
  SetRemote(endpoint, reason);
  if (Consume(rest, ": server refused to talk to me: ")) {
    SetRemoteReply(rest, Phase::kConnect, reason);
  } else {
    reason.reply = OwnWords(text, Phase::kConnect);
  }
  return true;
}

// "lost connection with H[IP] while PHRASE", "conversation with H[IP] timed out while PHRASE".
bool BrokenSession(std::string_view text, Reason& reason) {
  std::string_view rest = text;
  if (!Consume(rest, "lost connection with ") && !Consume(rest, "conversation with ")) return false;
  Endpoint endpoint;
  if (!TakeEndpoint(rest, endpoint)) return false;
  SetRemote(endpoint, reason);
  Consume(rest, " timed out");
  const Phase phase = Consume(rest, " while ") ? PhaseOfPhrase(rest) : Phase::kUnknown;
  reason.reply = OwnWords(text, phase);
  return true;
}

// "TLS is required, but host H[IP] refused to start TLS: 454 …", "SASL authentication failed;
// server H[IP] said: 535 …", "message size N exceeds size limit M of server H[IP]", and their kin.
bool FeatureRefused(std::string_view text, Reason& reason) {
  struct Form {
    std::string_view start;        // how the text begins
    std::string_view before_host;  // what stands before H[IP], if anything does
    std::string_view before_reply;
    Phase phase;
  };
  static constexpr Form kForms[] = {
      {"TLS is required, but host ", "but host ", " refused to start TLS: ", Phase::kTls},
      {"TLS is required, but ", " by host ", {}, Phase::kTls},
      {"Cannot start TLS", {}, {}, Phase::kTls},
      {"Server certificate not ", {}, {}, Phase::kTls},
      {"client TLS configuration problem", {}, {}, Phase::kTls},
      {"TLSA lookup error", {}, {}, Phase::kTls},
      {"Sender requested REQUIRETLS", {}, {}, Phase::kTls},
      {"SASL ", "server ", " said: ", Phase::kAuth},
      {"message size ", " of server ", {}, Phase::kMail},
      {"SMTPUTF8 is required", " by host ", {}, Phase::kMail},
      {"message requires SMTPUTF8", {}, {}, Phase::kMail},
  };
  for (const Form& form : kForms) {
    if (!text.starts_with(form.start)) continue;
    reason.reply = OwnWords(text, form.phase);
    std::string_view rest = text;
    std::string_view ignored;
    Endpoint endpoint;
    if (form.before_host.empty() || !TakeUntil(rest, form.before_host, ignored) ||
        !TakeEndpoint(rest, endpoint)) {
      return true;
    }
    SetRemote(endpoint, reason);
    if (!form.before_reply.empty() && Consume(rest, form.before_reply)) {
      SetRemoteReply(rest, form.phase, reason);
    }
    return true;
  }
  return false;
}

// What Postfix says before it has a peer to talk to.
bool NameLookup(std::string_view text, Reason& reason) {
  static constexpr std::string_view kStarts[] = {"Host or domain name not found",
                                                 "Name service error for ",
                                                 "Malformed or unexpected name server reply",
                                                 "Error looking up name=",
                                                 "unable to look up host ",
                                                 "unable to find primary relay for ",
                                                 "mail for ",
                                                 "network address conversion failed",
                                                 "all network protocols are disabled"};
  const auto fits = [text](std::string_view start) { return text.starts_with(start); };
  bool known = text.starts_with("Domain ") && text.find(" does not accept mail") != text.npos;
  for (const std::string_view start : kStarts) known = known || fits(start);
  if (known) reason.reply = OwnWords(text, Phase::kConnect);
  return known;
}

bool LooksLikeReply(std::string_view text) {
  return text.size() >= 3 && AllDigits(text.substr(0, 3)) &&
         (text.size() == 3 || text[3] == ' ' || text[3] == '-');
}

bool HasCode(const Reply& reply) { return reply.code != 0 || reply.enhanced.present(); }

bool StartsWithRefusal(std::string_view text) {
  return (text.starts_with('4') || text.starts_with('5')) && LooksLikeReply(text) &&
         text.size() > 5;
}

// More than codes and "message refused": where the inner reply says no more, the outer one may name
// the cause.
bool IsASentence(std::string_view reply) {
  const auto words = std::count(reply.begin(), reply.end(), ' ');
  return words >= (ParseReply(reply).enhanced.present() ? 4 : 3);
}

// "554 4.4.7 Message expired.<421 4.4.0 Unable to look up DNS>" and "550 5.7.514 … -> 550 Rejected
// because …": the reply inside is the cause. The codes stay the outer ones, which say whether it is
// final.
void UnwrapInner(Reply& reply) {
  std::string_view text = reply.text;
  if (reply.code == 0 || FindOrEnd(text, '>') == text.size()) return;
  constexpr std::string_view kArrow = " -> ";
  const std::size_t arrow = text.find(kArrow);
  if (arrow != text.npos) {
    const std::string_view inner = text.substr(arrow + kArrow.size());
    if (StartsWithRefusal(inner) && IsASentence(inner)) reply.text = inner;
    return;
  }
  if (!ConsumeEnd(text, ">")) return;
  const std::size_t open = text.rfind('<');
  if (open != text.npos && StartsWithRefusal(text.substr(open + 1)))
    reply.text = text.substr(open + 1);
}

// The forms of Postfix' own log. Our own words that fit none of them are left to the caller.
bool ReadOwnForms(std::string_view text, Reason& reason) {
  if (LooksLikeReply(text)) {
    SetRemoteReply(text, Phase::kUnknown, reason);
    return true;
  }
  return HostSaid(text, reason) || ConnectTo(text, reason) || BrokenSession(text, reason) ||
         FeatureRefused(text, reason) || NameLookup(text, reason);
}

}  // namespace

Phase PhaseOfPhrase(std::string_view phrase) {
  struct Row {
    std::string_view start;
    Phase phase;
  };
  // Longer starts before shorter ones that they begin with.
  static constexpr Row kRows[] = {
      {"RCPT TO", Phase::kRcpt},
      {"MAIL FROM", Phase::kMail},
      {"end of DATA", Phase::kEndOfData},
      {"DATA command", Phase::kData},
      {"EHLO", Phase::kEhlo},
      {"HELO", Phase::kEhlo},
      {"LHLO", Phase::kEhlo},
      {"XFORWARD", Phase::kEhlo},
      {"STARTTLS", Phase::kTls},
      {"AUTH", Phase::kAuth},
      {"final RSET", Phase::kQuit},
      {"RSET", Phase::kQuit},
      {"QUIT", Phase::kQuit},
      {"receiving the initial server greeting", Phase::kConnect},
      {"receiving the initial SMTP greeting", Phase::kConnect},
      {"receiving the STARTTLS", Phase::kTls},
      {"performing the EHLO", Phase::kEhlo},
      {"performing the HELO", Phase::kEhlo},
      {"performing the LHLO", Phase::kEhlo},
      {"performing the initial protocol handshake", Phase::kEhlo},
      {"performing the SMTP handshake", Phase::kEhlo},
      {"performing the TLS", Phase::kTls},
      {"sending message body", Phase::kEndOfData},
      {"sending end of data", Phase::kEndOfData},
  };
  std::string_view rest = phrase;
  for (int turn = 0; turn < 2; ++turn) {
    for (const Row& row : kRows) {
      if (rest.starts_with(row.start)) return row.phase;
    }
    if (!Consume(rest, "sending ")) break;
  }
  return Phase::kUnknown;
}

Reason ParseBareReason(std::string_view text) {
  Reason reason;
  if (!ReadOwnForms(Trim(text), reason)) reason.reply = ParseReply(Trim(text));
  return reason;
}

Reason ParseReason(std::string_view text) {
  Reason reason;
  text = Trim(text);
  while (Consume(text, "delivery temporarily suspended: ")) reason.suspended = true;
  // A bounce text may stand behind a reply too: "550 no such user (RCPT TO:ann@example.com)".
  const bool plain = !text.ends_with(')') && !text.ends_with("....");
  const bool read = ((plain || !LooksLikeReply(text)) && ReadOwnForms(text, reason)) ||
                    UnwrapBounceText(text, reason) || ReadOwnForms(text, reason);
  if (!read) reason.reply = ParseReply(text);
  if (!HasCode(reason.reply) && reason.reply.origin != Origin::kLocal) {
    if (!FindDetailedReply(text, reason) && !FindEmbeddedReply(text, reason.reply))
      FindLooseReply(text, reason);
  } else if (reason.reply.code == 0) {
    FindQuotedReply(reason.reply.text, reason.reply);
  }
  UnwrapInner(reason.reply);
  return reason;
}

}  // namespace bouncesight
