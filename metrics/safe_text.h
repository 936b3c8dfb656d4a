// Text of strangers for a place where bytes of it could do something: a web page, a table that a
// spreadsheet opens. Any bytes may come in; valid UTF-8 comes out, with U+FFFD
// for what a reader would not see (unseen.h).
#pragma once

#include <string>
#include <string_view>

namespace bouncesight {

// For HTML, within an element or a quoted attribute: no byte of it is taken for markup.
std::string EscapeHtml(std::string_view text);

// One field of RFC 4180, in quotes where it needs them; line breaks stay. A text that a spreadsheet
// would take for a formula (it begins with = + - @ or their full-width forms, blanks aside) gets an
// apostrophe before it, as OWASP recommends: whoever needs the very bytes takes JSON.
std::string CsvField(std::string_view text);

}  // namespace bouncesight
