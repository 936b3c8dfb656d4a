#include "rules/rule_file.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

std::string FirstError(std::string_view text, bool is_operator = false) {
  std::vector<ExtraCause> causes;
  const RuleFile file = ParseRuleFile("f.yaml", text, is_operator, causes);
  return file.errors.empty() ? "" : file.errors.front();
}

TEST(RuleFile, ReadsARuleWithEveryKey) {
  std::vector<ExtraCause> causes;
  const RuleFile file = ParseRuleFile("f.yaml", R"(
provider: gmail
rules:
  - id: some-rule
    cause: user_unknown
    match: [no such user, unknown]
    link: example\.net/help
    when: {code: [550, 45x], enhanced: [5.1.1, x.2.*], phase: rcpt, provider: gmail, origin: remote}
    blocklist: some_list
    advice: {retry: no, act: sender, en: {why: w, steps: [s]}, zh: {why: 因, steps: 步}}
    examples: [550 no such user]
    counter_examples: 550 well
    source: RFC 5321
)",
                                      false, causes);
  ASSERT_TRUE(file.errors.empty()) << file.errors.front();
  ASSERT_EQ(file.rules.size(), 1U);
  const Rule& rule = file.rules[0];
  EXPECT_EQ(rule.id, "some-rule");
  EXPECT_EQ(rule.line, 4);
  EXPECT_EQ(rule.cause, CauseId::kUserUnknown);
  EXPECT_EQ(rule.rank, Rank::kProvider);
  EXPECT_EQ(rule.match.size(), 2U);
  EXPECT_EQ(rule.when.codes[1].first, 450);
  EXPECT_EQ(rule.when.codes[1].last, 459);
  EXPECT_TRUE(rule.when.enhanced[1].Matches({4, 2, 99}));
  EXPECT_FALSE(rule.when.enhanced[1].Matches({2, 2, 99}));
  EXPECT_EQ(rule.when.phases[0], Phase::kRcpt);
  EXPECT_EQ(rule.when.origin, Origin::kRemote);
  EXPECT_EQ(rule.condition_count(), 7);
  EXPECT_EQ(rule.advice.zh->steps[0], "步");
  EXPECT_EQ(*rule.advice.retry, Retry::kNo);
}

TEST(RuleFile, RanksByEvidence) {
  const auto rank_of = [](std::string_view text, bool is_operator) {
    std::vector<ExtraCause> causes;
    const RuleFile file = ParseRuleFile("f.yaml", text, is_operator, causes);
    return std::string(RankName(file.rules.at(0).rank));
  };
  const std::string head = "rules: [{id: a, cause: virus, examples: [x], ";
  EXPECT_EQ(rank_of(head + "match: x}]", false), "specific");
  EXPECT_EQ(rank_of(head + "match: x, generic: true}]", false), "generic");
  EXPECT_EQ(rank_of(head + "when: {code: 550}}]", false), "basic");
  EXPECT_EQ(rank_of(head + "when: {enhanced: 5.1.1, code: 550}}]", false), "enhanced");
  EXPECT_EQ(rank_of("provider: p\n" + head + "match: x}]", false), "provider");
  EXPECT_EQ(rank_of("provider: p\n" + head + "when: {enhanced: 5.1.1}}]", false), "enhanced");
  EXPECT_EQ(rank_of(head + "when: {code: 550}}]", true), "operator");
}

TEST(RuleFile, GivesAProvidersCodeRuleTheProviderAsCondition) {
  std::vector<ExtraCause> causes;
  const RuleFile file = ParseRuleFile(
      "f.yaml", "{provider: p, rules: [{id: a, cause: virus, when: {code: 550}, examples: [x]}]}",
      false, causes);
  EXPECT_EQ(file.rules.at(0).when.providers, std::vector<std::string>{"p"});
}

struct Bad {
  std::string_view text;
  std::string_view message;
};

