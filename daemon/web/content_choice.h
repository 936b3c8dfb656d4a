// Which of our forms of an answer a client takes best, out of its Accept, Accept-Encoding and
// Accept-Language (RFC 9110, section 12.5). The headers are not trusted: whatever cannot be read is
// passed over.
#pragma once

#include <string_view>

#include "metrics/exposition.h"
#include "rules/advice.h"

namespace bouncesight {

// OpenMetrics if it is named with at least the weight of plain text; else the text format.
ExpositionFormat ChooseFormat(std::string_view accept);

// True if gzip is named with a weight above zero, or `*` is and gzip is not.
bool AcceptsGzip(std::string_view accept_encoding);

// Chinese if it is named ("zh", "zh-CN") with more weight than English is; else English.
Language ChooseLanguage(std::string_view accept_language);

}  // namespace bouncesight
