// A bounce as a person reads it: which part of it speaks of which recipient.
//
//   <ann@example.com>: host H[IP] said: 550 …          Postfix, qmail, Sendmail's "(reason: …)"
//   ann@example.com                                     Exim, Exchange: the reason below, indented
//     SMTP error from remote mail server …
//   'ann@example.com' on 21/11/2026 16:49               Outlook
//   Ann (ann@example.com)<mailto:ann@example.com>
//
// Blank lines part them, but for a reply that a paragraph of its own gives ("The error that the
// other server returned was:"). What comes before the first and behind the copy of the message is
// nobody's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

struct BounceSection {
  std::string recipient;  // without brackets
  std::string words;      // unfolded, without the recipient; empty: only the address stands there
  bool apart = false;     // in a paragraph below the address: for those listed above it, too
};

// `text` in plain form (plain_text.h) up to where the copy of the message or the report's fields
// begin.
std::string_view WithoutCopy(std::string_view text);

// Every part of `text` (WithoutCopy), in order; one recipient may have several. Empty: no line
// starts with a recipient. Linear.
std::vector<BounceSection> SplitBounce(std::string_view text);

// Programs list recipients in the middle of a line: `text` with a blank line before each of them,
// as SplitBounce wants it. Empty: there is no such list. Linear.
//
//   … The following recipients failed: ann@example.com: 550 …          PHPMailer
//   … {'ann@example.com': (550, b'…'), 'bob@example.com': (450, b'…')}   Python
//   … SMTPAddressFailedException: 550 5.1.1 <ann@example.com>: …         Java, one for each
std::string RecipientsOnLines(std::string_view text);

// The paragraphs of `text`, each unfolded, none empty.
std::vector<std::string> Paragraphs(std::string_view text);

// The addresses of whom a sentence says that mail to them failed: "wasn't delivered to ADDR",
// "收件人：ADDR"; at most one per occurrence, none twice.
std::vector<std::string> RecipientsInProse(std::string_view text);

}  // namespace bouncesight
