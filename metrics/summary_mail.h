// A report as a mail: one message (RFC 5322, MIME) with the text and the page as alternatives, to
// be piped into `sendmail -t`. Pure: the time is brought along.
#pragma once

#include <string>
#include <string_view>

#include "metrics/moment.h"
#include "metrics/summary.h"

namespace bouncesight {

struct MailHead {
  std::string from, to, subject;  // subject: any UTF-8
  Moment date;
};

// May stand in a header: not empty, valid UTF-8, no control character. So no line can be smuggled
// into the head.
bool IsHeaderValue(std::string_view value);

// "bouncesight: 12.5 % of 840 attempts failed (mx1)".
std::string MailSubject(const Summary& summary);

// The head's values must be IsHeaderValue. Message-ID is left to sendmail. Lines end with a bare
// newline, as sendmail wants them, and have at most 76 characters, but for a header of plain ASCII,
// which stays one line.
std::string RenderMail(const MailHead& head, std::string_view text, std::string_view html);

}  // namespace bouncesight
