#include "parsers/reason/bounce_sections.h"

#include <algorithm>
#include <cstddef>

#include "parsers/reason/bounce_text_scan.h"
#include "parsers/reason/reason.h"
#include "parsers/reason/text_lines.h"
#include "parsers/reason/unfold.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// A line that holds one of these begins the copy of the message, or another report.
constexpr std::string_view kEnds[] = {"--- Below this line",
                                      "--- This is a copy of",
                                      "--- Original message",
                                      "--- The header of the original message",
                                      "--- Undelivered message follows",
                                      "--- Unsent message below",
                                      "--- Enclosed is a copy",
                                      "Original message headers:",
                                      "Ursprüngliche Nachrichtenkopfzeilen:",
                                      "En-têtes de message d'origine",
                                      "Encabezados de mensajes originales",
                                      "原始邮件头",
                                      "原始郵件標頭"};
// These do only at the start of a line.
constexpr std::string_view kEndStarts[] = {"Received: ",       "Return-Path: ", "Reporting-MTA:",
                                           "Final-Recipient:", "X-Received: ",  "MIME-Version: "};

bool IsEnd(std::string_view line) {
  const auto holds = [line](std::string_view words) {
    return FindNoCase(line, words) != kNotFound;
  };
  const auto starts = [line](std::string_view words) { return StartsWithNoCase(line, words); };
  return std::ranges::any_of(kEnds, holds) || std::ranges::any_of(kEndStarts, starts);
}

// "(expanded from <root>)", "(generated from a@example.com)", in front of ':' or of a blank.
void DropOrigin(std::string_view& rest) {
  std::string_view inside = StripLeft(rest);
  if (!ConsumeNoCase(inside, "(expanded from") && !ConsumeNoCase(inside, "(generated from")) return;
  const std::size_t close = inside.find(')');
  rest = close == kNotFound ? std::string_view{} : StripLeft(inside.substr(close + 1));
}

// "Ann (ann@example.com)<mailto:ann@example.com>".
bool TakeMailtoAnchor(std::string_view line, std::string_view& address) {
  const std::size_t at = FindNoCase(line, "<mailto:");
  if (at > 120 || line.back() != '>') return false;
  address = FindAddress(line.substr(at));
  return !address.empty();
}

// Words in brackets to the end of the line: a reason as in "(Mailbox full)", which is kept, or a
// name as in "(Ann Lee)".
bool TakeBracketedWords(std::string_view& rest) {
  if (!rest.starts_with('(') || !rest.ends_with(')')) return false;
  const std::string_view inside = Strip(rest.substr(1, rest.size() - 2));
  const std::size_t second = inside.find(' ') + 1;
  const bool sentence = second > 0 && second < inside.size() && IsLower(inside[second]);
  rest = sentence || IsRefusal(inside) ? inside : std::string_view();
  return true;
}

// A recipient at the start of a line, and what stands behind it.
bool TakeAnchor(std::string_view line, std::string_view& address, std::string_view& rest) {
  if (line.empty()) return false;
  rest = {};
  if (TakeMailtoAnchor(line, address)) return true;
  if (!Consume(line, "* ") && !Consume(line, "- ") && !Consume(line, "• ")) Consume(line, "'");
  const bool bracketed = line.starts_with('<');
  if (!TakeAddress(line, address)) return false;
  Consume(line, "'");
  rest = StripLeft(line);
  DropOrigin(rest);
  if (rest.empty()) return true;
  if (ConsumeNoCase(rest, "on ")) {  // Outlook: the date
    const bool date = rest.find_first_of("0123456789") != kNotFound && rest.size() < 40;
    rest = {};
    return date;
  }
  if (StartsWithNoCase(rest, "(reason:")) return true;
  if (TakeBracketedWords(rest)) return true;
  std::string_view behind = rest;
  bool parted = false;
  while (Consume(behind, "...") || ConsumeMark(behind, ":;,")) parted = true;
  if (parted) rest = StripLeft(behind);
  return parted || (!bracketed && IsRefusal(rest));
}

// "(reason: 550 …)": the words inside, which may go on over several lines.
void DropReasonMark(std::string& words) {
  std::string_view inside = words;
  if (!ConsumeNoCase(inside, "(reason:")) return;
  inside = Strip(inside);
  std::size_t depth = 1;
  std::size_t end = 0;
  for (; end < inside.size(); ++end) {
    if (inside[end] == '(') ++depth;
    if (inside[end] == ')' && --depth == 0) break;
  }
  words = std::string(Strip(inside.substr(0, end)));
}

