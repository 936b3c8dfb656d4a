#include "rules/pattern_expand.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <regex>
#include <tuple>

#include <gtest/gtest.h>

#include "rules/rule_file.h"
#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

using Phrases = std::vector<std::string>;

Phrases ExpandPattern(std::string_view pattern) {
  Phrases texts;
  for (Expression& one : ExpandPattern(ParsePattern(std::string(pattern)))) {
    texts.push_back(std::move(one.text));
  }
  return texts;
}

// As a pattern would be written that is the phrase.
std::string Spell(const Phrase& phrase) {
  using Kind = PhraseItem::Kind;
  std::string text;
  for (const PhraseItem item : phrase) {
    switch (item.kind) {
      case Kind::kByte:
        text += static_cast<char>(item.value);
        break;
      case Kind::kBoundary:
        text += "\\b";
        break;
      case Kind::kStart:
        text += "^";
        break;
      case Kind::kEnd:
        text += "$";
        break;
      case Kind::kGap:
        text += ".*";
        break;
      case Kind::kMargin:
        text += ".{" + std::to_string(item.value) + "}";
        break;
    }
  }
  return text;
}

// Of all its expressions.
PatternOutline OutlinePattern(std::string_view pattern) {
  const auto all = ExpandPattern(ParsePattern(std::string(pattern)));
  PatternOutline outline;
  for (const Expression& one : all) {
    std::copy(one.outline.phrases.begin(), one.outline.phrases.end(),
              std::back_inserter(outline.phrases));
    outline.exact = outline.exact && one.outline.exact;
  }
  return outline;
}

TEST(ExpandPattern, WritesOutEveryChoice) {
  const std::vector<std::pair<std::string_view, Phrases>> table = {
      {"no such user", {"no such user"}},
      {"(unknown|invalid) (user|account)",
       {"unknown user", "unknown account", "invalid user", "invalid account"}},
      {"no (such )?user", {"no such user", "no user"}},
      {"e-?mail", {"e-mail", "email"}},
      {"authori[sz]ed", {"authorised", "authorized"}},
      {"mail(box( is)?)? full", {"mailbox is full", "mailbox full", "mail full"}},
      {"full|over (disk|quota)", {"full", "over disk", "over quota"}},
      {"(?:a|b)c", {"ac", "bc"}},
      {"(a|)b", {"ab", "b"}},
      {"(\x01|user) gone", {"\x01 gone", "user gone"}},
  };
  for (const auto& [pattern, phrases] : table) EXPECT_EQ(ExpandPattern(pattern), phrases);
}

TEST(ExpandPattern, KeepsAnchorsAndEscapedSigns) {
  EXPECT_EQ(ExpandPattern("^(no|bad) user\\.?$"),
            (Phrases{"^no user\\.$", "^no user$", "^bad user\\.$", "^bad user$"}));
  EXPECT_EQ(ExpandPattern("\\b(spf|dkim)\\b"), (Phrases{"\\bspf\\b", "\\bdkim\\b"}));
  EXPECT_EQ(ExpandPattern("a[.?]"), (Phrases{"a\\.", "a\\?"}));
}

TEST(ExpandPattern, EscapesWhatMustBeAndNoMore) {
  EXPECT_EQ(ExpandPattern("e\\-mail\\/(x|y)"), (Phrases{"e-mail/x", "e-mail/y"}));
  EXPECT_EQ(ExpandPattern("a]\\}b"), Phrases{"a\\]\\}b"});
}

TEST(ExpandPattern, KnowsTheWidthOfEachExpression) {
  const std::vector<std::tuple<std::string_view, std::optional<unsigned>>> table = {
      {"no user\\.", 8},       {"^\xE6\xBB\xA1$", 3},           {"\\bspf\\b", 3},
      {"user .*gone", 9},      {"(\\(|a)\\bspf", std::nullopt}, {"tab\\x41", std::nullopt},
      {"(open", std::nullopt},
  };
  for (const auto& [pattern, width] : table) {
    EXPECT_EQ(ExpandPattern(ParsePattern(std::string(pattern))).front().width, width) << pattern;
  }
}

TEST(ExpandPattern, DropsPhrasesThatItHasAlready) {
  EXPECT_EQ(ExpandPattern("(a|a) ?b|ab"), (Phrases{"a b", "ab"}));
}

