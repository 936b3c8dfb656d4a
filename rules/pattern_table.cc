#include "rules/pattern_table.h"

#include <algorithm>
#include <utility>

#include "rules/reply_text.h"

namespace bouncesight {
namespace {

using ItemKind = PhraseItem::Kind;

bool HasGap(const Phrase& phrase) {
  return std::any_of(phrase.begin(), phrase.end(), [](PhraseItem item) {
    return item.kind == ItemKind::kGap || item.kind == ItemKind::kMargin;
  });
}

// kPhrasesAndMore: where they are, a match may be. kMore: they say nothing of it.
enum class ToldBy { kPhrases, kPhrasesAndMore, kMore };

// What phrases alone can tell needs nothing else; what they can rule out is looked at rarely.
// Among links a gap must not reach from one into the next, which phrases do not see.
ToldBy AddPhrases(PatternTable& table, std::uint32_t id, const PatternOutline& outline,
                  bool links) {
  const auto& phrases = outline.phrases;
  const bool sure =
      outline.exact && !(links && std::any_of(phrases.begin(), phrases.end(), HasGap));
  bool told = !phrases.empty();
  for (const Phrase& phrase : phrases) told = table.phrases.Add(phrase, id, sure) && told;
  if (!told) return ToldBy::kMore;
  return sure ? ToldBy::kPhrases : ToldBy::kPhrasesAndMore;
}

}  // namespace

void AddExpression(PatternTable& table, TablePart part, Expression expression,
                   const PatternRef& ref) {
  const auto id = static_cast<std::uint32_t>(table.expressions.size());
  const ToldBy told = AddPhrases(table, id, expression.outline, part.links);
  if (told == ToldBy::kPhrasesAndMore && expression.steps) {
    table.steps.Add(id, *expression.steps);
  } else if (told != ToldBy::kPhrases) {
    (part.own ? table.in_own_database : table.in_database).push_back(id);
    table.always_ask = table.always_ask || told == ToldBy::kMore;
  }
  table.refs.push_back(ref);
  table.expressions.Add(expression.text);
}

WindowCounts WordsOfExamples(std::span<const Rule> rules) {
  WindowCounts counts;
  ReplyText reply;
  FoldedText folded;
  for (const Rule& rule : rules) {
    for (const std::string& example : rule.examples) {
      reply.Read(example);
      folded.Fold(reply.words());
      counts.Add(folded.view());
    }
  }
  return counts;
}

std::optional<CompileFailure> BuildTable(PatternTable& table, TablePart part, Databases databases,
                                         const WindowCounts& typical) {
  table.phrases.Build(typical);
  if (!part.own) table.from_catalog = table.expressions.size();
  if (databases == Databases::kNone) return std::nullopt;
  if (part.own) return table.own_database.Compile(table.expressions, table.in_own_database);
  return table.database.Compile(table.expressions, table.in_database);
}

}  // namespace bouncesight
