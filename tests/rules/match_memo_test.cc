#include "rules/match_memo.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(MatchMemo, RemembersWhatWasFoundInAText) {
  MatchMemo memo(4);
  bool fresh = false;
  MatchMemo::Entry* entry = memo.Find("no such user", fresh);
  ASSERT_NE(entry, nullptr);
  EXPECT_TRUE(fresh);
  entry->Add(7);
  entry = memo.Find("no such user", fresh);
  EXPECT_FALSE(fresh);
  ASSERT_EQ(entry->count, 1);
  EXPECT_EQ(entry->matches[0], 7U);
}

TEST(MatchMemo, NeverTakesOneTextForAnother) {
  MatchMemo memo(1);  // every text has the same place
  bool fresh = false;
  for (int turn = 0; turn < 3; ++turn) {
    for (const std::string_view text : {"a", "ab", "abcdefgh", "abcdefgi", ""}) {
      memo.Find(text, fresh);
      EXPECT_TRUE(fresh) << text;
      memo.Find(text, fresh);
      EXPECT_FALSE(fresh) << text;
    }
  }
}

TEST(MatchMemo, KeepsNoTextThatIsTooLongOrMatchesTooMuch) {
  MatchMemo memo(1);
  bool fresh = false;
  EXPECT_EQ(memo.Find(std::string(MatchMemo::kMaxText + 1, 'x'), fresh), nullptr);
  MatchMemo::Entry* entry = memo.Find("x", fresh);
  for (std::uint32_t i = 0; i <= MatchMemo::kMaxMatches; ++i) entry->Add(i);
  memo.Find("x", fresh);
  EXPECT_TRUE(fresh);
}

}  // namespace
}  // namespace bouncesight
