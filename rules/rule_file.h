// Rule files: YAML text to rules. rules/RULES.md is the reference of the format.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace bouncesight {

// A cause that an operator's file adds to the built-in ones.
struct ExtraCause {
  std::string name;
  std::string family;

  friend bool operator==(const ExtraCause&, const ExtraCause&) = default;
};

// Finds causes by name, the extra ones included: number kBuiltinCauseCount + index.
std::optional<CauseId> FindCauseIn(const std::vector<ExtraCause>& extra, std::string_view name);

// A name that a rule file uses, and where.
struct NameUse {
  std::string name;
  std::string place;  // "FILE:LINE: key: "
};

struct RuleFile {
  std::vector<Rule> rules;
  // The providers and block lists that its rules name; those that the file itself makes known are
  // in the other two.
  std::vector<NameUse> provider_uses, blocklist_uses;
  std::vector<std::string> providers, blocklists;
  std::vector<std::string> errors;  // "FILE:LINE: key: what; what to do"; empty: all is well
};

// Reads one file. `is_operator` gives its rules the operator's rank and lets it define causes,
// which are appended to `causes`; those of files read before may be used. Rules with errors are
// left out.
RuleFile ParseRuleFile(std::string_view name, std::string_view text, bool is_operator,
                       std::vector<ExtraCause>& causes);

}  // namespace bouncesight
