#include "rules/pattern_width.h"

#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <hs/hs.h>

namespace bouncesight {
namespace {

std::optional<unsigned> PatternWidth(std::string_view pattern) {
  return PatternWidth(ParsePattern(std::string(pattern)));
}

TEST(PatternWidth, IsTheFewestBytesOfAMatch) {
  const std::vector<std::pair<std::string_view, unsigned>> table = {
      {"user unknown", 12},
      {"a\\.b\\d", 4},
      {"no (such )?user", 7},
      {"full|over quota", 4},
      {"^user$", 4},
      {"\\bspf\\b", 3},
      {"a.*b", 2},
      {"ab+c{2,3}d{4}", 8},
      {"[sz]\\w[^a-f]", 3},
      {"(a|)b*", 0},
      {"(?:ab)+", 2},
      {"x{3,}", 3},
      {"\xE6\xBB\xA1", 3},
  };
  for (const auto& [pattern, width] : table) EXPECT_EQ(PatternWidth(pattern), width) << pattern;
}

TEST(PatternWidth, LeavesTheRestToHyperscan) {
  for (const char* odd :
       {"(a",      "a)",           "[a",     "a**",   "*a",   "a{,3}",  "a{3",  "a{0}",
        "a{5,3}",  "a{51}",        "(?i)a",  "\\x41", "a\\",  "[z-a]",  "[]a]", "[[:digit:]]",
        "[\\s/]a", "spam.*\\bspf", "(^|a)b", "^*a",   "\\b+", "(a|b?)+"}) {
    EXPECT_EQ(PatternWidth(odd), std::nullopt) << odd;
  }
}

TEST(PatternWidth, AgreesWithHyperscan) {
  const std::vector<std::string> atoms = {
      "a",  "b",      "ab",       " ", ".", ".*",  "(a|bc)", "(ab|)", "\\d",  "[ab]", "|", "a?",
      "b+", "a{2,3}", "(a|b c)*", "^", "$", "\\b", "(",      ")",     "[^a]", "\\.",  "?", "{2}"};
  std::minstd_rand random(7);
  std::size_t told = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string pattern;
    for (unsigned count = 1 + static_cast<unsigned>(random() % 6); count > 0; --count)
      pattern += atoms[random() % atoms.size()];
    const std::optional<unsigned> width = PatternWidth(pattern);
    if (!width) continue;
    ++told;
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* error = nullptr;
    constexpr unsigned kFlags = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH | HS_FLAG_MULTILINE;
    ASSERT_EQ(hs_expression_info(pattern.c_str(), kFlags, &info, &error), HS_SUCCESS)
        << pattern << ": " << error->message;
    EXPECT_EQ(*width, info->min_width) << pattern;
    std::free(info);
  }
  EXPECT_GT(told, 4000U);
}

}  // namespace
}  // namespace bouncesight
