// Whole mail messages, as mail programs and servers save them: what a bounce says to people, what
// it says to programs, and what it carries. MIME is read by GMime.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

// Owns its strings, all UTF-8 with LF. Empty: the message has no such thing.
struct MailText {
  std::string subject;
  std::string report_type;            // of multipart/report: "delivery-status", "feedback-report"
  bool automatic_reply = false;       // by its headers (RFC 3834); bounces that say so are none
  bool from_mail_system = false;      // by its sender: MAILER-DAEMON, postmaster, nobody
  bool dmarc_file = false;            // it carries a file with a name of RFC 7489's form
  std::string failed_recipients;      // X-Failed-Recipients: Exim, Gmail
  std::string words;                  // its text, part by part; HTML as a reader sees it
  std::string status;                 // message/delivery-status (RFC 3464), groups with blank lines
  std::vector<std::string> enclosed;  // messages that it carries, whole, as bytes
  bool too_deep = false;              // it has parts within parts that are nested too deep to read
};

// True if `bytes` start with the headers of a message, with a part of one ("--boundary"), or with
// the first line of an mbox.
bool LooksLikeMail(std::string_view bytes);

// Decodes base64 and quoted-printable, charsets, encoded words (RFC 2047) and HTML. Of alternatives
// the plain one is taken. Odd mail gives what can be read of it. One thread at a time in a process:
// GMime keeps state of its own.
MailText ReadMail(std::string_view bytes);

// Messages within messages are read so deep.
inline constexpr int kMostForwards = 3;

// It, or a message that it carries, is nested deeper than is read. Linear, but reads it all anew.
bool IsNestedTooDeep(const MailText& mail, int depth = 0);

// Headers enough, at the start of `bytes`, to tell a message from other text that has colons.
bool StartsWithHeaders(std::string_view bytes);

// `line` with its encoded words ("=?gb2312?B?…?=") as text, still one line without controls.
std::string DecodeWords(const std::string& line);

}  // namespace bouncesight
