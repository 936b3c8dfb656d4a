#include "rules/place_sets.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/pattern_tree.h"
#include "tests/rules/hyperscan_span.h"

namespace bouncesight {
namespace {

bool Holds(const std::string& pattern, std::string_view text) {
  const PatternTree tree = ParsePattern(pattern);
  const std::optional<StepProgram> steps = StepsOf(tree, tree.branches);
  EXPECT_TRUE(steps.has_value()) << pattern;
  FoldedText folded;
  folded.Fold(text);
  PlaceSets places;
  places.Read(folded);
  return steps && places.Hold(*steps);
}

bool HyperscanHolds(const std::string& pattern, std::string_view text) {
  return HyperscanSpan(pattern, text).has_value();
}

const std::vector<std::string> kPatterns = {
    "no (such )?(user|mailbox)",
    "(user|mailbox|) .*(full|over)$",
    "^(the )?quota",
    "\\bfull\\b",
    "\\bover.*\\b(quota|limit)\\b",
    "too (many |very |big )*mails",
    "a(b|bc)(cd|d)?e",
    "gr[ae]y-?list",
    "(more than|over) \\d+ mails",
    "\\d+ mails (per|a) day",
    "limit: \\d*mb",
    "(a|ab)*c$",
    "x.*y.*z",
    "(q(u(o|a))*ta|)full",
};

const std::vector<std::string> kTexts = {
    "",
    "no user",
    "No Such Mailbox here",
    "no suchuser",
    "the mailbox of ann is full",
    "the mailbox of ann is full.",
    "quota",
    "the quota of ann",
    "a quota",
    "fullness",
    "is full, sorry",
    "he is over the quota_",
    "he is over-limit",
    "too mails",
    "too many very many mails",
    "too manymails",
    "abcde abe abcd",
    "grey-list GRAYLIST grylist",
    "more than 1234567 mails, 12 mails a day",
    "over mails",
    "limit: mb limit: 12mb",
    "ababac",
    "abacb",
    "x\ny z",
    "zyxyz",
    "quouatafull",
};

TEST(PlaceSets, FindWhatHyperscanFinds) {
  for (const std::string& pattern : kPatterns) {
    for (const std::string& text : kTexts) {
      EXPECT_EQ(Holds(pattern, text), HyperscanHolds(pattern, text)) << pattern << "\n" << text;
    }
  }
}

// A set of places is made of words of 64: nothing may get lost from one into the next.
TEST(PlaceSets, FindTheSameWhereverInTheTextItStands) {
  for (std::size_t before = 0; before < 200; ++before) {
    const std::string text = std::string(before, '-') + "user 12345 is" +
                             std::string(before + 1, ' ') + "over his quota" + std::string(70, '.');
    EXPECT_TRUE(Holds("user \\d+ is .*over (his |her )?quota", text)) << before;
    EXPECT_FALSE(Holds("user \\d+ is .*over (his |her )?quota$", text)) << before;
    EXPECT_FALSE(Holds("quota.*over|user \\d is", text)) << before;
  }
}

TEST(PlaceSets, ForgetTheTextBefore) {
  const PatternTree tree = ParsePattern("over (the )?quota");
  const auto steps = StepsOf(tree, tree.branches);
  PlaceSets places;
  FoldedText folded;
  for (const auto& [text, held] :
       std::vector<std::pair<std::string, bool>>{{std::string(300, ' ') + "over quota", true},
                                                 {"over", false},
                                                 {"the over quota", true}}) {
    folded.Fold(text);
    places.Read(folded);
    EXPECT_EQ(places.Hold(*steps), held) << text;
  }
}

TEST(StepProgram, LeavesToHyperscanWhatItDoesNotKnow) {
  for (const std::string pattern : {"a{2,3}", "[a-z]+", "\\S+ full", ".a", "(?i)x", "a*", "\\d?",
                                    "[^a]", "(a|b)+", "a+?", "\\x41"}) {
    const PatternTree tree = ParsePattern(pattern);
    EXPECT_FALSE(StepsOf(tree, tree.branches).has_value()) << pattern;
  }
}

TEST(StepPrograms, AreFoundByTheirPattern) {
  StepPrograms programs;
  programs.Add(3, {{Step::Kind::kGap, 0, 0}});
  programs.Add(9, {{Step::Kind::kStart, 0, 0}, {Step::Kind::kEnd, 0, 0}});
  EXPECT_EQ(programs.Find(3), 0U);
  EXPECT_EQ(programs.Find(9), 1U);
  EXPECT_EQ(programs.Find(4), StepPrograms::kNone);
  EXPECT_EQ(programs.Find(10), StepPrograms::kNone);
  ASSERT_EQ(programs.program(1).size(), 2U);
  EXPECT_EQ(programs.program(1)[1].kind, Step::Kind::kEnd);
}

}  // namespace
}  // namespace bouncesight
