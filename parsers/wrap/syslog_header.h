// The header in front of a log message: RFC 3164, RFC 5424, ISO 8601 files (rsyslog's default since
// Debian 12), journalctl's short-iso, epoch seconds, or none. parsers/FORMATS.md lists the forms
// and their traps.
#pragma once

#include <optional>
#include <string_view>

#include "parsers/event/record.h"

namespace bouncesight {

// Splits `line` into its header and message. std::nullopt: no known header. Linear in the header,
// does not allocate.
std::optional<Record> ParseSyslogHeader(std::string_view line);

}  // namespace bouncesight
