#include "rules/pattern_table.h"

#include <algorithm>

#include "rules/pattern_expand.h"

namespace bouncesight {
namespace {

// What phrases alone can tell needs no database; what they can rule out is asked of it rarely.
// Among links a gap must not reach from one into the next, which phrases do not see.
// False: the pattern needs the database.
bool AddPhrases(PatternTable& table, std::uint32_t id, bool links) {
  const PatternOutline outline = OutlinePattern(table.expressions[id]);
  const auto has_gap = [](const std::string& phrase) {
    return phrase.find(".*") != std::string::npos || phrase.find(".{") != std::string::npos;
  };
  const bool sure = outline.exact && !(links && std::any_of(outline.phrases.begin(),
                                                            outline.phrases.end(), has_gap));
  bool told = !outline.phrases.empty();
  for (const std::string& phrase : outline.phrases)
    told = table.phrases.Add(phrase, id, sure) && told;
  table.always_ask = table.always_ask || !told;
  return told && sure;
}

}  // namespace

std::optional<CompileFailure> CompilePatterns(PatternTable& table, bool links, bool own,
                                              Databases databases) {
  std::vector<unsigned> rest;
  const auto first = static_cast<std::uint32_t>(own ? table.from_catalog : 0);
  for (std::uint32_t id = first; id < table.expressions.size(); ++id) {
    if (!AddPhrases(table, id, links)) rest.push_back(id);
  }
  table.phrases.Build();
  PatternDb& database = own ? table.own_database : table.database;
  std::optional<CompileFailure> failure;
  if (databases == Databases::kAll) failure = database.Compile(table.expressions, rest);
  (own ? table.in_own_database : table.in_database) = std::move(rest);
  if (own) return failure;
  table.from_catalog = table.expressions.size();
  return failure;
}

}  // namespace bouncesight
