#include "rules/rule_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bouncesight {
namespace {

using ::testing::HasSubstr;

// The findings but for advice, which these small catalogues lack: "KIND: MESSAGE".
std::vector<std::string> Check(std::string_view catalog, std::string_view operator_file = "") {
  RuleSources sources;
  if (!operator_file.empty()) sources.operator_files.push_back({"mine.yaml", operator_file});
  sources.catalog.push_back({"f.yaml", catalog});
  std::vector<std::string> texts;
  for (const Finding& finding : CheckRules(sources).findings) {
    if (finding.kind == FindingKind::kAdvice) continue;
    texts.push_back(std::string(FindingKindName(finding.kind)) + ": " + finding.message);
  }
  return texts;
}

TEST(RuleCheck, FindsNothingInSoundRules) {
  EXPECT_TRUE(Check(R"(rules:
  - {id: a, cause: virus, match: alpha, examples: [550 alpha], counter_examples: [550 beta]}
  - {id: b, cause: user_unknown, match: beta, when: {phase: rcpt}, examples: [550 beta]}
)")
                  .empty());
}

TEST(RuleCheck, GivesEveryErrorAtOnce) {
  const auto findings = Check(R"(rules:
  - {id: a, cause: nonsense, match: alpha, examples: [alpha]}
  - {id: b, cause: virus, match: 'be(ta', examples: [beta]}
)");
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_THAT(findings[0], HasSubstr("error: f.yaml:2: cause: 'nonsense'"));
  EXPECT_THAT(findings[1], HasSubstr("error: f.yaml:3: b: match: 'be(ta' is not understood"));
}

TEST(RuleCheck, ReportsAnExampleThatAnotherCauseTakes) {
  const auto findings = Check(R"(rules:
  - {id: a, cause: virus, match: alpha, examples: [alpha, alpha beta]}
  - {id: b, cause: user_unknown, match: alpha beta, examples: [alpha beta]}
)");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0], "example: f.yaml:2: a: example is won by b (user_unknown): alpha beta");
}

TEST(RuleCheck, ReportsACounterExampleThatTheRuleTakes) {
  const auto findings = Check(
      "rules: [{id: a, cause: virus, match: alpha, examples: [alpha], counter_examples: "
      "[alphas]}]");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0], HasSubstr("counter-example: f.yaml:1: a: counter-example is won by"));
}

TEST(RuleCheck, TellsTheDeadFromTheShadowed) {
  const auto findings = Check(R"(rules:
  - {id: dead, cause: virus, match: alpha, examples: [beta]}
  - {id: shadowed, cause: virus, match: gamma, examples: [gamma delta]}
  - {id: other, cause: virus, match: gamma delta, examples: [gamma delta]}
)");
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_THAT(findings[0], HasSubstr("example: f.yaml:2: dead: example is won by no rule"));
  EXPECT_THAT(findings[1], HasSubstr("dead: f.yaml:2: dead: wins on no example"));
  EXPECT_THAT(findings[2], HasSubstr("shadowed: f.yaml:3: shadowed: wherever it holds, other"));
}

TEST(RuleCheck, ReportsRulesThatOnlyTheirOrderDecides) {
  const auto findings = Check(R"(rules:
  - {id: a, cause: virus, match: alpha, examples: [alpha gamma]}
  - {id: b, cause: user_unknown, match: gamma, examples: [gamma]}
)");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0], HasSubstr("conflict: f.yaml:2: a: only its place in the files lets it"));
}

TEST(RuleCheck, ReportsAnEdgeThatNeverHoldsAndLoadsTheRule) {
  const auto findings = Check(R"(rules:
  - {id: a, cause: mailbox_moved, match: '(moved|переехал)\b', examples: ['550 moved']}
)");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0], HasSubstr("edge: f.yaml:2: a: '(moved|переехал)\\b' has \\b beside"));
}

TEST(RuleCheck, LetsOperatorsOverruleTheCatalogue) {
  EXPECT_TRUE(Check("rules: [{id: a, cause: virus, match: alpha, examples: [alpha]}]",
                    "rules: [{id: mine, cause: user_unknown, match: alpha, examples: [alpha]}]")
                  .empty());
}

