#include "daemon/batch/notice_words.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(NoticeWords, TellInChineseHowLongMailIsTriedAgain) {
  const struct {
    const char *tried_again, *words;
  } samples[] = {
      {"", "邮件仍在等待，会再次尝试。"},
      {"for 46 more hours", "邮件仍在等待，会再次尝试（还会重试 46 小时）。"},
      {"until it is 5 day(s) old", "邮件仍在等待，会再次尝试（直到邮件满 5 天）。"},
      {"until Thu, 3 Dec 2026 10:00:00 +0000",
       "邮件仍在等待，会再次尝试（直到 Thu, 3 Dec 2026 10:00:00 +0000）。"},
      {"until it is old", "邮件仍在等待，会再次尝试。"},
      {"for a while", "邮件仍在等待，会再次尝试。"},
  };
  for (const auto& one : samples)
    EXPECT_EQ(WaitsWords(one.tried_again, Language::kChinese), one.words) << one.tried_again;
}

// Every kind that an answer may have has its words in both languages.
TEST(NoticeWords, AreWholeInBothLanguages) {
  for (int kind = 1; kind <= static_cast<int>(NoticeKind::kHeld); ++kind) {
    const auto notice = static_cast<NoticeKind>(kind);
    EXPECT_FALSE(NoticeName(notice).empty()) << kind;
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      EXPECT_FALSE(NoticeTitle(notice, language).empty()) << kind;
      EXPECT_FALSE(NoticeAdvice(notice, "").text(language).steps.empty()) << kind;
    }
  }
}

}  // namespace
}  // namespace bouncesight
