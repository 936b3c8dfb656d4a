// From the expressions of a PatternTable to what finds them: phrases, and a database for the rest.
#pragma once

#include <optional>

#include "rules/compiled_rules.h"
#include "rules/rule_compiler.h"

namespace bouncesight {

// `own`: those behind the catalogue's, into own_database; else all there are, which are then the
// catalogue's. `links`: the table is of links. Once each, the catalogue first. The failure's number
// is the expression's.
std::optional<CompileFailure> CompilePatterns(PatternTable& table, bool links, bool own,
                                              Databases databases);

}  // namespace bouncesight
