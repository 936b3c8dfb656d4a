// Time stamps at the start of a log line. Their text is kept as written: what it means needs a year
// or a zone that only the source's configuration can give.
#pragma once

#include <cstddef>
#include <string_view>

#include "parsers/text/text.h"

namespace bouncesight {

// The length of the time stamp at the start of `line`, without the blank behind it, or 0. Knows
//   Nov 21 16:49:30            RFC 3164; day padded with a blank, a zero or not at all; also with
//                              .fraction
//   Nov 21 2026 16:49:30       with a year
//   2026-11-21T16:49:30.1+0000 ISO 8601, RFC 3339, short-iso; any fraction, zone or none
//   2013 Jun 10 06:27:30.123   year first
//   2026/11/21 16:49:30        as programs in Go put it before a line
//   21 Nov 2026 16:49:30       day first; also 21-Nov-2026, and "Sat, 21 Nov 2026 16:49:30 +0000"
//   1795280970.123456          epoch seconds, ten digits
//   Sat 2026-11-21 16:49:30 UTC  journalctl's short-full
//   Sat Nov 21 16:49:30 2026   ctime(3); also without the year, or with a zone before it (date(1))
// Exim's "2026-11-21 16:49:30" is not among them: it belongs to Exim's own line.
std::size_t TimestampLength(std::string_view line);

// RFC 3164's stamp without a fraction, by its separators: 15 if it stands there with a blank behind
// it and no second stamp can follow, else 0.
inline std::size_t PlainSyslogStamp(std::string_view line) {
  const bool fits = line.size() > 24 && line[3] == ' ' && line[6] == ' ' && line[9] == ':' &&
                    line[12] == ':' && line[15] == ' ' && IsDigit(line[5]) && IsDigit(line[7]) &&
                    IsDigit(line[14]);
  // "Nov 21 16:49:30 Nov 21 16:49:30 …": the second is the one that counts.
  return fits && !(line[19] == ' ' && line[22] == ' ') ? 15 : 0;
}

// rsyslog's "2026-11-21T16:49:30.123456+00:00" in the same way: 32 or 0.
inline std::size_t PlainIsoStamp(std::string_view line) {
  const bool fits = line.size() > 42 && line[4] == '-' && line[7] == '-' && line[10] == 'T' &&
                    line[13] == ':' && line[16] == ':' && line[19] == '.' && line[29] == ':' &&
                    line[32] == ' ' && (line[26] == '+' || line[26] == '-') && IsDigit(line[3]) &&
                    IsDigit(line[18]) && IsDigit(line[25]) && IsDigit(line[31]);
  return fits && !IsDigit(line[33]) && !(line[36] == ' ' && line[39] == ' ') ? 32 : 0;
}

// The two commonest stamps alone: its length, or 0.
inline std::size_t PlainTimestampLength(std::string_view line) {
  const std::size_t syslog = PlainSyslogStamp(line);
  return syslog != 0 ? syslog : PlainIsoStamp(line);
}

// "2026-11-21 16:49:30", with or without a fraction or a numeric zone behind it; 0: none.
std::size_t SpacedDateLength(std::string_view line);

// "2026-11-21_16:49:30.12345", as svlogd writes it; 0: none.
std::size_t UnderscoredDateLength(std::string_view line);

}  // namespace bouncesight
