// From the texts of rule files to rules that can be run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/compiled_rules.h"
#include "rules/rule_set.h"

namespace bouncesight {

struct CompileResult {
  std::vector<Rule> rules;
  std::unique_ptr<CompiledRules> compiled;
  std::vector<std::string> errors;  // "FILE:LINE: key: what; what to do"; empty: all is well
};

// Reads, lints and compiles; goes on after errors so as to report them all.
CompileResult CompileRules(const RuleSources& sources);

}  // namespace bouncesight
