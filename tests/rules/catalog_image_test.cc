#include "rules/catalog_image.h"

#include <map>
#include <utility>

#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

// Kept, for reading the texts takes its time.
std::shared_ptr<const RuleSet> Load(bool from_image, std::string_view operator_file) {
  static std::map<std::pair<bool, std::string_view>, std::shared_ptr<const RuleSet>> loaded;
  auto& kept = loaded[{from_image, operator_file}];
  if (kept != nullptr) return kept;
  RuleSources sources = EmbeddedSources();
  if (!from_image) sources.image = {};
  if (!operator_file.empty()) sources.operator_files.push_back({"mine.yaml", operator_file});
  const auto rules = RuleSet::Load(sources);
  EXPECT_TRUE(rules.has_value()) << (rules ? "" : rules.error().message);
  kept = rules ? *rules : nullptr;
  return kept;
}

// A phrase, a pattern for the database, a link, a code, and a name of each kind.
constexpr std::string_view kOwnRules = R"(
causes: [{name: our_gate, family: policy}]
providers: [our_peer]
blocklists: [our_list]
rules:
- {id: own-phrase, cause: our_gate, match: the gate is shut, examples: [550 the gate is shut]}
- {id: own-pattern, cause: our_gate, match: 'gate \d+ of [a-f]{3} is shut', blocklist: our_list,
   examples: [550 gate 12 of abc is shut]}
- {id: own-link, cause: our_gate, link: 'gate\.example\.com/[0-9]+',
   examples: ['550 see https://gate.example.com/17']}
- {id: own-code, cause: our_gate, when: {code: 599, provider: our_peer}, examples: [599]}
)";

std::string VerdictText(Classifier& classifier, const std::string& text) {
  const Reason reason = ParseReason(text);
  const Verdict verdict =
      classifier.Classify({reason.reply, reason.remote_host, reason.remote_ip, {}});
  const RuleSet& rules = classifier.rules();
  return std::string(rules.cause_name(verdict.cause)) + " " +
         std::string(rules.rule_name(verdict.rule)) + " " +
         std::string(rules.provider_name(verdict.provider)) + " " + std::string(verdict.blocklist) +
         " " + std::string(verdict.listed_ip);
}

TEST(CatalogImage, IsWhatItsTextsCompileTo) {
  EXPECT_TRUE(IsImageOf(EmbeddedSources().image, *Load(false, "")));
}

void ExpectSameTable(const PatternTable& read, const PatternTable& restored) {
  const auto& [phrases, steps, database, own_database, in_database, in_own_database, from_catalog,
               always_ask, refs, expressions] = restored;
  EXPECT_TRUE(phrases == read.phrases);
  EXPECT_TRUE(steps == read.steps);
  EXPECT_EQ(database.empty(), read.database.empty());
  EXPECT_EQ(own_database.empty(), read.own_database.empty());
  EXPECT_EQ(in_database, read.in_database);
  EXPECT_EQ(in_own_database, read.in_own_database);
  EXPECT_EQ(from_catalog, read.from_catalog);
  EXPECT_EQ(always_ask, read.always_ask);
  EXPECT_TRUE(refs == read.refs);
  EXPECT_EQ(expressions, read.expressions);
}

// The types compare all their fields, whatever the image writes of them. A new field of the rules
// as a whole does not compile here until it is compared, too.
TEST(CatalogImage, RestoredRulesEqualReadOnesFieldByField) {
  for (const std::string_view own : {std::string_view(), kOwnRules}) {
    const auto read_set = Load(false, own);
    const auto restored_set = Load(true, own);
    ASSERT_EQ(restored_set->rule_count(), read_set->rule_count());
    for (std::size_t i = 1; i <= read_set->rule_count(); ++i) {
      const Rule& rule = read_set->rule(static_cast<RuleId>(i));
      EXPECT_TRUE(restored_set->rule(static_cast<RuleId>(i)) == rule) << rule.id;
    }
    const CompiledRules& read = read_set->compiled();
    const auto& [words, links, facts, codes, providers, blocklists, zones, names, extra_causes,
                 advice, fingerprint] = restored_set->compiled();
    ExpectSameTable(read.words, words);
    ExpectSameTable(read.links, links);
    EXPECT_TRUE(facts == read.facts);
    EXPECT_TRUE(codes == read.codes);
    ASSERT_EQ(providers.size(), read.providers.size());
    for (std::size_t i = 1; i <= providers.size(); ++i) {
      const auto id = static_cast<ProviderId>(i);
      EXPECT_TRUE(providers.at(id) == read.providers.at(id)) << providers.at(id).name;
    }
    EXPECT_TRUE(blocklists == read.blocklists);
    EXPECT_TRUE(zones == read.zones);
    EXPECT_EQ(names, read.names);
    EXPECT_TRUE(extra_causes == read.extra_causes);
    EXPECT_TRUE(advice == read.advice);
    EXPECT_EQ(fingerprint, read.fingerprint);
  }
}

