#include "parsers/reason/loose_reply.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "parsers/reason/bounce_text_scan.h"
#include "parsers/reason/phase_words.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

bool IsWordByte(char c) { return IsLetter(c) || static_cast<unsigned char>(c) >= 0x80; }

bool StandsAlone(std::string_view text, std::size_t at) {
  if (at + 4 > text.size() || (text[at] != '4' && text[at] != '5')) return false;
  if (!IsDigit(text[at + 1]) || !IsDigit(text[at + 2])) return false;
  const char next = text[at + 3];
  if (next != ' ' && next != '-' && next != ':' && next != ',') return false;
  // "send.go:511: ", a place in a program.
  if (next == ':' && at > 1 && text[at - 1] == ':' && IsAlnum(text[at - 2])) return false;
  if (IsPort(text, at)) return false;
  if (at > 0 && text[at - 1] == '#') {  // Exchange: "#550 5.1.1 not found ##"
    std::size_t length = 0;
    return next == ' ' && ParseEnhancedCode(text.substr(at + 4), length).present();
  }
  return at == 0 ||
         (!IsAlnum(text[at - 1]) && std::string_view("./-_+#@").find(text[at - 1]) == kNotFound);
}

// "Expected response code 250 but got": what was hoped for, not what came.
bool IsHope(std::string_view before) {
  const std::string_view near =
      before.substr(before.size() - std::min<std::size_t>(before.size(), 32));
  const std::size_t expected = FindNoCase(near, "expect");
  if (expected == kNotFound) return false;
  const std::string_view since = near.substr(expected);
  return FindNoCase(since, "got") == kNotFound && FindNoCase(since, "receiv") == kNotFound;
}

bool EndsWithWord(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  const std::size_t at = text.size() - word.size();
  return StartsWithNoCase(text.substr(at), word) && (at == 0 || !IsAlnum(text[at - 1]));
}

// "line 512 in", "after 500 seconds".
bool IsAmount(std::string_view before, std::string_view behind) {
  static constexpr std::string_view kBefore[] = {"line", "port", "pid", "size", "after", "for",
                                                 "than", "over", "uid", "in",   "of",    "limit"};
  static constexpr std::string_view kBehind[] = {"seconds", "secs ", "bytes", "minutes", "hours",
                                                 "days",    "kb ",   "mb ",   "ms ",     "of "};
  before = StripRight(before);
  behind = StripLeft(behind);
  const auto ends = [before](std::string_view word) { return EndsWithWord(before, word); };
  const auto starts = [behind](std::string_view word) { return StartsWithNoCase(behind, word); };
  return std::ranges::any_of(kBefore, ends) || std::ranges::any_of(kBehind, starts);
}

// Behind "550,": Python's ", b'", or JSON's `,"response":"`. Leaves what the quotes hold.
bool TakeQuotedWords(std::string_view& behind) {
  std::string_view rest = SkipBlanks(behind.substr(1));
  if (rest.size() > 2 && (rest[0] == 'b' || rest[0] == 'u') && IsQuote(rest[1]))
    rest.remove_prefix(1);
  if (rest.empty() || !IsQuote(rest[0])) return false;
  const char quote = rest[0];
  std::size_t close = rest.find(quote, 1);
  if (close < 24 && SkipBlanks(rest.substr(close + 1)).starts_with(':')) {
    rest = SkipBlanks(SkipBlanks(rest.substr(close + 1)).substr(1));
    if (rest.empty() || !IsQuote(rest[0])) return false;
  }
  behind = rest.substr(1);
  return true;
}

// .NET's SmtpException and Thunderbird in their languages: the reply without its code, behind a
// sentence of the program's own.
bool ReadServerResponse(std::string_view text, Reason& reason) {
  static constexpr std::string_view kLeads[] = {
      // .NET
      "server response was:", "Serverantwort war:", "Antwort des Servers war:",
      "réponse du serveur était",
      "respuesta del servidor fue:", "risposta del server è stata:", "resposta do servidor foi:",
      // Thunderbird
      "server responded:", "Server antwortete:", "Server hat geantwortet:", "serveur a répondu",
      "servidor respondió:", "servidor ha respondido:", "server ha risposto:"};
  for (const std::string_view lead : kLeads) {
    const std::size_t at = FindNoCase(text, lead);
    if (at == kNotFound) continue;
    std::string_view said = StripLeft(text.substr(at + lead.size()));
    if (Consume(said, ":")) said = StripLeft(said);
    if (said.empty() || (said[0] != '5' && said[0] != '4' && !IsWordByte(said[0]))) continue;
    reason.reply = ParseReply(said);
    reason.reply.origin = Origin::kRemote;
    return true;
  }
  return false;
}

// What a debug log goes on to say behind a reply, and Exchange's mark of its end.
std::string_view CutDialogue(std::string_view text) {
  for (const std::string_view mark : {" !! ", " >> ", " << ", " >>> ", " <<< "})
    text = text.substr(0, text.find(mark));
  ConsumeEnd(text, "##");
  return StripRight(text);
}

