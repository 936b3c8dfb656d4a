#include "parsers/text/utf8.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

struct Case {
  std::string_view bytes;
  std::string_view text;
};

TEST(Utf8, LeavesWellFormedTextAsItIs) {
  for (const std::string_view text :
       {"", "plain", "用户不存在", "\xF0\x9F\x93\xA7 mail", "caf\xC3\xA9"}) {
    EXPECT_EQ(ToUtf8(text), text);
  }
}

TEST(Utf8, ReplacesEachByteThatIsNoPartOfASequence) {
  constexpr Case kCases[] = {
      {"caf\xE9!", "caf\xEF\xBF\xBD!"},                                          // Latin-1
      {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                  // overlong
      {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},                  // a surrogate
      {"\xF5\x80\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // over U+10FFFF
      {"cut \xE7\x94", "cut \xEF\xBF\xBD\xEF\xBF\xBD"},  // ends in a sequence
      {"\xE7(\xB7", "\xEF\xBF\xBD(\xEF\xBF\xBD"},
  };
  for (const Case& c : kCases) EXPECT_EQ(ToUtf8(c.bytes), c.text);
}

TEST(Utf8, IsCutBetweenCharacters) {
  const std::string_view text = "a\xC3\xA9\xE4\xB8\xADz";  // of one, two, three and one bytes
  const std::size_t kept[] = {0, 1, 1, 3, 3, 3, 6, 7, 7};
  for (std::size_t most = 0; most < std::size(kept); ++most) {
    EXPECT_EQ(CutUtf8(text, most).size(), kept[most]) << most;
  }
}

TEST(Utf8, IsIdempotentOnEveryPairOfBytes) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string bytes = {static_cast<char>(a), static_cast<char>(b)};
      const std::string once = ToUtf8(bytes);
      ASSERT_EQ(ToUtf8(once), once);
    }
  }
}

}  // namespace
}  // namespace bouncesight
