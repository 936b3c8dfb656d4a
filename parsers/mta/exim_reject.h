// Mail that Exim itself refused on the way in:
//
//   [MSGID ]FIELDS [temporarily ]rejected WHAT[: TEXT]
//
// WHAT is one of RCPT <a>, MAIL <a>, EHLO or HELO x, connection in "connect" ACL, DATA, after DATA,
// during MIME ACL checks, by local_scan(), by non-SMTP ACL, from <a> (too big). Commands that ask
// for no delivery (VRFY, ETRN, AUTH), errors of syntax and synchronisation, and sender verification
// lines, which an own line follows, are none.
#pragma once

#include <optional>
#include <string_view>

#include "parsers/event/smtp_reply.h"
#include "parsers/mta/exim_fields.h"

namespace bouncesight {

// Views into the text given.
struct EximReject {
  EximFields fields;
  std::string_view recipient;
  Reply reply;  // our own words; Exim does not log the code unless they hold one
};

// `text` without time and message id. std::nullopt: no reject. Linear, no allocation.
std::optional<EximReject> ReadEximReject(std::string_view text);

}  // namespace bouncesight