// Ends in the middle of a sentence, so that the next line belongs to it whatever that begins with.
bool IsOpen(std::string_view line) {
  line = StripRight(line);
  const std::string_view last = line.substr(line.find_last_of(" \t") + 1);
  if (last.find_first_not_of("0123456789.-") == kNotFound && !last.empty()) return true;  // a code
  return line.size() >= 56 && std::string_view(".)!]>。！").find(line.back()) == kNotFound;
}

// Words that only the beginning of a recipient's part has.
bool StartsAReason(std::string_view rest) {
  static constexpr std::string_view kFrames[] = {"host ", "connect to ", "lost connection ",
                                                 "conversation with ", "delivery temporarily "};
  return IsRefusal(rest) || std::ranges::any_of(kFrames, [rest](std::string_view frame) {
           return StartsWithNoCase(rest, frame);
         });
}

// The dialogue that a notice quotes belongs to no recipient's part (transcript.h).
bool IsOfTranscript(std::string_view line) {
  return line.starts_with("<<<") || line.starts_with(">>>") ||
         FindNoCase(line, "transcript of session follows") != kNotFound ||
         FindNoCase(line, "while talking to ") != kNotFound;
}

// Of an address in the middle of a line, the byte before it: a blank, a bracket or a quote.
constexpr std::string_view kBeforeAddress = " \t\n([{<'\",;:";

bool IsFirstOfLine(std::string_view text, std::size_t at) {
  const std::size_t end = text.substr(0, at).find_last_not_of(" \t<'\"");
  return end == kNotFound || text[end] == '\n';
}

// Behind an address: ": 550 …", "': (550, b'…".
bool HasRefusal(std::string_view rest) {
  if (!Consume(rest, "'") && !Consume(rest, ">")) Consume(rest, "\"");
  if (!Consume(rest, ":")) return false;
  rest = StripLeft(rest);
  Consume(rest, "(");
  return IsRefusal(rest);
}

// Where the reply begins that Java threw for the address at `at`: "…AddressFailedException: 550
// 5.1.1 <ann@example.com>: …".
std::size_t ThrownAt(std::string_view text, std::size_t at) {
  static constexpr std::string_view kThrown = "AddressFailedException: ";
  constexpr std::size_t kMostCodes = 20;
  if (at == 0 || text[at - 1] != '<') return kNotFound;
  const std::size_t from = at - std::min(at, kThrown.size() + kMostCodes);
  const std::size_t mark = text.substr(from, at - from).find(kThrown);
  const std::size_t reply = from + mark + kThrown.size();
  return mark != kNotFound && IsRefusal(text.substr(reply)) ? reply : kNotFound;
}

// What stands before the recipient in a sentence.
constexpr std::string_view kLeads[] = {"delivered to ",
                                       "delivery to ",
                                       "delivery for ",
                                       "zustellung an ",
                                       "remise à ",
                                       "entrega a ",
                                       "consegna a ",
                                       "доставить ",
                                       "deliver to ",
                                       "deliver your message to ",
                                       "delivering your message to ",
                                       "message to ",
                                       "mail to ",
                                       "sent to ",
                                       "recipient: ",
                                       "recipient(s):",
                                       "to: ",
                                       "generated by ",
                                       "emailed to ",
                                       "rcpt to:",
                                       "recipient \"",
                                       R"("rejected":[)",
                                       "rejected: [",
                                       "an ",
                                       "pas parvenu à ",
                                       "message à ",
                                       "message pour ",
                                       "mensaje a ",
                                       "mensagem para ",
                                       "mensagem a ",
                                       "messaggio a ",
                                       "bericht aan ",
                                       "wiadomość do ",
                                       "meddelande till ",
                                       "письмо для ",
                                       "empfänger: ",
                                       "destinataire : ",
                                       "destinataire: ",
                                       "destinatario: ",
                                       "destinatário: ",
                                       "получатель: ",
                                       "Получатель: ",
                                       "宛先: ",
                                       "宛先：",
                                       "受信者: ",
                                       "收件人",
                                       "发送给",
                                       "发给",
                                       "发送到",
                                       "發送到",
                                       "发往",
                                       "發往"};

