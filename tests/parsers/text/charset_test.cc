#include "parsers/text/charset.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

std::string Clean(std::string_view text) {
  static TextRoom texts;
  static TextCleaner cleaner;
  texts.Reset();
  return std::string(cleaner.Clean(text, texts));
}

TEST(Charset, GivesCleanTextBackWhereItIs) {
  for (const std::string_view text : {"", "550 5.1.1 user unknown", "550 用户不存在",
                                      "Empfänger unbekannt", "ticket #300, #0123"}) {
    TextRoom texts;
    TextCleaner cleaner;
    EXPECT_TRUE(IsCleanText(text)) << text;
    EXPECT_EQ(cleaner.Clean(text, texts).data(), text.data()) << text;
  }
}

TEST(Charset, DecodesWhatRemoteHostsSend) {
  const struct {
    std::string_view raw, utf8;
  } kCases[] = {
      // "550 用户不存在" in GB18030
      {"550 \xD3\xC3\xBB\xA7\xB2\xBB\xB4\xE6\xD4\xDA", "550 用户不存在"},
      // "信箱已滿，請稍後再試" in Big5
      {"452 \xAB\x48\xBD\x63\xA4\x77\xBA\xA1\xA1\x41\xBD\xD0\xB5\x79\xAB\xE1\xA6\x41\xB8\xD5",
       "452 信箱已滿，請稍後再試"},
      {"550 Empf\xE4nger ist unbekannt", "550 Empfänger ist unbekannt"},
      {"550 Bo\xEEte pleine, r\xE9\x65ssayez", "550 Boîte pleine, réessayez"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Clean(c.raw), c.utf8);
}

TEST(Charset, KeepsUtf8ThatWasCutInTheMiddleOfACharacter) {
  EXPECT_EQ(Clean("550 用户不存\xE5\x9C"), "550 用户不存??");
}

TEST(Charset, ReplacesWhatNobodyCanRead) {
  EXPECT_EQ(Clean("550 \xFF\xFE\x80"), "550 ???");
  EXPECT_EQ(Clean("\xC0\x80"), "??");                // overlong
  EXPECT_EQ(Clean("x\xED\xA0\x80y"), "x???y");       // a surrogate
  EXPECT_EQ(Clean("x\xF5\x80\x80\x80y"), "x????y");  // beyond Unicode
}

TEST(Charset, BlanksWhatCouldHarmATerminalOrAPage) {
  EXPECT_EQ(Clean("a\x1B[31mb\x07\x7F"), "a [31mb  ");
  EXPECT_EQ(Clean(std::string_view("a\0b", 3)), "a b");
  EXPECT_EQ(Clean("a\xC2\x9B"
                  "31mb"),
            "a 31mb");
  EXPECT_EQ(Clean("a\xE2\x80\xAEgpj.exe"), "a gpj.exe");
  EXPECT_EQ(Clean("a\u061Cb"), "a b");
  EXPECT_EQ(Clean("a\r\nb\tc"), "a  b c");
}

TEST(Charset, UndoesRsyslogsOctalEscapes) {
  EXPECT_EQ(Clean("a#011b#012c"), "a b c");
  EXPECT_EQ(Clean("550 #347#224#250#346#210#267"), "550 用户");
  EXPECT_EQ(Clean("550 #323#303#273#247#262#273#264#346#324#332"), "550 用户不存在");
  EXPECT_EQ(Clean("see #300 and #0123 and #09"), "see #300 and #0123 and #09");
}

TEST(Charset, CleansTwiceAsItCleansOnceAndAlwaysToUtf8) {
  std::mt19937 random(20261121);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    const std::size_t size = random() % 40;
    // A quarter each: any byte, upper half, escapes, letters.
    for (std::size_t i = 0; i < size; ++i) {
      switch (random() % 4) {
        case 0:
          text += static_cast<char>(random());
          break;
        case 1:
          text += static_cast<char>(0x80 | random());
          break;
        case 2:
          text += "#0123"[random() % 5];
          break;
        default:
          text += static_cast<char>('a' + random() % 26);
      }
    }
    const std::string once = Clean(text);
    EXPECT_TRUE(IsCleanText(once)) << testing::PrintToString(text);
    EXPECT_EQ(Clean(once), once) << testing::PrintToString(text);
  }
}

TEST(Charset, GivesNothingRatherThanTooMuchWhenTheScratchIsFull) {
  TextRoom texts;
  TextCleaner cleaner;
  ASSERT_NE(texts.Room(TextRoom::kCapacity - 4), nullptr);
  texts.Commit(TextRoom::kCapacity - 4);
  EXPECT_EQ(cleaner.Clean("a\x01\x02\x03\x04\x05", texts), "");
}

}  // namespace
}  // namespace bouncesight
