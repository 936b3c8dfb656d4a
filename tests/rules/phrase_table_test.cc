#include "rules/phrase_table.h"

#include <random>
#include <regex>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "rules/pattern_expand.h"

namespace bouncesight {
namespace {

using Ids = std::set<std::uint32_t>;

Ids Find(const PhraseTable& table, std::string_view text) {
  FoldedText folded;
  folded.Fold(text);
  Ids ids;
  table.Find(folded, [&](std::uint32_t id, bool) { ids.insert(id); });
  return ids;
}

// Of all expressions of a pattern together.
PatternOutline OutlinePattern(std::string_view pattern) {
  PatternOutline outline;
  for (const Expression& one : ExpandPattern(ParsePattern(std::string(pattern)))) {
    const auto& phrases = one.outline.phrases;
    if (phrases.empty()) return {};  // one that phrases cannot tell
    outline.phrases.insert(outline.phrases.end(), phrases.begin(), phrases.end());
    outline.exact = outline.exact && one.outline.exact;
  }
  return outline;
}

// `pattern` must have one phrase.
bool Add(PhraseTable& table, std::string_view pattern, std::uint32_t id, bool sure) {
  const PatternOutline outline = OutlinePattern(pattern);
  EXPECT_EQ(outline.phrases.size(), 1U) << pattern;
  return !outline.phrases.empty() && table.Add(outline.phrases.front(), id, sure);
}

bool Holds(const std::string& phrase, std::string_view text) {
  PhraseTable table;
  EXPECT_TRUE(Add(table, phrase, 1, true)) << phrase;
  table.Build();
  return !Find(table, text).empty();
}

TEST(PhraseTable, FindsPhrasesOfAnyLengthInAnyCase) {
  const std::vector<std::pair<std::string, std::string_view>> table = {
      {"spf", "bad SPF"},
      {"full", "mailbox FULL"},
      {"no such user", "550 No Such User here"},
      {"NO SUCH", "no such"},
      {"\xE6\xBB\xA1", "\xE7\xAE\xB1\xE6\xBB\xA1"},
      {"a\\.b\\\\c", "xa.b\\cx"},
      {"\x01 gone", "user \x01 gone"},
  };
  for (const auto& [phrase, text] : table) EXPECT_TRUE(Holds(phrase, text)) << phrase;
  EXPECT_FALSE(Holds("spf", "sp f"));
  EXPECT_FALSE(Holds("no such user", "no such usex"));
  EXPECT_FALSE(Holds("\xC3\xA4ro", "\xC3\x84ro")) << "only ASCII has two cases";
}

TEST(PhraseTable, HoldsToEdgesAndWords) {
  EXPECT_TRUE(Holds("^user", "user unknown"));
  EXPECT_FALSE(Holds("^user", "no user"));
  EXPECT_TRUE(Holds("unknown$", "user unknown"));
  EXPECT_FALSE(Holds("unknown$", "unknown user"));
  EXPECT_TRUE(Holds("^\x04$", "\x04"));
  EXPECT_FALSE(Holds("^\x04$", "\x04 \x04"));
  EXPECT_TRUE(Holds("\\bspf\\b", "bad spf."));
  EXPECT_TRUE(Holds("\\bspf\\b", "xspf spf"));
  EXPECT_FALSE(Holds("\\bspf\\b", "xspf spf1 spf_"));
  EXPECT_TRUE(Holds("\\(\\bspf", "(spf"));
}

TEST(PhraseTable, LeavesGapsOfAnyWidthButKeepsTheOrder) {
  EXPECT_TRUE(Holds("user .*unknown", "user unknown"));
  EXPECT_TRUE(Holds("user.*is.*unknown", "the user that is quite unknown"));
  EXPECT_FALSE(Holds("user.*unknown", "unknown user"));
  EXPECT_FALSE(Holds("aba.*bab", "abab")) << "pieces do not overlap";
  EXPECT_TRUE(Holds("^a.*spf\\b.*z$", "a spfx spf z"));
  EXPECT_FALSE(Holds("^a.*spf\\b.*z$", "a spfx z"));
}

// Each search goes through all of the text: at each of these places it would take the square of it.
TEST(PhraseTable, SearchesOnceForAPhraseOfSeveralPieces) {
  PhraseTable table;
  ASSERT_TRUE(Add(table, "blocked using.*the list", 1, true));
  table.Build();
  std::string text;
  for (int i = 0; i < 100; ++i) text += "blocked using ";
  text += "the list";
  FoldedText folded;
  folded.Fold(text);
  int told = 0;
  table.Find(folded, [&](std::uint32_t, bool) { ++told; });
  EXPECT_EQ(told, 1);
}

// What typical texts hold decides where a phrase is looked for, and never what is found.
TEST(PhraseTable, FindsTheSameWhateverIsTypical) {
  const std::string_view texts[] = {"mailbox unavailable", "mailbox of ann is unavailable: spf",
                                    "unavailable", "mailbox spf", "the mailbox is full"};
  WindowCounts typical;
  for (int i = 0; i < 9; ++i) typical.Add("mailbox unavailable, mailbox full");
  PhraseTable plain;
  PhraseTable weighed;
  std::uint32_t id = 0;
  for (const char* phrase : {"mailbox.*spf", "mailbox", "mailbox.*unavailable", "un.*mailbox",
                             "\\bmailbox is full$", "box is full"}) {
    ASSERT_TRUE(Add(plain, phrase, id, true));
    ASSERT_TRUE(Add(weighed, phrase, id++, true));
  }
  plain.Build();
  weighed.Build(typical);
  EXPECT_FALSE(plain == weighed);
  for (const std::string_view text : texts)
    EXPECT_EQ(Find(weighed, text), Find(plain, text)) << text;
}

TEST(PhraseTable, AsksForBytesAroundAPhrase) {
  EXPECT_TRUE(Holds(".{3}spf", "abcspf"));
  EXPECT_FALSE(Holds(".{3}spf", "abspf"));
  EXPECT_TRUE(Holds(".{3}spf", "spfspf"));
  EXPECT_TRUE(Holds("spf.{3}", "spfabc"));
  EXPECT_FALSE(Holds("spf.{3}", "spfab"));
  EXPECT_TRUE(Holds(".{2}spf.*dkim.{2}", "xxspf dkimyy"));
  EXPECT_FALSE(Holds(".{2}spf.*dkim.{2}", "xxspf dkimy"));
  EXPECT_FALSE(Holds(".{2}spf.*dkim.{2}", "xspf dkimyy"));
}

TEST(PhraseTable, AMarginMayBeWiderThanTheText) {
  using Kind = PhraseItem::Kind;
  PhraseTable table;
  ASSERT_TRUE(table.Add(
      Phrase{{Kind::kByte, 's'}, {Kind::kByte, 'p'}, {Kind::kByte, 'f'}, {Kind::kMargin, 200}}, 1,
      true));
  table.Build();
  EXPECT_TRUE(Find(table, "spf").empty());
  EXPECT_EQ(Find(table, "spf" + std::string(200, 'x')), Ids{1});
}

TEST(PhraseTable, TakesNoMoreThanItCanTell) {
  PhraseTable table;
  for (const char* odd :
       {"", "ab", "a.c", "abc^d", "a$bc", "abc\\b.*\\b", "abc\ndef", "abc\\bdef", ".{3}.*"}) {
    EXPECT_FALSE(Add(table, odd, 1, true)) << odd;
  }
  EXPECT_FALSE(Add(table, std::string(20000, 'a'), 1, true));
  EXPECT_EQ(table.size(), 0U);
}

TEST(PhraseTable, SaysWhichPhrasesAreSure) {
  PhraseTable table;
  Add(table, "abc", 1, true);
  Add(table, "bcd", 2, false);
  table.Build();
  FoldedText text;
  text.Fold("abcd");
  std::set<std::pair<std::uint32_t, bool>> found;
  table.Find(text, [&](std::uint32_t id, bool sure) { found.emplace(id, sure); });
  EXPECT_EQ(found, (std::set<std::pair<std::uint32_t, bool>>{{1, true}, {2, false}}));
}

TEST(PhraseTable, FindsEachOfManyAndNothingBehindTheEnd) {
  PhraseTable table;
  std::vector<std::string> phrases;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    phrases.push_back("phrase number " + std::to_string(i) + " of many");
    ASSERT_TRUE(Add(table, phrases.back(), i, true));
  }
  table.Build();
  std::string all;
  Ids every;
  for (std::uint32_t i = 0; i < 5000; i += 50) {
    EXPECT_EQ(Find(table, phrases[i]), Ids{i});
    every.insert(i);
    all += phrases[i] + ' ';
  }
  EXPECT_EQ(Find(table, all), every) << "more places than are settled at once";
  FoldedText text;
  text.Fold("abc phrase number 7 of many");
  text.Fold("abc phrase number 7");
  table.Find(text, [](std::uint32_t id, bool) { ADD_FAILURE() << id << " lies behind the end"; });
  text.Fold(std::string(10000, 'a'));
  EXPECT_EQ(text.size(), FoldedText::kMaxBytes + 2);
  EXPECT_TRUE(Find(PhraseTable(), "abc").empty());
}

// Patterns of everything that an outline knows.
class PatternMaker {
 public:
  explicit PatternMaker(unsigned seed) : random_(seed) {}