class Splitter {
 public:
  void Read(std::string_view line) {
    const std::string_view bare = Strip(line);
    if (bare.empty()) {
      if (words_.empty()) apart_ = in_;
      if (!words_.empty()) EndParagraph();
      last_ = {};
      return;
    }
    if (waits_ && (IsRefusal(bare) || words_.ends_with(':'))) waits_ = false;
    if (IsOfTranscript(bare)) {
      if (in_) Close();
      last_ = {};
      return;
    }
    std::string_view address;
    std::string_view rest;
    if (TakeAnchor(bare, address, rest) && BeginsAnother(line, address) &&
        (!in_ || !IsOpen(last_) || StartsAReason(rest))) {
      if (in_) Close();
      in_ = true;
      recipient_ = address;
      indent_ = Indent(line);
      words_ = rest;
    } else if (waits_) {
      if (!bare.ends_with(':')) Close();
    } else if (in_) {
      words_.append(1, ' ').append(bare);
    }
    last_ = bare;
  }

  std::vector<BounceSection> Finish() {
    if (in_) Close();
    return std::move(sections_);
  }

 private:
  static std::size_t Indent(std::string_view line) { return line.size() - SkipBlanks(line).size(); }

  // Deeper than the recipient's own line it is the reply that goes on.
  bool BeginsAnother(std::string_view line, std::string_view address) const {
    return !in_ || (Indent(line) <= indent_ && address != recipient_);
  }

  // Without a code, the reply may have the next paragraph, or the one behind a line that announces
  // it.
  void EndParagraph() {
    waits_ = in_ && ParseReason(words_).reply.code == 0;
    if (!waits_) Close();
  }

  void Close() {
    std::string words = Unfold(words_);
    std::string_view bare = words;
    DropOrigin(bare);  // Exim gives it a line of its own
    words = std::string(bare);
    DropReasonMark(words);
    sections_.push_back({std::move(recipient_), std::move(words), apart_});
    recipient_.clear();
    words_.clear();
    in_ = waits_ = apart_ = false;
  }

  std::vector<BounceSection> sections_;
  bool in_ = false;
  bool waits_ = false;  // for the reply, behind a paragraph without one
  bool apart_ = false;
  std::string recipient_;
  std::string words_;
  std::size_t indent_ = 0;
  std::string_view last_;
};

}  // namespace

std::string_view WithoutCopy(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t at = text.size() - rest.size();
    if (IsEnd(TakeLine(rest)) && at > 0) return text.substr(0, at);
  }
  return text;
}

std::vector<BounceSection> SplitBounce(std::string_view text) {
  Splitter splitter;
  while (!text.empty()) splitter.Read(TakeLine(text));
  return splitter.Finish();
}

std::string RecipientsOnLines(std::string_view text) {
  std::string lines;
  std::size_t done = 0;
  std::size_t found = 0;
  for (std::size_t at = text.find('@'); at != kNotFound; at = text.find('@', at + 1)) {
    const std::string_view before = text.substr(done, at - done);
    const std::size_t start = done + before.find_last_of(kBeforeAddress) + 1;
    std::string_view rest = text.substr(start);
    std::string_view address;
    const bool listed =
        TakeAddress(rest, address) && HasRefusal(rest) && !IsFirstOfLine(text, start);
    const std::size_t thrown = listed ? start : ThrownAt(text, start);
    if (thrown == kNotFound || thrown < done) continue;
    lines.append(text.substr(done, thrown - done)).append("\n\n");
    if (!listed) lines.append(address).append(": ");
    done = thrown;
    ++found;
  }
  const bool announced = FindNoCase(text, "recipients failed:") != kNotFound;
  if (found == 0 || (found == 1 && !announced)) return {};
  return lines.append(text.substr(done));
}

std::vector<std::string> Paragraphs(std::string_view text) {
  std::vector<std::string> all;
  std::string words;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    words.append(line).append(1, '\n');
    if (!Strip(line).empty() && !text.empty()) continue;
    std::string one = Unfold(words);
    if (!one.empty()) all.push_back(std::move(one));
    words.clear();
  }
  return all;
}

std::vector<std::string> RecipientsInProse(std::string_view text) {
  std::vector<std::string> all;
  for (const std::string_view lead : kLeads) {
    for (std::size_t at = FindNoCase(text, lead); at != kNotFound;) {
      const std::string_view behind = text.substr(at + lead.size());
      const std::string_view near = behind.substr(0, 100);
      const std::string_view address = FindAddress(near.substr(0, near.find('\n')));
      const std::size_t where = address.empty() ? kNotFound : near.find(address);
      if (where < 12 && std::ranges::find(all, address) == all.end()) all.emplace_back(address);
      const std::size_t next = FindNoCase(behind, lead);
      at = next == kNotFound ? kNotFound : at + lead.size() + next;
    }
    if (!all.empty()) break;
  }
  return all;
}

}  // namespace bouncesight
