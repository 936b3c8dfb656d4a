// The parts of a whole bounce message that come before its reason.
#pragma once

#include <string_view>

#include "parsers/reason/reason.h"

namespace bouncesight {

// A notification of several lines, as Winmail and qmail write it: "Hi. This is the … program. …",
// a line "<ADDR>, REASON", then a copy of the message. Its lines may have been joined. Leaves the
// reason in `text` and the recipient in `outer`.
bool PeelNotice(std::string_view& text, Reason& outer);

// "… The message to ADDR is bounced because: REASON" in English or Chinese, with MuseMail's report
// in front or without it. Leaves the reason in `text` and the recipient in `outer`.
bool PeelBouncedBecause(std::string_view& text, Reason& outer);

// The labels of a Coremail bounce: "退信原因：WORDS 英文说明：REASON 退信代码：CODE", or "Bounce
// reason: … Bounce code: …". Fills `reason`, the English words before the Chinese ones. False:
// `text` has no such labels.
bool ReadBounceLabels(std::string_view text, Reason& reason);

}  // namespace bouncesight
