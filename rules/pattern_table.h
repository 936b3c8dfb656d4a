// From the expressions of patterns to what finds them: phrases, and a database for the rest.
#pragma once

#include <optional>
#include <span>

#include "rules/compiled_rules.h"
#include "rules/pattern_expand.h"
#include "rules/rule_compiler.h"
#include "rules/window_counts.h"

namespace bouncesight {

// Which of a rule set's two tables, and which part of it: the catalogue's patterns, which come
// first, or operators', which have a database of their own.
struct TablePart {
  bool links = false;
  bool own = false;
};

// What phrases alone can tell is with them; the rest has its steps, or is noted for the database.
void AddExpression(PatternTable& table, TablePart part, Expression expression,
                   const PatternRef& ref);

// The examples of rules are replies as servers write them: what their words hold often, replies do.
WindowCounts WordsOfExamples(std::span<const Rule> rules);

// Once per part, when it has all its expressions. `typical`: of words as replies have them. The
// failure's number is the expression's.
std::optional<CompileFailure> BuildTable(PatternTable& table, TablePart part, Databases databases,
                                         const WindowCounts& typical);

}  // namespace bouncesight