TEST(RuleFile, NamesFileLineKeyAndRemedyOfEveryMistake) {
  const Bad cases[] = {
      {"rules:\n  - {id: a, cause: virus, mtch: x}",
       "f.yaml:2: mtch: unknown key; did you mean `match`?"},
      {"rules:\n  - id: a\n    cause: no_such", "f.yaml:3: cause: 'no_such' is not a cause; take"},
      {"rules:\n  - {id: A b, cause: virus, match: x}", "f.yaml:2: id: must be 1 to 80 "},
      {"rules:\n  - {cause: virus, match: x}", "f.yaml:2: id: is missing; "},
      {"rules:\n  - {id: a, match: x}", "f.yaml:2: cause: is missing; "},
      {"rules:\n  - {id: a, cause: virus}", "f.yaml:2: a: looks at nothing; "},
      {"rules:\n  - {id: a, cause: virus, match: {x: y}}", "f.yaml:2: match: must be a text or"},
      {"rules:\n  - {id: [a], cause: virus, match: x}", "f.yaml:2: id: must be one text; "},
      {"rules:\n  - {id: a, id: b, cause: virus, match: x}",
       "f.yaml:2: id: this key stands here twice; "},
      {"rules:\n  - {id: a, cause: virus, match: x, generic: maybe}", "generic: must be true or"},
      {"rules: 7", "f.yaml:1: rules: must be a list; "},
      {"rules: []\n---\nrules: []", "f.yaml:3: a second document begins here"},
      {"# a comment\n,", "f.yaml:2: this is not YAML"},
      {",", "f.yaml:1: this is not YAML"},
      {"rules: []\n---\n]", "f.yaml:3: this is not YAML"},
      {"rules:\n\t- {id: a}", "f.yaml:2: this is not YAML: "},
      {"rulez: []", "f.yaml:1: rulez: unknown key; did you mean `rules`?"},
      {"causes: [{name: a, family: b}]", "f.yaml:1: causes: only an operator's rule file"},
      {"rules:\n  - {id: a, cause: virus, when: {code: 5x5}}", "f.yaml:2: code: '5x5' is not und"},
      {"rules:\n  - {id: a, cause: virus, when: {code: 5500}}", "f.yaml:2: code: '5500' is not "},
      {"rules:\n  - {id: a, cause: virus, when: {enhanced: 5-1}}", "enhanced: '5-1' is not under"},
      {"rules:\n  - {id: a, cause: virus, when: {enhanced: 9.1.1}}", "enhanced: '9.1.1' is not u"},
      {"rules:\n  - {id: a, cause: virus, when: {phase: later}}", "phase: 'later' is not underst"},
      {"rules:\n  - {id: a, cause: virus, when: {origin: them}}", "origin: must be remote or loc"},
      {"rules:\n  - {id: a, cause: virus, match: x, advice: {act: us}}", "act: must be one of se"},
      {"rules:\n  - {id: a, cause: virus, match: x: y}", "f.yaml:2: this is not YAML: "},
      {"- a\n- b", "f.yaml:1: must be a map with the keys provider, causes, rules"},
  };
  for (const Bad& bad : cases) {
    const std::string error = FirstError(bad.text);
    EXPECT_NE(error.find(bad.message), std::string::npos) << bad.text << "\n" << error;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
}

// Names of rules are labels, and lines of the log.
TEST(RuleFile, T35RefusesALineEndInAName) {
  for (const std::string end : {"\\n", "\\r", "\\u2028", "\\0"}) {
    const std::string rule = "rules:\n  - {id: \"a" + end + "b\", cause: virus, match: x}";
    EXPECT_NE(FirstError(rule).find("id: must be 1 to 80 "), std::string::npos) << end;
    const std::string cause = "causes: [{name: \"a" + end + "b\", family: content}]";
    EXPECT_NE(FirstError(cause, true).find("must be words"), std::string::npos) << end;
  }
}

TEST(RuleFile, ReportsEveryMistakeOfAFile) {
  std::vector<ExtraCause> causes;
  const RuleFile file = ParseRuleFile(
      "f.yaml", "rules:\n- {id: a, cause: x, match: y}\n- {id: b, cause: z, match: y}", false,
      causes);
  EXPECT_EQ(file.errors.size(), 2U);
  EXPECT_TRUE(file.rules.empty());
}

TEST(RuleFile, LetsAnOperatorAddCauses) {
  std::vector<ExtraCause> causes;
  const RuleFile file = ParseRuleFile("f.yaml", R"(
causes: [{name: partner_maintenance, family: capacity}]
rules: [{id: a, cause: partner_maintenance, match: x, examples: [x]}]
)",
                                      true, causes);
  ASSERT_TRUE(file.errors.empty()) << file.errors.front();
  EXPECT_EQ(static_cast<std::size_t>(file.rules.at(0).cause), kBuiltinCauseCount);
  EXPECT_NE(FirstError("causes: [{name: virus, family: content}]", true).find("known already"),
            std::string::npos);
  EXPECT_NE(FirstError("causes: [{name: 'A b', family: content}]", true).find("must be words"),
            std::string::npos);
}

TEST(RuleFile, TakesAnEmptyFile) { EXPECT_EQ(FirstError(""), ""); }

TEST(RuleFile, SurvivesWhatIsNoText) {
  EXPECT_NE(FirstError("\xff\xfe\x01{{{["), "");
  EXPECT_NE(FirstError("a: &x [*x]"), "");
}

}  // namespace
}  // namespace bouncesight
