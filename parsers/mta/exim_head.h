// The head of an Exim log line, and the marks of a line cut into pieces.
//
//   YYYY-MM-DD HH:MM:SS[.mmm][ +ZZZZ] [[PID] ][MSGID ]TEXT
//
// Exim repeats its own time stamp behind a syslog header unless syslog_timestamp is off. A message
// id is 6-6-2 characters up to 4.96 and 6-11-4 from 4.97 on; both stand in one log after an
// upgrade. A text over about 870 bytes goes to syslog in pieces, each with a head of its own:
// "[1/3] " or, cut at a newline, "[1\3] ". (Exim specification, chapter "Log files"; src/log.c.)
#pragma once

#include <string_view>

namespace bouncesight {

// Views into the message given.
struct EximHead {
  std::string_view time;  // with fraction and zone; empty: none of Exim's own
  std::string_view id;    // empty: a line about a connection
  std::string_view text;
  unsigned piece = 1;   // from 1 on
  unsigned pieces = 1;  // 1: the line is whole
};

EximHead SplitEximHead(std::string_view message);

}  // namespace bouncesight
