#include "parsers/reason/reply_list.h"

#include <algorithm>
#include <cstddef>

#include "parsers/event/smtp_reply.h"
#include "parsers/reason/bounce_text_scan.h"
#include "parsers/reason/text_lines.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

constexpr std::size_t kLong = 8;

constexpr std::string_view kFrames[] = {"host ",
                                        "smtp error",
                                        "connect to ",
                                        "the message to ",
                                        "lost connection",
                                        "conversation with ",
                                        "delivery temporarily",
                                        "remote host said",
                                        "failure reply",
                                        "delivery failure",
                                        "smtp; ",
                                        "deferred: "};

bool StartsAsReply(std::string_view line) {
  std::string_view rest = line;
  std::string_view address;
  std::size_t length = 0;
  if (IsReply(line) || ParseEnhancedCode(line, length).present()) return true;
  if (TakeAddress(rest, address) && StripLeft(rest).size() > 2) return true;
  return std::ranges::any_of(
      kFrames, [line](std::string_view frame) { return StartsWithNoCase(line, frame); });
}

// What no reply begins with: a header, a dialogue, a heading.
bool IsOfAMessage(std::string_view line) {
  static constexpr std::string_view kStarts[] = {"from: ",
                                                 "to: ",
                                                 "subject: ",
                                                 "received: ",
                                                 "date: ",
                                                 "reporting-mta:",
                                                 "action: ",
                                                 "final-recipient",
                                                 "original-recip",
                                                 "diagnostic-code:",
                                                 ">>>",
                                                 "<<<",
                                                 "-----",
                                                 "hi. this is the",
                                                 "=====",
                                                 "return-path:",
                                                 "content-type:"};
  if (line.empty() || line[0] == ' ' || line[0] == '\t') return true;
  return std::ranges::any_of(
      kStarts, [line](std::string_view start) { return StartsWithNoCase(line, start); });
}

// "… said: 550", "550 5.1.1": the rest of the reply stands on the next line.
bool EndsInACode(std::string_view line) {
  const std::string_view last = line.substr(line.rfind(' ') + 1);
  std::size_t length = 0;
  return (last.size() == 3 && AllDigits(last) && line.size() > 3) ||
         ParseEnhancedCode(last, length).present();
}

struct Counts {
  std::size_t lines = 0;
  std::size_t replies = 0;    // begin as a reply does
  std::size_t continued = 0;  // "550-…" with the same code on the next line
  std::size_t open = 0;       // end in a code
};

// False: a line that no list has.
bool Count(std::string_view text, Counts& counts) {
  std::string_view last;
  while (!text.empty()) {
    const std::string_view line = StripRight(TakeLine(text));
    // "From: <a@example.com> RCPT: …" may be a reply; a list that is long enough shows it.
    if (IsOfAMessage(line) && (counts.lines == 0 || line.empty() || line[0] == ' ' ||
                               line[0] == '\t' || line[0] == '>' || line.starts_with("<<<"))) {
      return false;
    }
    ++counts.lines;
    if (StartsAsReply(line)) ++counts.replies;
    if (EndsInACode(line) && !text.empty()) ++counts.open;
    if (last.size() > 3 && last[3] == '-' && IsReply(last) && IsReply(line) &&
        line.substr(0, 3) == last.substr(0, 3)) {
      ++counts.continued;
    }
    last = line;
  }
  return true;
}

}  // namespace

bool IsReplyList(std::string_view text) {
  text = StripRight(text);
  if (text.find('\n') == kNotFound) return false;
  Counts counts;
  if (!Count(text, counts)) return false;
  if (counts.lines < kLong)
    return counts.replies == counts.lines && counts.continued == 0 && counts.open == 0;
  return counts.replies * 3 >= counts.lines && counts.continued * 2 < counts.lines;
}

}  // namespace bouncesight
