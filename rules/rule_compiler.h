// From the texts of rule files to rules that can be run.
#pragma once

#include <cstdint>
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

// What Hyperscan looks for takes nine tenths of the time to compile. kNone: a set that is good for
// comparing, and not for classifying.
enum class Databases : std::uint8_t { kAll, kNone };

// Reads, lints and compiles; goes on after errors so as to report them all.
CompileResult CompileRules(const RuleSources& sources, Databases databases = Databases::kAll);

}  // namespace bouncesight
