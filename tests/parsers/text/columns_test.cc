#include "parsers/text/columns.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(Columns, CountsWideCharactersTwiceAndBarsOnce) {
  struct Sample {
    std::string_view text;
    std::size_t columns;
  };
  for (const Sample& sample : {Sample{"", 0},
                               {"abc", 3},
                               {"收件人", 6},
                               {"é", 1},
                               {"██▌░", 4},
                               {"退信 5.1.1", 10},
                               {"，", 2},
                               {"\xff\xfe", 2},
                               {"…", 1}}) {
    EXPECT_EQ(TextColumns(sample.text), sample.columns) << sample.text;
  }
}

TEST(Columns, PadsByColumnsAndNeverCuts) {
  EXPECT_EQ(PadRight("收件", 6), "收件  ");
  EXPECT_EQ(PadLeft("12", 4), "  12");
  EXPECT_EQ(PadLeft("12345", 4), "12345");
}

TEST(Columns, CutsBetweenCharacters) {
  EXPECT_EQ(CutToColumns("example.com", 11), "example.com");
  EXPECT_EQ(CutToColumns("example.com", 8), "example…");
  EXPECT_EQ(CutToColumns("收件人地址", 6), "收件…") << "half of a character has no room";
}

TEST(Columns, WrapsAtBlanksAndBetweenWideCharacters) {
  EXPECT_EQ(WrapText("one two three", 2, 10), "one two\n  three");
  EXPECT_EQ(WrapText("对方服务器暂时不收。", 2, 12), "对方服务器\n  暂时不收。");
  EXPECT_EQ(WrapText("对方服务器。", 2, 12), "对方服务器。") << "a full stop begins no line";
  EXPECT_EQ(WrapText("see https://example.com/a/long/way", 0, 10),
            "see\nhttps://example.com/a/long/way");
  EXPECT_EQ(WrapText("", 4, 10), "");
}

}  // namespace
}  // namespace bouncesight
