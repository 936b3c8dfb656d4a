// Sendmail's transcript of a session, and the dialogues that other programs print:
//
//   ... while talking to mx.example.com.:
//   >>> RCPT To:<ann@example.com>
//   <<< 550 5.1.1 no such user
//   550 5.1.1 <ann@example.com>... User unknown
#pragma once

#include <string>
#include <string_view>

namespace bouncesight {

// The part of the transcript in `text` (plain, several lines) that speaks of `recipient`, unfolded,
// the host's name included; empty: none does. With no command that names the recipient, the first
// refusal stands for all.
std::string ReplyInTranscript(std::string_view text, std::string_view recipient);

}  // namespace bouncesight
