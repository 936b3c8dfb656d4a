// The messages of an mbox: of a folder as mail programs keep it, or of what a person saves out of
// one.
#pragma once

#include <string_view>
#include <vector>

namespace bouncesight {

// "From MAILER-DAEMON Sat Nov 21 …": the line that begins a message.
bool IsMboxLine(std::string_view line);

// The messages of an mbox, each as views into `bytes`; any other text is one message. A From_ line
// within the parts of a message (RFC 2046), whose end is still to come, begins none.
std::vector<std::string_view> SplitMbox(std::string_view bytes);

}  // namespace bouncesight
