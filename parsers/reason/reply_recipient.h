// Whose mailbox a reply speaks of, where nothing around it tells whom the mail was for:
// "550 5.1.1 <ann@example.com>: Recipient address rejected: …", "<ann@example.com>... User
// unknown".
#pragma once

#include <string_view>

#include "parsers/event/smtp_reply.h"

namespace bouncesight {

// A view into the reply's text. Empty: it begins with no address, or with one that may be the
// sender's.
std::string_view RecipientNamedBy(const Reply& reply);

}  // namespace bouncesight
