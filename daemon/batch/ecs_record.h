// One event with the field names of the Elastic Common Schema, version 8.11
// (https://www.elastic.co/guide/en/ecs/current/): one flat JSON object a line, names with dots in
// them, which Elasticsearch and OpenSearch take as objects. What the schema has no name for stands
// under "bouncesight.", as the schema asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "metrics/pump.h"
#include "rules/rule_set.h"

namespace bouncesight {

// `time`: seconds since 1970; none: the record has no @timestamp, and "bouncesight.logged" is all
// that is known. Appends an object and a newline; always valid UTF-8.
void AppendEcsEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info,
                    const RuleSet& rules, std::optional<std::int64_t> time, std::string& out);

}  // namespace bouncesight