TEST(CatalogImage, RestoredRulesJudgeEveryExampleAsReadOnesDo) {
  for (const std::string_view own : {std::string_view(), kOwnRules}) {
    const auto read = Load(false, own);
    const auto restored = Load(true, own);
    ASSERT_EQ(restored->rule_count(), read->rule_count());
    EXPECT_EQ(restored->fingerprint(), read->fingerprint());
    Classifier by_read(read);
    Classifier by_restored(restored);
    for (std::size_t i = 1; i <= read->rule_count(); ++i) {
      const Rule& rule = read->rule(static_cast<RuleId>(i));
      EXPECT_EQ(restored->rule_name(static_cast<RuleId>(i)), rule.id);
      for (const auto* texts : {&rule.examples, &rule.counter_examples}) {
        for (const std::string& text : *texts) {
          EXPECT_EQ(VerdictText(by_restored, text), VerdictText(by_read, text)) << text;
        }
      }
    }
  }
}

TEST(CatalogImage, OperatorsRulesWinOverARestoredCatalogue) {
  Classifier classifier(Load(true, kOwnRules));
  EXPECT_EQ(WinnerOf(classifier, "550 5.1.1 user unknown, the gate is shut"), "own-phrase");
  EXPECT_EQ(WinnerOf(classifier, "550 5.1.1 user unknown, gate 12 of abc is shut"), "own-pattern");
  EXPECT_EQ(WinnerOf(classifier, "550 user unknown https://gate.example.com/17"), "own-link");
}

TEST(CatalogImage, TakesNothingThatIsCutOrForeign) {
  const std::string whole(EmbeddedSources().image);
  ASSERT_TRUE(ReadCatalogImage(whole));
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{40}, whole.size() / 3,
                                 whole.size() / 2, whole.size() - 1}) {
    EXPECT_FALSE(ReadCatalogImage(std::string_view(whole).substr(0, size))) << size;
  }
  EXPECT_FALSE(ReadCatalogImage(whole + "x"));
  std::string other = whole;
  other[other.find('\n') - 1] = '0';
  EXPECT_FALSE(ReadCatalogImage(other));
}

TEST(CatalogImage, IsReadWhereverItLies) {
  const auto whole = ReadCatalogImage(EmbeddedSources().image);
  ASSERT_TRUE(whole);
  const std::string shifted = "x" + std::string(EmbeddedSources().image);
  const auto image = ReadCatalogImage(std::string_view(shifted).substr(1));
  ASSERT_TRUE(image);
  EXPECT_TRUE(image->words.phrases == whole->words.phrases);
  EXPECT_TRUE(image->words.expressions == whole->words.expressions);
}

TEST(CatalogImage, CompilesPatternsAnewWhereNoDatabaseFits) {
  const auto rules = LoadRules(
      "rules:\n- {id: a, cause: virus, match: 'worm \\d+ of [a-f]{3}', examples: [550 worm 1 of "
      "abc]}");
  const std::string bytes =
      WriteCatalogImage(*rules, false) + std::string(2 * sizeof(std::size_t), '\0');
  const auto image = ReadCatalogImage(bytes);
  ASSERT_TRUE(image);
  EXPECT_FALSE(image->words.database.empty());
}

}  // namespace
}  // namespace bouncesight
