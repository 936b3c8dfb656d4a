// Mail that our own Postfix refused on its way in: lines of smtpd, postscreen, cleanup and milters.
//
//   NOQUEUE: reject: RCPT from H[IP]: 554 5.7.1 TEXT; from=<S> to=<R> proto=ESMTP helo=<H>
//   NOQUEUE: reject: RCPT from [IP]:PORT: 550 5.7.1 TEXT; from=<S>, to=<R>, proto=ESMTP, helo=<H>
//   QID: milter-reject: END-OF-MESSAGE from H[IP]: 5.7.1 TEXT; from=<S> to=<R> …
//   proxy-reject: END-OF-MESSAGE: 554 5.7.0 TEXT; from=<S> to=<R> …
//   QID: reject: header Subject: … from H[IP]; from=<S> to=<R> …: 5.7.1 TEXT
#pragma once

#include <optional>
#include <string_view>

#include "parsers/event/delivery_event.h"

namespace bouncesight {

// `text` is the line from the action word on. kNotDelivery: another action (warn, hold,
// discard, …) or a command that moves no mail (VRFY, ETRN, AUTH, STARTTLS).
std::optional<SkipReason> ReadPostfixReject(std::string_view text, DeliveryEvent& event);

}  // namespace bouncesight
