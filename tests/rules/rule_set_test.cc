#include "rules/rule_set.h"

#include <gtest/gtest.h>

#include "rules/compiled_rules.h"
#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

std::string LoadError(std::string_view catalog) {
  RuleSources sources;
  sources.catalog.push_back({"f.yaml", catalog});
  const auto rules = RuleSet::Load(sources);
  return rules ? "" : rules.error().message;
}

TEST(RuleSet, RefusesWhatDoesNotFitTogether) {
  EXPECT_EQ(LoadError(R"(rules:
  - {id: a, cause: virus, match: x, examples: [x]}
  - {id: a, cause: virus, match: y, examples: [y]}
)"),
            "f.yaml:3: id: 'a' is used in f.yaml:2 already; choose another");
  EXPECT_EQ(LoadError(R"(rules:
  - {id: a, cause: virus, match: x, when: {provider: acme}, examples: [x]}
)"),
            "f.yaml:2: a: provider: 'acme' is not known; take a name of providers.yaml, or list a "
            "name of your own under the top-level key providers");
  EXPECT_EQ(LoadError("rules: [{id: a, cause: virus, match: x*, examples: [x]}]"),
            "f.yaml:1: a: match: 'x*' matches even nothing; ask for at least one word");
}

TEST(RuleSet, LoadsNothingAtAll) {
  const auto rules = LoadRules("");
  EXPECT_EQ(rules->rule_count(), 0U);
  Classifier classifier(rules);
  EXPECT_EQ(WinnerOf(classifier, "550 no such user"), "");
}

TEST(RuleSet, NamesBuiltInAndAddedCauses) {
  const auto rules = LoadRules("", R"(
causes: [{name: partner_down, family: capacity}]
rules: [{id: a, cause: partner_down, match: x, examples: [x]}]
)");
  EXPECT_EQ(rules->cause_count(), kBuiltinCauseCount + 1);
  const auto cause = rules->FindCause("partner_down");
  ASSERT_TRUE(cause.has_value());
  EXPECT_EQ(rules->cause_name(*cause), "partner_down");
  EXPECT_EQ(rules->cause_family(*cause), "capacity");
  EXPECT_EQ(rules->cause_name(CauseId::kVirus), "virus");
  EXPECT_EQ(rules->cause_family(CauseId::kVirus), "content");
  EXPECT_EQ(rules->FindCause("none_such"), std::nullopt);
}

TEST(RuleSet, PutsARulesAdviceOverItsCauses) {
  RuleSources sources;
  sources.catalog = {{"advice.yaml", R"(
causes:
  - {cause: virus, retry: no, act: sender, en: {why: base, steps: [a]}, zh: {why: 因, steps: [甲]}}
)"},
                     {"f.yaml", R"(rules:
  - {id: a, cause: virus, match: x, examples: [x], advice: {en: {why: better, steps: [b]}}}
)"}};
  const auto rules = *RuleSet::Load(sources);
  EXPECT_EQ(rules->advice(CauseId::kVirus, RuleId::kNone).en.why, "base");
  const Advice advice = rules->advice(CauseId::kVirus, RuleId{1});
  EXPECT_EQ(advice.en.why, "better");
  EXPECT_EQ(advice.zh.why, "因");
  EXPECT_EQ(advice.retry, Retry::kNo);
}

TEST(RuleSet, ChangesItsFingerprintWithAnyByte) {
  const std::string_view rule = "rules: [{id: a, cause: virus, match: x, examples: [x]}]";
  EXPECT_EQ(LoadRules(rule)->fingerprint(), LoadRules(rule)->fingerprint());
  EXPECT_NE(LoadRules(rule)->fingerprint(), LoadRules(std::string(rule) + "\n")->fingerprint());
}

TEST(RuleSet, AsksHyperscanOfTheCatalogueOnlyWherePhrasesSaySo) {
  const CompiledRules& rules = ShippedRules()->compiled();
  EXPECT_FALSE(rules.words.always_ask);
  EXPECT_FALSE(rules.links.always_ask);
}

TEST(RuleSet, LoadsTheShippedCatalogue) {
  const auto rules = ShippedRules();
  ASSERT_NE(rules, nullptr);
  EXPECT_GT(rules->rule_count(), 0U);
  EXPECT_GT(rules->provider_count(), 60U);
  EXPECT_EQ(rules->delisting_link("spamhaus_zen"), "https://check.spamhaus.org/");
}

}  // namespace
}  // namespace bouncesight
