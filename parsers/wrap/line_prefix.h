// What a tool puts before every line that a program wrote: supervisors, container tools, grep. What
// stands behind it is a line of its own, with a header or without.
//
//   postfix-1  | LINE                    docker compose; in colour on a terminal
//   16:49:30 mail.1   | LINE             foreman, honcho
//   @4000000069229e5a0a1b2c3d LINE       multilog, s6-log
//   2026-11-21_16:49:30.12345 LINE       svlogd -tt
//   2026-11-21 16:49:30,123 STAMP …      supervisord, s6-log T: the line has a stamp of its own
//   [pod/mx-0/postfix] LINE              kubectl logs --prefix
//   [   12.345678 <    0.001234 >] LINE  journalctl -o short-delta
//   mail.log:12:STAMP …                  grep -Hn; -H or -n alone, and cat -n
//   mx-0 postfix STAMP …                 stern
//   mail.info: STAMP …                   socklog
//   mx1: 2026-11-21 16:49:30 …           a collector that names the host, before Exim's stamp
//
// and blanks or a byte order mark.
#pragma once

#include <string_view>

namespace bouncesight {

// Views into the line.
struct LinePrefix {
  std::string_view time;    // the prefix's own stamp, as civil_time.h reads it; may be empty
  std::string_view behind;  // the program's line; empty: there is no prefix
};

// Whether `line` begins as Exim's main log does, with a date and a time and no second stamp behind
// them: it has no prefix. Cheap, for there are many such lines.
inline bool IsPlainMainLog(std::string_view line) {
  return line.size() > 28 && line[4] == '-' && line[10] == ' ' && line[13] == ':' &&
         line[19] == ' ' && line[20] != ' ' && line[23] != ' ' && line[24] != '-';
}

// Takes up to three prefixes off. Looks at the first 96 bytes at most.
LinePrefix TakeLinePrefix(std::string_view line);

}  // namespace bouncesight
