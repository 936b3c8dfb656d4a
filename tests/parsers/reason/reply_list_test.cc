#include "parsers/reason/reply_list.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(ReplyList, TakesRepliesOneALine) {
  EXPECT_TRUE(IsReplyList("550 5.1.1 no such user\n452 4.2.2 full\n"));
  EXPECT_TRUE(IsReplyList("<a@example.com>: mailbox full\n550 no\nhost mx said: 451 later"));
  std::string mixed;
  for (int i = 0; i < 4; ++i) mixed += "550 no\nuser unknown\nover quota\n";
  EXPECT_TRUE(IsReplyList(mixed));
}

TEST(ReplyList, LeavesOneTextWhole) {
  for (const char* text : {
           "550 5.1.1 no such user",
           "550-5.1.1 no such\n550 5.1.1 user\n",
           "<a@example.com>: host mx[192.0.2.1] refused to\ntalk to me: 550 no\n",
           "<a@example.com>: host mx[192.0.2.1] said: 550\n5.7.1 no\n",
           "550 5.1.1 no such user\n\n452 4.2.2 full\n",
           "550 5.1.1 no such user\n  452 4.2.2 full\n",
           "Subject: failed\n550 no\n",
           ">>> RCPT To:<a@example.com>\n<<< 550 no\n",
       }) {
    EXPECT_FALSE(IsReplyList(text)) << text;
  }
  std::string folded;
  for (int i = 0; i < 9; ++i) folded += "550-5.7.1 more of the same sentence\n";
  EXPECT_FALSE(IsReplyList(folded + "550 5.7.1 end\n"));
}

}  // namespace
}  // namespace bouncesight