// By the command that was named last before the reply.
Phase PhaseNamedLast(std::string_view before) {
  static constexpr PhaseWords kWords[] = {{"RCPT", Phase::kRcpt},
                                          {"Recipient", Phase::kRcpt},
                                          {"MAIL FROM", Phase::kMail},
                                          {"DATA END", Phase::kEndOfData},
                                          {"end of data", Phase::kEndOfData}};
  Phase phase = Phase::kUnknown;
  std::size_t last = 0;
  for (const PhaseWords& row : kWords) {
    const std::size_t at = before.rfind(row.words);
    if (at == kNotFound || at < last) continue;
    last = at;
    phase = row.phase;
  }
  return phase;
}

// "{'ann@example.com': (": the key of a table of refusals.
std::string_view KeyAddress(std::string_view before) {
  while (!before.empty() && std::string_view(" '\":([").find(before.back()) != kNotFound)
    before.remove_suffix(1);
  const std::size_t start = before.find_last_of("'\"{ ");
  const std::string_view word = before.substr(start == kNotFound ? 0 : start + 1);
  return FindAddress(word) == word ? word : std::string_view{};
}

bool HasWords(std::string_view behind, char reply_class) {
  std::size_t length = 0;
  const EnhancedCode code = ParseEnhancedCode(behind, length);
  if (code.present()) return code.status_class == reply_class - '0';
  std::string_view rest = behind;
  while (!rest.empty() && std::string_view("<[(#'\"").find(rest[0]) != kNotFound)
    rest.remove_prefix(1);
  return !rest.empty() && IsWordByte(rest[0]);
}

// Sendmail's summary behind a mailer's own words: "disk full 554 <ann@example.com>... Service
// unavailable". The words are the reason.
bool IsSummary(std::string_view before, std::string_view behind) {
  before = StripRight(before);
  if (before.empty() || std::string_view(":'\"(<>").find(before.back()) != kNotFound) return false;
  behind = StripLeft(behind);
  std::string_view address;
  return behind.starts_with('<') && TakeAddress(behind, address) && behind.starts_with("...");
}

// Labels of PHPMailer in its languages: before the words of a reply and behind them.
struct DetailWords {
  std::string_view detail;
  std::string_view code;
};
constexpr DetailWords kDetailWords[] = {
    {"Detail: ", "SMTP code: "},
    {"Details: ", "SMTP-Fehlercode: "},
    {"Détails : ", "Code SMTP : "},
    {"Detalle: ", "Código SMTP: "},
    {"Detalhes do servidor SMTP: ", "Código do servidor SMTP: "},
    {"Dettagli: ", "Codice SMTP: "},
};

bool ReadAt(std::string_view text, std::size_t at, Reason& reason) {
  const std::string_view before = text.substr(0, at);
  std::string_view behind = text.substr(at + 3);
  std::string_view said = text.substr(at);
  char quote = !before.empty() && IsQuote(before.back()) ? before.back() : '\0';
  const bool parted = behind[0] == ',';
  if (parted) {
    if (!TakeQuotedWords(behind)) return false;
    quote = behind.data()[-1];
    said = behind;
  } else {
    behind = StripLeft(behind.substr(1));
  }
  std::size_t length = 0;
  const bool enhanced = ParseEnhancedCode(behind, length).present();
  if (!HasWords(behind, text[at]) && !(parted && StandsAlone(behind, 0))) return false;
  if (!enhanced && IsAmount(before, behind)) return false;
  if (IsSummary(before, behind.substr(length))) return false;
  if (quote != '\0') said = said.substr(0, QuotationEnd(said, quote));
  reason.reply = ParseReply(CutDialogue(said));
  std::string_view code = text.substr(at, 3);
  if (reason.reply.code == 0) reason.reply.code = static_cast<std::uint16_t>(TakeNumber(code, 599));
  reason.reply.phase = PhaseNamedLast(before);
  reason.reply.origin = Origin::kRemote;
  if (reason.recipient.empty()) reason.recipient = KeyAddress(before);
  return true;
}

}  // namespace

bool FindDetailedReply(std::string_view text, Reason& reason) {
  for (const DetailWords& words : kDetailWords) {
    const std::size_t code = text.rfind(words.code);
    if (code == kNotFound) continue;
    const std::size_t detail = text.substr(0, code).find(words.detail);
    if (detail == kNotFound) continue;
    std::string_view rest = text.substr(code + words.code.size());
    const std::uint32_t number = TakeNumber(rest, 599);
    if (number < 400 || (!rest.empty() && IsAlnum(rest[0]))) return false;
    const std::size_t begin = detail + words.detail.size();
    reason.reply = ParseReply(Strip(text.substr(begin, code - begin)));
    reason.reply.code = static_cast<std::uint16_t>(number);
    reason.reply.phase = PhaseNamedLast(text.substr(0, detail));
    reason.reply.origin = Origin::kRemote;
    // Behind a label in any language: " Additional SMTP info: 5.1.1".
    const std::size_t label = rest.find(": ");
    std::size_t length = 0;
    if (label != kNotFound)
      reason.reply.enhanced = ParseEnhancedCode(rest.substr(label + 2), length);
    if (reason.recipient.empty() && reason.reply.phase == Phase::kRcpt)
      reason.recipient = FindAddress(text.substr(0, detail));
    return true;
  }
  return false;
}

bool FindLooseReply(std::string_view text, Reason& reason) {
  for (std::size_t at = 0; at + 4 < text.size(); ++at) {
    if (!StandsAlone(text, at) || IsHope(text.substr(0, at))) continue;
    if (ReadAt(text, at, reason)) return true;
  }
  return ReadServerResponse(text, reason);
}

}  // namespace bouncesight
