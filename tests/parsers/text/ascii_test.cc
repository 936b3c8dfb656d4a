#include "parsers/text/ascii.h"

#include <cctype>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

// In the C locale, in which the tests run, the library's functions say the same.
TEST(Ascii, ClassifiesEveryByteAsTheCLocaleDoes) {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    EXPECT_EQ(IsDigit(c), std::isdigit(i) != 0) << i;
    EXPECT_EQ(IsUpper(c), std::isupper(i) != 0) << i;
    EXPECT_EQ(IsLower(c), std::islower(i) != 0) << i;
    EXPECT_EQ(IsLetter(c), std::isalpha(i) != 0) << i;
    EXPECT_EQ(IsAlnum(c), std::isalnum(i) != 0) << i;
    EXPECT_EQ(IsHexDigit(c), std::isxdigit(i) != 0) << i;
    EXPECT_EQ(IsOctalDigit(c), i >= '0' && i <= '7') << i;
    EXPECT_EQ(ToLower(c), static_cast<char>(std::tolower(i))) << i;
  }
}

TEST(Ascii, TakesNoTextAndNoMixtureForDigits) {
  EXPECT_TRUE(AllDigits("0129"));
  for (const char* text : {"", "12a", "-1", " 1", "\xB2"}) EXPECT_FALSE(AllDigits(text)) << text;
}

}  // namespace
}  // namespace bouncesight
