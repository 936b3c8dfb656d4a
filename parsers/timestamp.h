// Time stamps at the start of a log line. Their text is kept as written: what it means needs a year
// or a zone that only the source's configuration can give.
#pragma once

#include <cstddef>
#include <string_view>

#include "parsers/text.h"

namespace bouncesight {

// The length of the time stamp at the start of `line`, without the blank behind it, or 0. Knows
//   Nov 21 16:49:30            RFC 3164; day padded with a blank or a zero; also with .fraction
//   Nov 21 2026 16:49:30       with a year
//   2026-11-21T16:49:30.1+0000 ISO 8601, RFC 3339, short-iso; any fraction, zone or none
//   2013 Jun 10 06:27:30.123   year first
//   1795280970.123456          epoch seconds, ten digits
//   Sat 2026-11-21 16:49:30 UTC  journalctl's short-full
// Exim's "2026-11-21 16:49:30" is not among them: it belongs to Exim's own line.
std::size_t TimestampLength(std::string_view line);

// The commonest stamp alone, RFC 3164's without a fraction, by its separators: 15 if it stands
// there with a blank behind it and no second stamp can follow, else 0.
inline std::size_t PlainTimestampLength(std::string_view line) {
  const bool fits = line.size() > 24 && line[3] == ' ' && line[6] == ' ' && line[9] == ':' &&
                    line[12] == ':' && line[15] == ' ' && IsDigit(line[5]) && IsDigit(line[7]) &&
                    IsDigit(line[14]);
  // "Nov 21 16:49:30 Nov 21 16:49:30 …": the second is the one that counts.
  return fits && !(line[19] == ' ' && line[22] == ' ') ? 15 : 0;
}

// "2026-11-21 16:49:30", with or without a fraction or a numeric zone behind it; 0: none.
std::size_t SpacedDateLength(std::string_view line);

}  // namespace bouncesight
