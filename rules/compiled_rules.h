// What a RuleSet is to the classifier: databases, and small tables of numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/advice.h"
#include "rules/blocklist.h"
#include "rules/code_index.h"
#include "rules/expression_list.h"
#include "rules/pattern_db.h"
#include "rules/phrase_table.h"
#include "rules/provider.h"
#include "rules/rule.h"
#include "rules/rule_file.h"
#include "rules/step_program.h"
#include "rules/suffix_map.h"

namespace bouncesight {

// Whose pattern it is.
enum class PatternOwner : std::uint8_t { kRule, kProvider, kBlocklist, kName };

struct PatternRef {
  PatternOwner owner = PatternOwner::kRule;
  std::uint16_t weight = 0;  // the fewest bytes that it matches: how specific it is
  std::uint32_t index = 0;   // of the rule, provider, list or name, from 0

  friend bool operator==(const PatternRef&, const PatternRef&) = default;
};

// One scan, and by pattern id whose it is and how it reads. Most patterns are phrases. Of the rest
// phrases say where a match may be: then the pattern's steps are taken, or, if it has none, the
// databases are asked.
struct PatternTable {
  PhraseTable phrases;
  StepPrograms steps;
  PatternDb database;                     // of the catalogue's patterns
  PatternDb own_database;                 // of operators' patterns
  std::vector<unsigned> in_database;      // the ids of the patterns in `database`
  std::vector<unsigned> in_own_database;  // and in `own_database`
  std::size_t from_catalog = 0;           // so many patterns are the catalogue's, and come first
  bool always_ask = false;                // a database has a pattern without such a phrase
  std::vector<PatternRef> refs;
  ExpressionList expressions;
};

// A rule without its texts.
struct RuleFacts {
  CauseId cause = CauseId::kUnclassified;
  std::uint16_t strength = 0;  // rank, then conditions
  bool needs_word = false;
  bool needs_link = false;
  bool has_when = false;
  bool common = false;  // of a provider, in words that others use too
  Origin origin = Origin::kUnknown;
  std::uint16_t phases = 0;  // a bit each; 0: any
  ProviderId provider = ProviderId::kNone;
  std::uint16_t blocklist = 0;  // index + 1; 0: none
  std::vector<CodeRange> codes;
  std::vector<EnhancedPattern> enhanced;
  std::vector<ProviderId> providers;

  friend bool operator==(const RuleFacts&, const RuleFacts&) = default;
};

struct CompiledRules {
  PatternTable words;
  PatternTable links;
  std::vector<RuleFacts> facts;  // as the rules of the set
  CodeIndex codes;
  ProviderTable providers{{}};
  std::vector<Blocklist> blocklists;
  SuffixMap zones;                 // of block lists: index + 1
  std::vector<std::string> names;  // that are no evidence: lower case
  std::vector<ExtraCause> extra_causes;
  std::vector<Advice> advice;  // by cause
  std::uint64_t fingerprint = 0;
};

}  // namespace bouncesight
