// A table of failures that was exported or pasted: bounces of a mailing service, rows of a
// spreadsheet or of a database.
//
//   email,status,reason
//   ann@example.com,5.1.1,"550 5.1.1 no such user"
//   bob@example.com,4.2.2,"452 4.2.2 mailbox full"
//
// Commas, semicolons, tabs or bars part the columns; a field in double quotes may hold them and
// ends of lines (RFC 4180). The first row may name the columns.
#pragma once

#include <string_view>
#include <vector>

#include "parsers/reason/failure_report.h"

namespace bouncesight {

// A failure for each row that tells of one, in order; rows of mail that was delivered and rows
// without a reason give none. Empty: `text` (plain, LF) is no such table: it has fewer than two
// rows, rows of unequal width, no column that holds nothing but addresses, or none of words.
// Linear.
std::vector<ReportedFailure> ReadReplyTable(std::string_view text);

}  // namespace bouncesight
