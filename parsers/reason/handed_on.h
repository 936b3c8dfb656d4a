// Under which queue id the next host has the message, as its last reply says:
//
//   250 2.0.0 Ok: queued as 4F1A2B3C4D        Postfix; its local(8) has "forwarded as ID"
//   250 OK id=1xUoNV-0000Cv-2t                Exim
//   250 2.0.0 4ALGnUWx013960 Message accepted for delivery   Sendmail, OpenSMTPD
//   250 OK ids=1d98076abbbc11ed940250ebf67f93bd              KumoMTA
//   250 Message Queued (5E0E1A2B-3C4D-4E5F-8A9B-0C1D2E3F4A5B.1)   Haraka
#pragma once

#include <string_view>

namespace bouncesight {

// A view into `reply`; empty: it names none. The text is a remote host's, so what comes back is a
// word of letters, digits, dots and dashes, and no more than a hint.
std::string_view QueueIdGiven(std::string_view reply);

}  // namespace bouncesight
