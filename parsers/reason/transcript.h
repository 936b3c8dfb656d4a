// Sendmail's transcript of a session, and the dialogues that other programs print:
//
//   ... while talking to mx.example.com.:
//   >>> RCPT To:<ann@example.com>
//   <<< 550 5.1.1 no such user
//   550 5.1.1 <ann@example.com>... User unknown
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bouncesight {

// The part of the transcript in `text` (plain, several lines) that speaks of `recipient`, unfolded,
// the host's name included; empty: none does. With no command that names the recipient, the first
// refusal stands for all.
std::string ReplyInTranscript(std::string_view text, std::string_view recipient);

// What our own server refused a client, in the transcript that it sends to its postmaster (Postfix:
// "Out: 451 4.3.0 …" after "In:  RCPT TO:<…>").
struct OwnRefusal {
  std::string recipient;  // empty: the command names none
  std::string words;
};

// The last one of `text`; nothing, if it is no such transcript.
std::optional<OwnRefusal> OwnRefusalIn(std::string_view text);

}  // namespace bouncesight
