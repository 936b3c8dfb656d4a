// Mail that looks like a bounce and is none, so that nobody is told a cause where nothing failed:
// automatic replies (RFC 3834), abuse reports (RFC 5965), reports of DMARC and TLS (RFC 7489,
// 8460), receipts (RFC 3461, 8098), delays, the headline of a bounce without its text, and mail
// without a sign of a bounce (bounce_signs.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bouncesight {

enum class NoticeKind : std::uint8_t {
  kNone,            // a bounce, or a text that is none of these
  kAutomaticReply,  // the mail arrived; a program answers for its reader
  kAbuseReport,     // somebody complains of mail that came from here
  kDmarcReport,
  kTlsReport,
  kReadReceipt,
  kReceipt,   // delivered, or handed on
  kDelay,     // not yet delivered; tried again
  kHeadline,  // "Undelivered Mail Returned to Sender", and not a word more
  kWaiting,   // a recipient in a queue's listing that names no reason
  kNoBounce,  // mail or a text of another kind, which only happens to hold a cause's words
  kHeld,      // kept in a queue until somebody releases it (queue_hold.h)
  kTooDeep,   // parts within parts, or messages within messages, deeper than is read
};

std::string_view NoticeName(NoticeKind kind);  // "automatic_reply", …; empty for kNone

// What a text is, and whether its headers or form say so. Where only its words do, a cause that the
// rules find in it is worth more. A reply code in it always is: an automatic reply may quote a
// bounce.
struct Notice {
  NoticeKind kind = NoticeKind::kNone;
  bool certain = true;
};
Notice ReadNotice(std::string_view bytes);  // linear

// Says that mail still waits, or that it arrived. `text` is what the notice's author wrote, without
// the reply that it quotes.
bool SpeaksOfDelay(std::string_view text);
bool SpeaksOfSuccess(std::string_view text);

// How long a notice of delay says that mail is tried again: "until it is 5 days old", "for 46 more
// hours". Empty: it does not say.
std::string TriedAgain(std::string_view text);

}  // namespace bouncesight