  std::string Pattern() {
    std::string pattern = Pick(6) == 0 ? "^" : "";
    for (int atoms = 3 + Pick(4); atoms > 0; --atoms) pattern += Atom();
    if (Pick(4) == 0) pattern = ".{2}" + pattern;
    if (Pick(4) == 0) pattern += ".{1,}";
    return pattern + (Pick(6) == 0 ? "$" : "");
  }

  std::string Text() {
    std::string text;
    for (int bytes = Pick(16); bytes > 0; --bytes) text += "aAbB7 "[Pick(6)];
    return text;
  }

 private:
  int Pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  std::string Atom() {
    static const std::vector<std::string> kAtoms = {
        "a",        "b",           " ",    "ab",     "\\b", ".*",    "(ab|b)",
        "(a|b7) ?", "(b|(a| )b)?", "[ab]", "[^ab]",  ".",   "\\d",   "a+",
        "a{2}",     ".{1,2}",      ".{2}", "(a|b)*", "b*?", "[a-b]", "7"};
    return kAtoms[static_cast<std::size_t>(Pick(static_cast<int>(kAtoms.size())))];
  }

  std::minstd_rand random_;
};

TEST(PhraseTable, KnowsWhatAnOutlinesPatternMatches) {
  std::size_t told = 0;
  std::size_t exact = 0;
  std::size_t matches = 0;
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    PatternMaker maker(seed);
    const std::string pattern = maker.Pattern();
    const PatternOutline outline = OutlinePattern(pattern);
    PhraseTable table;
    bool all = !outline.phrases.empty();
    for (const Phrase& phrase : outline.phrases) all = table.Add(phrase, 1, outline.exact) && all;
    if (!all) continue;
    ++told;
    exact += outline.exact ? 1U : 0U;
    table.Build();
    const std::regex regex(pattern, std::regex::icase);
    for (int i = 0; i < 100; ++i) {
      const std::string text = maker.Text();
      const bool found = !Find(table, text).empty();
      const bool wanted = std::regex_search(text, regex);
      matches += wanted ? 1U : 0U;
      ASSERT_TRUE(found || !wanted) << pattern << " in '" << text << "'";
      ASSERT_TRUE(!found || wanted || !outline.exact) << pattern << " in '" << text << "'";
    }
  }
  EXPECT_GT(told, 150U);
  EXPECT_GT(exact, 50U);
  EXPECT_GT(matches, 500U);
}

}  // namespace
}  // namespace bouncesight
