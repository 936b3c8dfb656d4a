// parsers/wrap: what is taken off a line before an MTA's parser sees it. It looks into text and
// event.
//
//   line_splitter.h   bytes to lines; overlong ones are cut
//   syslog_header.h   the header of a file, a datagram, a container's output; header_shape.h
//   syslog_tag.h      its last part, the program's name
//   line_prefix.h     what supervisors, container tools and grep put before every line
//   container_log.h   CRI's head, and lines that a runtime has cut into pieces
//   json_envelope.h   one JSON object per line around a line: journald, Docker, rsyslog and others
//   json_reader.h     members of an MTA's own JSON
//   journal_export.h  journalctl -o export, put together again
//
// Each takes off one layer and knows nothing of the next; format_reader.h in parsers/mta puts them
// together, for files, wire and journal alike.
//
// This file: the header in front of a log message: RFC 3164, RFC 5424, ISO 8601 files (rsyslog's
// default since Debian 12), journalctl's short-iso, epoch seconds, or none. parsers/FORMATS.md
// lists the forms and their traps.
#pragma once

#include <optional>
#include <string_view>

#include "parsers/event/record.h"

namespace bouncesight {

// Splits `line` into its header and message. std::nullopt: no known header. Linear in the header,
// does not allocate.
std::optional<Record> ParseSyslogHeader(std::string_view line);

// Whether a header starts `text`, a message, in its very first byte: a priority, a time stamp, or a
// tag with a process ("postfix/smtp[9]:"). What some program quotes further on does not count.
bool BeginsLikeHeader(std::string_view text);

}  // namespace bouncesight