TEST(RuleCheck, AsksForAdviceInBothLanguages) {
  RuleSources sources;
  sources.catalog = {{"advice.yaml", R"(
causes: [{cause: virus, retry: no, act: sender, en: {why: w, steps: [s]}, zh: {why: 因, steps: []}}]
)"}};
  const auto findings = CheckRules(sources).findings;
  ASSERT_FALSE(findings.empty());
  EXPECT_THAT(findings[0].message, HasSubstr("advice.yaml:2: steps: must be a text or a list"));
}

// The first finding on an operator's file beside the shipped catalogue.
std::string FirstErrorOf(std::string_view text) {
  RuleSources sources = EmbeddedSources();
  sources.operator_files.push_back({"mine.yaml", text});
  const auto rules = RuleSet::Load(sources);
  return rules ? std::string() : rules.error().message;
}

TEST(RuleCheck, NamesOfListsAndProvidersMustBeKnown) {
  const struct {
    std::string_view text;
    std::string_view wanted;
  } kCases[] = {
      {"rules:\n- id: a\n  cause: virus\n  match: zork blorp\n  blocklist: spamhous_zen\n"
       "  examples: [550 zork blorp]",
       "mine.yaml:5: blocklist: 'spamhous_zen' is not known; did you mean 'spamhaus_zen'?"},
      {"rules:\n- {id: a, cause: virus, match: zork blorp, blocklist: ours, examples: [550 zork "
       "blorp]}",
       "mine.yaml:2: blocklist: 'ours' is not known; take a name of blocklists.yaml, or list a"},
      {"provider: gmial\nrules: []",
       "mine.yaml:1: provider: 'gmial' is not known; did you mean "
       "'gmail'?"},
      {"rules:\n- {id: a, cause: virus, when: {code: 550, provider: tencnt}, examples: [550]}",
       "mine.yaml:2: a: provider: 'tencnt' is not known; did you mean 'tencent'?"},
      {"blocklists: [Ours]", "mine.yaml:1: blocklists: must be words of a-z, 0-9 and _"},
  };
  for (const auto& one : kCases) {
    const std::string error = FirstErrorOf(one.text);
    EXPECT_TRUE(error.starts_with(one.wanted)) << one.text << "\n" << error;
  }
}

TEST(RuleCheck, FindsNothingInTheShippedTexts) {
  RuleSources sources = EmbeddedSources();
  sources.image = {};
  for (const Finding& finding : CheckRules(sources).findings) ADD_FAILURE() << finding.message;
}

TEST(RuleCheck, ACompiledCatalogueThatIsNotItsTextsIsAnError) {
  RuleSources sources = EmbeddedSources();
  sources.catalog.pop_back();
  const auto findings = CheckRules(sources).findings;
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0].kind, FindingKind::kError);
  EXPECT_THAT(findings[0].message, HasSubstr("differs from its texts"));
}

TEST(RuleCheck, AnOperatorMayMakeNamesKnown) {
  EXPECT_EQ(FirstErrorOf("blocklists: [ours]\nproviders: [partner, other]\nprovider: partner\n"
                         "rules:\n- {id: a, cause: virus, match: zork blorp, blocklist: ours, "
                         "when: {provider: other}, examples: [550 zork blorp]}"),
            "");
}

TEST(RuleCheck, AProvidersRuleNeedsALinkACodeOrAWordOfItsOwn) {
  constexpr std::string_view kRows = "providers: [{name: acme, words: ['blorp:']}]";
  const struct {
    const char* rule;
    bool found;
  } kCases[] = {
      {"match: message refused", true},
      {"match: ['blorp: refused', message refused]", true},
      {"match: 'blorp: refused'", false},
      {"match: acme says no", false},
      {"match: 'refused, ab\\d\\d'", false},
      {"match: 'refused \\(s31[45]0\\)'", false},
      {"match: message refused, link: acme", false},
      {"match: message refused, common: true", false},
      {"match: message refused, when: {provider: acme}", false},
      {"match: message refused, when: {enhanced: 5.7.606}", false},
  };
  for (const auto& one : kCases) {
    const std::string rules = "provider: acme\nrules:\n- {id: a, cause: virus, " +
                              std::string(one.rule) + ", examples: [x]}";
    RuleSources sources;
    sources.catalog = {{"providers.yaml", kRows}, {"acme.yaml", rules}};
    bool found = false;
    for (const Finding& finding : CheckRules(sources).findings) {
      EXPECT_NE(finding.kind, FindingKind::kError) << one.rule << ": " << finding.message;
      found = found || finding.kind == FindingKind::kProvider;
    }
    EXPECT_EQ(found, one.found) << one.rule;
  }
}

}  // namespace
}  // namespace bouncesight
