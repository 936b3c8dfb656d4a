// Are the names that a journal source asks for in the journal at all?
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"

namespace bouncesight {

// All values of a field ("_SYSTEMD_UNIT", "SYSLOG_IDENTIFIER") in the journal of `directory`, or of
// this machine where that is empty, sorted. From the journal's index: no entry is read. Empty where
// it cannot be opened.
std::vector<std::string> JournalValues(const std::string& directory, const std::string& field);

// A sentence where no entry has any of the source's units, or of its identifiers: which, and the
// nearest name that is there. Empty: there are some, or all are wanted.
std::string MissingJournalNames(const SourceConfig& source);

// When the last entry of this machine's journal with one of these identifiers (globs) was written,
// in microseconds since 1970; none: there is none, or it cannot be opened.
std::optional<std::uint64_t> LastJournalMail(const std::vector<std::string>& identifiers);

}  // namespace bouncesight
