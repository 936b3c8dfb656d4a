// One event as a record of named fields: what `events` prints, in JSON or CSV; ecs_record.h has
// others. The names and their order are a contract.
#pragma once

#include <string>
#include <string_view>

#include "metrics/pump.h"
#include "rules/rule_set.h"

namespace bouncesight {

// `time` is the event's in RFC 3339; what the log has in its place is told as "logged".
//
// A line with the number 0 is none, and a sender such as "@example.com" is known by its domain: so
// are those of the history.
//
// Appends to `out` one JSON object and a newline. Fields that are unknown are left out. Always
// valid UTF-8.
void AppendJsonEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info,
                     const RuleSet& rules, std::string_view time, std::string& out);

// {"source": …, "line": …, "skipped": reason, "text": `line`}
void AppendJsonSkip(SkipReason reason, const LineInfo& info, std::string_view line,
                    std::string& out);

// One row as in RFC 4180, texts as in safe_text.h; unknown fields are empty.
void AppendCsvHeader(std::string& out);
void AppendCsvEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info,
                    const RuleSet& rules, std::string_view time, std::string& out);

}  // namespace bouncesight
