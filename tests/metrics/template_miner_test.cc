#include "metrics/template_miner.h"

#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parsers/text/unseen.h"
#include "parsers/text/utf8.h"
#include "rules/classifier.h"
#include "rules/rule_set.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;

void Mine(TemplateMiner& miner, std::string_view text) { miner.Add(ParseReply(text)); }

TEST(ReplyTemplate, MasksWhatDiffersFromReplyToReply) {
  EXPECT_EQ(ReplyTemplate("550 5.7.1 <ann@example.com>: Rests until 2031, see "
                          "https://example.com/x"),
            ReplyTemplate("550 5.7.1 <bob@example.net>: rests  until 2044, see "
                          "https://example.net/y"));
  EXPECT_THAT(ReplyTemplate("550 The mailbox {of} ann@example.com rests until 2031"),
              HasSubstr("{addr} rests until {num}"));
}

TEST(ReplyTemplate, IsShortValidUtf8OnOneLineWhateverTheBytes) {
  std::mt19937 random(9);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes(random() % 600, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 3 == 0 ? random() : 'a' + random() % 26);
    const std::string text = ReplyTemplate(bytes);
    ASSERT_LE(text.size(), 200U);
    ASSERT_EQ(ToUtf8(text), text);
    ASSERT_EQ(text.find('\n'), std::string::npos);
  }
}

TEST(TemplateMiner, RanksTemplatesAndKeepsAnExample) {
  TemplateMiner miner;
  for (int i = 0; i < 30; ++i) {
    Mine(miner, "550 5.9.9 mailbox u" + std::to_string(i) + "@example.com rests");
  }
  for (int i = 0; i < 10; ++i) Mine(miner, "451 the moon is wrong");
  const auto top = miner.Top(10);
  ASSERT_EQ(top.size(), 2U);
  EXPECT_EQ(top[0].text, "mailbox {addr} rests");
  EXPECT_EQ(top[0].count, 30U);
  EXPECT_EQ(top[0].code, 550);
  EXPECT_EQ(top[0].enhanced, (EnhancedCode{5, 9, 9}));
  EXPECT_EQ(top[0].example, "550 5.9.9 mailbox u0@example.com rests");
  EXPECT_EQ(top[1].count, 10U);
  EXPECT_EQ(miner.Top(1).size(), 1U);
}

TEST(TemplateMiner, StaysBoundedAndKeepsTheCommonOnesInAFlood) {
  TemplateMiner miner(100);
  const auto word = [](int number) {
    std::string text;
    for (; number > 0; number /= 26) text += static_cast<char>('a' + number % 26);
    return text;
  };
  for (int i = 1; i < 20000; ++i) {
    Mine(miner, "550 " + word(i) + " is odd");
    if (i % 20 == 0) Mine(miner, "550 the moon is wrong");
  }
  const auto top = miner.Top(1000);
  EXPECT_EQ(top.size(), 100U);
  EXPECT_EQ(top[0].text, "the moon is wrong");
}

TEST(TemplateMiner, MergesWhatSeveralReadersFound) {
  TemplateMiner one, two;
  for (int i = 0; i < 3; ++i) Mine(one, "550 the moon is wrong");
  for (int i = 0; i < 4; ++i) Mine(two, "550 the moon is wrong");
  Mine(two, "550 so is the sun");
  one.Merge(two);
  const auto top = one.Top(10);
  ASSERT_EQ(top.size(), 2U);
  EXPECT_EQ(top[0].count, 7U);
  EXPECT_EQ(top[1].example, "550 so is the sun");
}

// A draft is a rule file: it loads, and each rule knows its own example again.
TEST(DraftRules, LoadAndKnowTheirExamples) {
  TemplateMiner miner;
  for (const char* text :
       {"550 5.9.9 mailbox ann@example.com rests until 2031 (it's tired) [code #42]",
        "451 the {moon} is wrong? yes. 100% + more * $5 ^ a|b \\o/", "550",
        "550 the \u202Ezo\u200Brb\U000E0041 \"is\" (shut)"}) {
    Mine(miner, text);
  }
  const std::string yaml = DraftRules(miner.Top(10));
  const auto rules = RuleSet::Load({{{"draft.yaml", yaml}}, {}, {}});
  ASSERT_TRUE(rules) << rules.error().message << "\n" << yaml;
  EXPECT_EQ((*rules)->rule_count(), 3U);
  for (std::size_t i = 0; i < yaml.size(); ++i)
    ASSERT_TRUE(yaml[i] == '\n' || UnseenAt(yaml, i) == 0) << yaml;
  Classifier classifier(*rules);
  for (const Rule& rule : (*rules)->rules()) {
    const Reply reply = ParseReply(rule.examples.at(0));
    const Verdict verdict = classifier.Classify({reply, {}, {}, {}});
    EXPECT_EQ((*rules)->rule_name(verdict.rule), rule.id) << yaml;
  }
}

}  // namespace
}  // namespace bouncesight
