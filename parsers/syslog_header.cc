#include "parsers/syslog_header.h"

namespace bouncesight {

std::optional<Record> ParseSyslogHeader(std::string_view) { return std::nullopt; }

}  // namespace bouncesight