TEST(ExpandPattern, KeepsAnAlternativeInOnePieceThatHasNoEnd) {
  for (const char* pattern :
       {"(a|b).*c", "(a|b) . c", "(a|b)+", "(a|b){2}", "(a|b)*?c", "(a|b) \\d", "[a-f](g|h)",
        "[^a](g|h)", "[abcdefghi](j|k)", "(a|b)??c", "(a|b.*)c", "[\\d](a|b)"}) {
    EXPECT_EQ(ExpandPattern(pattern), Phrases{pattern});
  }
  EXPECT_EQ(ExpandPattern("(a|b)c|user .*(gone|unknown)"),
            (Phrases{"ac", "bc", "user .*(gone|unknown)"}));
}

TEST(ExpandPattern, LeavesAloneWhatIsNoPatternItUnderstands) {
  for (const char* pattern : {"(a|b", "a|b)", "a|[b", "a|b\\", "*a|b", "a|(?i)b", "a|\\Q(b|c)\\E",
                              "[[:alpha:]]|b", "{|b", "a|b{2", ""}) {
    EXPECT_EQ(ExpandPattern(pattern), Phrases{pattern});
  }
  EXPECT_EQ(ExpandPattern("[]b]c|[^]d]e|f"), (Phrases{"[]b]c", "[^]d]e", "f"}));
}

TEST(ExpandPattern, StopsAtItsLimits) {
  std::string many = "(a|b|c|d|e|f|g|h)(a|b|c|d|e|f|g|h)(a|b|c|d|e|f|g|h)";
  EXPECT_EQ(ExpandPattern(many).size(), kMostExpressions);
  many += "i?";
  EXPECT_EQ(ExpandPattern(many), Phrases{many});
  const std::string deep = std::string(400, '(') + "a|b" + std::string(400, ')');
  EXPECT_EQ(ExpandPattern(deep), Phrases{deep});
}

// The product of both choices is too much to write out: the rarer one says where to look.
TEST(ExpandPattern, OutlinesTheChoiceWhoseWordsAreRarest) {
  const auto choice = [](char letter) {
    std::string words = "(";
    for (char c = 'a'; c <= 'z'; ++c) (words += c == 'a' ? "" : "|").append(3, letter) += c;
    return words + ")";
  };
  const PatternTree tree = ParsePattern(choice('x') + " ?" + choice('y') + ".*");
  const auto first_of = [&](std::string_view typical) {
    WindowCounts counts;
    if (!typical.empty()) counts.Add(typical);
    const PatternOutline outline = ExpandPattern(tree, counts).front().outline;
    EXPECT_FALSE(outline.exact);
    return outline.phrases.empty() ? std::string() : Spell(outline.phrases.front());
  };
  EXPECT_EQ(first_of("xxxa xxxb"), ".*yyya.*");
  EXPECT_EQ(first_of("yyya yyyb"), "xxxa .*.*");
  EXPECT_EQ(first_of(""), "xxxa .*.*") << "nothing is known: as it stands";
}

// Patterns over {a, b, c} that nest everything that is written out.
class PatternMaker {
 public:
  explicit PatternMaker(unsigned seed) : random_(seed) {}

  std::string Choice(int depth) {
    std::string pattern = Sequence(depth);
    for (int more = Pick(3); more > 0; --more) pattern += "|" + Sequence(depth);
    return pattern;
  }

 private:
  int Pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  std::string Sequence(int depth) {
    std::string pattern;
    for (int atoms = 1 + Pick(3); atoms > 0; --atoms) {
      const int kind = Pick(8);
      if (kind == 0 && depth > 0) {
        pattern += "(" + Choice(depth - 1) + ")";
      } else if (kind == 1 && depth > 0) {
        pattern += "(" + Choice(depth - 1) + ")?";
      } else if (kind == 2) {
        pattern += "[ab]";
      } else {
        pattern += static_cast<char>('a' + Pick(3));
        if (kind == 3) pattern += kind == Pick(4) ? '*' : '?';
      }
    }
    return pattern;
  }

  std::minstd_rand random_;
};

