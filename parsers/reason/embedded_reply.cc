#include "parsers/reason/embedded_reply.h"

#include <algorithm>

#include "parsers/reason/bounce_text_scan.h"
#include "parsers/reason/phase_words.h"
#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

// A refusal's code, then something to read.
bool IsReplyStart(std::string_view text) {
  if (text.size() < 5 || (text[0] != '4' && text[0] != '5') || !IsDigit(text[1]) ||
      !IsDigit(text[2]) || (text[3] != ' ' && text[3] != '-')) {
    return false;
  }
  const std::string_view rest = text.substr(4, 40);
  return std::any_of(rest.begin(), rest.end(), IsLetter);
}

bool HoldsLead(std::string_view before) {
  while (!before.empty() && (before.back() == ' ' || before.back() == '\''))
    before.remove_suffix(1);
  return before.ends_with(':') || before.ends_with("smtp;") || before.ends_with("<<<") ||
         before.ends_with("because of");
}

// The last that stands there decides: what is said of the body may name RCPT, too.
constexpr PhaseWords kPhaseWords[] = {
    {"HELO", Phase::kEhlo},
    {"EHLO", Phase::kEhlo},
    {"name was rejected", Phase::kEhlo},
    {"sender was rejected", Phase::kMail},
    {"MAIL FROM", Phase::kMail},
    {"not like recipient", Phase::kRcpt},
    {"RCPT", Phase::kRcpt},
    {"initial connection", Phase::kConnect},
    {"after I sent the message", Phase::kEndOfData},
    {"final DATA", Phase::kEndOfData},
    {"end of data", Phase::kEndOfData},
};

// What the sentence goes on to say after the reply.
std::string_view CutTail(std::string_view text) {
  for (const std::string_view tail :
       {"Giving up on ", "I'm not going to try again", "This has been a permanent failure"}) {
    text = text.substr(0, text.find(tail));
  }
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Whether "550-'…" or "('550', ['…" stands at `at`, with the code; `said` is then what the last
// quote ends.
bool IsQuotation(std::string_view text, std::size_t at, std::string_view& said) {
  const bool listed = text.substr(0, at).ends_with("('");
  std::string_view rest = text.substr(at);
  if ((!listed && text[at - 1] != ' ') || ReplyCodeAt(rest) < 400) return false;
  rest.remove_prefix(3);
  if (!rest.starts_with(listed ? "', ['" : "-'")) return false;
  rest.remove_prefix(listed ? 5 : 2);
  said = rest.substr(0, rest.rfind('\''));
  return true;
}

}  // namespace

bool FindQuotedReply(std::string_view text, Reply& reply) {
  std::size_t length = 0;
  if (!ParseEnhancedCode(text, length).present() || !text.substr(length).starts_with(" - "))
    return false;
  for (std::size_t at = length + 3; at + 5 <= text.size(); ++at) {
    std::string_view said;
    if (!IsQuotation(text, at, said)) continue;
    if (std::none_of(said.begin(), said.end(), IsLetter)) return false;
    reply = ParseReply(said);
    if (reply.code == 0) reply.code = ReplyCodeAt(text.substr(at));
    reply.origin = Origin::kRemote;
    return true;
  }
  return false;
}

bool FindEmbeddedReply(std::string_view text, Reply& reply) {
  for (std::size_t at = 1; at + 5 <= text.size(); ++at) {
    if (IsDigit(text[at - 1]) || !IsReplyStart(text.substr(at))) continue;
    if (!HoldsLead(text.substr(0, at)) || IsPort(text, at)) continue;
    std::string_view said = text.substr(at);
    if (IsQuote(text[at - 1])) said = said.substr(0, QuotationEnd(said, text[at - 1]));
    // "550 550 5.1.1 …": one server's code in front of another's.
    if (IsReplyStart(said.substr(4)) && said.substr(0, 3) == said.substr(4, 3)) {
      said.remove_prefix(4);
    }
    reply = ParseReply(CutTail(said));
    reply.phase = PhaseWithin(text.substr(0, at), kPhaseWords);
    reply.origin = Origin::kRemote;
    return true;
  }
  return false;
}

}  // namespace bouncesight
