#include "parsers/reason/reply_recipient.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(ReplyRecipient, IsTheAddressThatTheReplyBeginsWith) {
  for (const std::string_view text : {
           "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown",
           "550 <ann@example.com>... User unknown",
           "554-5.7.1 <ann@example.com>: Relay access denied",
           "<ann@example.com>: Recipient address rejected: Access denied",
           "552 5.2.2 <ann@example.com> mailbox is full",
       }) {
    EXPECT_EQ(RecipientNamedBy(ParseReply(text)), "ann@example.com") << text;
  }
}

TEST(ReplyRecipient, IsNobodyWhereTheAddressMayBeTheSenders) {
  for (const std::string_view text : {
           "554 5.7.1 <ann@example.com>: Sender address rejected: Access denied",
           "553 <ann@example.com>... Domain of sender address does not exist",
           "554 5.7.1 <client.example.com[192.0.2.4]>: Client host rejected",
           "550 5.1.1 User unknown",
           "550 5.1.1",
           "550 <ann@example.com>",
           "<",
           "",
       }) {
    EXPECT_EQ(RecipientNamedBy(ParseReply(text)), "") << text;
  }
  Reply mail = ParseReply("550 <ann@example.com>: user unknown");
  mail.phase = Phase::kMail;
  EXPECT_EQ(RecipientNamedBy(mail), "");
}

}  // namespace
}  // namespace bouncesight
