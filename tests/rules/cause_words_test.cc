#include "rules/cause_words.h"

#include <gtest/gtest.h>

#include "rules/cause.h"

namespace bouncesight {
namespace {

TEST(CauseWords, NamesEveryCauseAndFamilyInChinese) {
  for (std::size_t i = 0; i < kBuiltinCauseCount; ++i) {
    const CauseInfo& cause = BuiltinCause(static_cast<CauseId>(i));
    EXPECT_FALSE(CauseWords(cause.name, Language::kChinese).empty()) << cause.name;
    EXPECT_FALSE(FamilyWords(cause.family, Language::kChinese).empty()) << cause.family;
  }
}

TEST(CauseWords, LeavesEnglishAndOwnNamesAsTheyAre) {
  EXPECT_EQ(CauseWords("mailbox_full", Language::kEnglish), "");
  EXPECT_EQ(CauseWords("partner_down", Language::kChinese), "");
  EXPECT_EQ(WithWords("partner_down", ""), "partner_down");
  EXPECT_EQ(WithWords("tencent", ProviderWords("tencent", Language::kChinese)),
            "tencent 腾讯 QQ 邮箱");
}

}  // namespace
}  // namespace bouncesight
