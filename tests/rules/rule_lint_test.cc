#include "rules/rule_lint.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(RuleLint, TakesPatternsThatSayWhatARefusalSays) {
  for (const std::string_view pattern :
       {"no such user", "user (is )?unknown", "blocked using {host}", "\\bspf\\b.*fail", "a{1,50}b",
        "a{7,10}b", "用户不存在", "(的)?用户", "brace \\{ here"}) {
    EXPECT_EQ(LintPattern(pattern).fault, "") << pattern;
  }
}

TEST(RuleLint, SaysWhatIsWrongWithAPatternAndWhatToDo) {
  const struct {
    std::string pattern;
    std::string_view message;
  } cases[] = {
      {"", "is empty; "},
      {"a*", "matches even nothing; "},
      {"(no)?", "matches even nothing; "},
      {"(open", "is not understood: "},
      {"(a)\\1", "is not understood: "},
      {"a(?=b)", "is not understood: "},
      {"a{1,51}", "repeats more than 50 times"},
      {"(?i)(a|x{200})", "repeats more than 50 times"},
      {"x{200}", "repeats more than 50 times"},
      {"{hots} refused", "'{hots}' is not a mask; "},
      {"user doesn\xe2\x80\x99t exist", "holds a typographic or full-width sign"},
      {"收件人的?地址", "repeats a sign beyond ASCII"},
      {"(サーバー?|ホスト)", "repeats a sign beyond ASCII"},
      {"no\nuser", "holds an end of line"},
      {std::string(1001, 'a'), "is longer than 1000 bytes"},
  };
  for (const auto& c : cases) {
    const std::string what = LintPattern(c.pattern).fault;
    EXPECT_NE(what.find(c.message), std::string::npos) << c.pattern << "\n" << what;
  }
}

TEST(RuleLint, FindsAnEdgeThatNeverHolds) {
  for (const std::string_view pattern :
       {"\\b{addr}", "{ip}\\b", "\\b(ip|{ip}) listed", "(host|\\b{host}) listed", "спам\\b",
        "\\bспам", "(переехал|moved)\\b.*gone", "(пере)?\\bехал", "\\b(no )?{addr}", "\\b用户",
        "用户\\b", "\\b[а-я]", "((ящик))\\b"}) {
    EXPECT_NE(EdgeFault(pattern).find("never holds; leave \\b out"), std::string::npos) << pattern;
  }
  // A Latin letter loses its accent before it is looked for; "\\\\b" is a backslash and a letter.
  for (const std::string_view pattern :
       {"\\bspf\\b.*{ip}", "(refusé|rejeté)e?\\b", "\\bîle", "{addr} \\b(is|was)",
        "(\\bip|{ip}) listed", "ящик .*\\bfull", "\\b.*{addr}", "moved\\b.*{addr}", "{addr}\\\\b",
        "\\\\bспам", "(\\bis |){addr}"}) {
    EXPECT_EQ(EdgeFault(pattern), "") << pattern;
  }
}

TEST(RuleLint, NamesTheRuleByFileAndLine) {
  Rule rule;
  rule.id = "a";
  rule.file = "f.yaml";
  rule.line = 7;
  rule.match = {"a*"};
  const auto findings = LintRule(rule).findings;
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0],
            "f.yaml:7: a: match: 'a*' matches even nothing; ask for at least one word");
  EXPECT_EQ(findings[1],
            "f.yaml:7: a: examples: is missing; give one reply that this rule must win");
}

}  // namespace
}  // namespace bouncesight