Phrases AllTexts(std::size_t longest) {
  Phrases texts = {""};
  for (std::size_t from = 0; texts[from].size() < longest; ++from) {
    for (const char c : {'a', 'b', 'c'}) texts.push_back(texts[from] + c);
  }
  return texts;
}

TEST(ExpandPattern, MatchesExactlyWhatThePatternMatches) {
  const Phrases texts = AllTexts(5);
  std::size_t expanded = 0;
  for (unsigned seed = 1; seed <= 150; ++seed) {
    const std::string pattern = PatternMaker(seed).Choice(2);
    const Phrases phrases = ExpandPattern(pattern);
    expanded += phrases.size() > 1 ? 1U : 0U;
    const std::regex whole(pattern);
    std::vector<std::regex> pieces(phrases.begin(), phrases.end());
    for (const std::string& text : texts) {
      const bool found = std::any_of(pieces.begin(), pieces.end(), [&](const std::regex& piece) {
        return std::regex_match(text, piece);
      });
      ASSERT_EQ(found, std::regex_match(text, whole)) << pattern << " in '" << text << "'";
    }
  }
  EXPECT_GT(expanded, 100U);
}

TEST(OutlinePattern, PutsGapsWhereAnythingMayStand) {
  const std::vector<std::tuple<std::string_view, Phrases, bool>> table = {
      {"user .*(un)?known", {"user .*unknown", "user .*known"}, true},
      {"over \\d+ (MB|GB)", {"over .* MB", "over .* GB"}, false},
      {"spf.{20}|.{3,}dkim", {"spf.{20}", ".{3}dkim"}, true},
      {"spf.{0,9}", {"spf.*"}, false},
      {"spf.{2,7}dkim", {"spf.*dkim"}, false},
      {"a[^b]c", {"a.*c"}, false},
      {"(user|box)+ full", {".* full"}, false},
      {"code 1\\w|full", {"code 1.*", "full"}, false},
      {"^no\\.$", {"^no.$"}, true},
      {"tab\\x41", {}, true},
      {"(open", {}, true},
  };
  for (const auto& [pattern, phrases, exact] : table) {
    const PatternOutline outline = OutlinePattern(pattern);
    Phrases spelt;
    for (const Phrase& phrase : outline.phrases) spelt.push_back(Spell(phrase));
    EXPECT_EQ(spelt, phrases) << pattern;
    EXPECT_TRUE(phrases.empty() || outline.exact == exact) << pattern;
  }
}

TEST(ExpandPattern, LetsEachPhraseCountByItsOwnLength) {
  Classifier classifier(LoadRules(R"(
rules:
  - {id: short, cause: try_later, match: not unknown, examples: [x]}
  - {id: choice, cause: user_unknown, match: '(mailbox|user|id) unknown', examples: [x]}
)"));
  EXPECT_EQ(WinnerOf(classifier, "550 not unknown, mailbox unknown"), "choice");
  EXPECT_EQ(WinnerOf(classifier, "550 not unknown, id unknown"), "short");
}

TEST(ExpandPattern, GivesWayToTheWeightOfARule) {
  Classifier classifier(LoadRules(R"(
rules:
  - {id: light, cause: try_later, weight: 3, match: a very long phrase, examples: [x]}
  - {id: plain, cause: user_unknown, match: unknown, examples: [x]}
  - {id: heavy, cause: dmarc_fail, weight: 40, match: dmarc, examples: [x]}
)"));
  EXPECT_EQ(WinnerOf(classifier, "550 a very long phrase, unknown"), "plain");
  EXPECT_EQ(WinnerOf(classifier, "550 dmarc, unknown"), "heavy");
}

TEST(ExpandPattern, IsToldAWeightThatIsNone) {
  for (const char* weight : {"0", "1001", "-1", "70000", "much", "4x"}) {
    std::vector<ExtraCause> causes;
    const std::string text = std::string("rules:\n  - {id: a, cause: virus, match: b, weight: ") +
                             weight + ", examples: [x]}\n";
    const RuleFile file = ParseRuleFile("mine.yaml", text, true, causes);
    ASSERT_EQ(file.errors.size(), 1U) << weight;
    EXPECT_EQ(
        file.errors[0],
        "mine.yaml:2: weight: must be a number from 1 to 1000; leave it out to count lengths");
  }
}

}  // namespace
}  // namespace bouncesight
