#include "parsers/text/unseen.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

constexpr std::string_view kMark = "\xEF\xBF\xBD";

TEST(Unseen, OneMarkStandsForEachCharacterThatNobodySees) {
  for (const std::string_view hidden :
       {"\u061C", "\u180E",     "\u200B",     "\u200C",     "\u200D", "\u200E", "\u200F", "\u2028",
        "\u2029", "\u202A",     "\u202B",     "\u202C",     "\u202D", "\u202E", "\u2060", "\u2064",
        "\u2066", "\u2067",     "\u2068",     "\u2069",     "\u206F", "\uFEFF", "\uFFF9", "\uFFFA",
        "\uFFFB", "\U000E0001", "\U000E0041", "\U000E007F", "\u0085", "\u009B"}) {
    const std::string text = "ann" + std::string(hidden) + "@example.net";
    EXPECT_EQ(UnseenAt(text, 3), hidden.size()) << hidden;
    EXPECT_EQ(ShownLine(text), "ann" + std::string(kMark) + "@example.net");
    EXPECT_EQ(ShownLine(hidden), kMark);
  }
}

TEST(Unseen, ControlCharactersAreBlanksAndBytesThatAreNoTextAreMarked) {
  EXPECT_EQ(ShownLine("a\x1B[31mb\x07\x7F"), "a [31mb  ");
  EXPECT_EQ(ShownLine("two\nlines\tand a tab"), "two lines and a tab");
  EXPECT_EQ(ShownLine(std::string_view("a\0b", 3)), "a b");
  EXPECT_EQ(ShownLine("caf\xE9"), "caf" + std::string(kMark));
}

TEST(Unseen, WhatIsSeenStaysAsItIs) {
  for (const std::string_view text : {"", "550 5.1.1 user unknown", "550 用户不存在", "caf\u00E9",
                                      "e\u0301", "\u202F\u2010\u2070", "\u00A0", "\u2764\uFE0F",
                                      "\U0001F469\u200D\U0001F4BB", "\U000E0100"}) {
    EXPECT_EQ(ShownLine(text), text);
  }
}

TEST(Unseen, JoinersStayWhereAScriptNeedsThem) {
  for (const std::string_view text : {"می\u200Cشود", "क्\u200Dष", "ක්\u200Dෂ"})
    EXPECT_EQ(ShownLine(text), text);
  EXPECT_EQ(ShownLine("pay\u200Cpal"), "pay" + std::string(kMark) + "pal");
  EXPECT_EQ(ShownLine("\u200Dx"), std::string(kMark) + "x");
}

TEST(Unseen, ASpelledLineShowsWhatItIsMadeOf) {
  const struct {
    std::string_view text, wanted;
  } kCases[] = {
      {"", ""},
      {"user unknown", "user unknown"},
      {"x\x1B[31m\n\x7F", "x\\x1b[31m\\x0a\\x7f"},
      {"caf\xE9 \xE4\xBD", "caf\\xe9 \\xe4\\xbd"},
      {"a\u202Eb\u0085\U000E0041", "a\\u202eb\\u0085\\U000e0041"},
      {"用户", "用户"},
  };
  for (const auto& one : kCases) EXPECT_EQ(SpelledLine(one.text), one.wanted);
}

TEST(Unseen, AShownLineIsShownAsItIs) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string bytes = {'\xE2', static_cast<char>(a), static_cast<char>(b)};
      const std::string once = ShownLine(bytes);
      ASSERT_EQ(ShownLine(once), once);
    }
  }
}

}  // namespace
}  // namespace bouncesight
