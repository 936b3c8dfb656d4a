// Replies that say one thing and hold the words of another.
#include <gtest/gtest.h>

#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

struct Case {
  std::string_view reply;
  CauseId cause;
};

CauseId CauseOf(std::string_view text) {
  static Classifier classifier(ShippedRules());
  const Reason reason = ParseReason(text);
  return classifier.Classify({reason.reply, reason.remote_host, reason.remote_ip, ""}).cause;
}

void Expect(std::initializer_list<Case> cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(BuiltinCause(CauseOf(c.reply)).name, BuiltinCause(c.cause).name) << c.reply;
  }
}

TEST(Adversary, PutsCauseWordsIntoAddresses) {
  Expect(
      {{"550 5.1.1 <spam-blacklist@example.com>: User unknown", CauseId::kUserUnknown},
       {"550 5.1.1 <virus.infected@greylisted.example.net>: User unknown", CauseId::kUserUnknown},
       {"552 5.2.2 <user.unknown@example.org>: Mailbox full", CauseId::kMailboxFull},
       {"452 4.2.2 <\"no such user\"@example.com> mailbox is full", CauseId::kMailboxFull},
       {"550 5.1.1 <bounce-mailbox-full=example.net@example.com> No such user here",
        CauseId::kUserUnknown}});
}

TEST(Adversary, PutsCauseWordsIntoHostsAndUrls) {
  Expect({{"550 5.1.1 host spam.virus.blocklist.example.net: no such user", CauseId::kUserUnknown},
          {"550 5.1.1 No such user, see https://example.net/spam/blacklist/virus-detected.html",
           CauseId::kUserUnknown},
          {"552 5.2.2 mx.user-unknown.example.org: mailbox is full", CauseId::kMailboxFull},
          {"550 5.1.1 User unknown. Help: www.example.com/spam?reason=greylisted",
           CauseId::kUserUnknown}});
}

TEST(Adversary, PutsCauseWordsIntoIds) {
  Expect({{"550 5.1.1 No such user 4SPAM2w6HbulkK9z", CauseId::kUserUnknown},
          {"550 5.1.1 User unknown (queue id 8virus3Blocked7Spam1)", CauseId::kUserUnknown}});
}

TEST(Adversary, ShoutsAndStretches) {
  Expect({{"550 5.1.1 <ANN@EXAMPLE.COM>: RECIPIENT ADDRESS REJECTED: USER UNKNOWN",
           CauseId::kUserUnknown},
          {"550   5.1.1   no    such     user", CauseId::kUserUnknown},
          {"550 5.1.1 no\tsuch\tuser", CauseId::kUserUnknown},
          {"552 5.2.2 MAILBOX  IS   FULL", CauseId::kMailboxFull}});
}

TEST(Adversary, FoldsTheSentenceAnywhere) {
  Expect({{"550-5.1.1 User\n550 5.1.1 unknown", CauseId::kUserUnknown},
          {"550-5.1.1 User\\n550 5.1.1 unknown", CauseId::kUserUnknown},
          {"550-5.1.1 User 550 5.1.1 unknown", CauseId::kUserUnknown},
          {"552-5.2.2 The mailbox\r\n552 5.2.2 is full", CauseId::kMailboxFull}});
}

TEST(Adversary, QuotesAnotherReply) {
  Expect({{"host mx.example.net[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO "
           "command)",
           CauseId::kUserUnknown},
          {"<ann@example.com>: the message to ann@example.com is bounced because : 552 5.2.2 "
           "mailbox is full",
           CauseId::kMailboxFull},
          {"192.0.2.1 does not like recipient. Remote host said: 550 5.1.1 no such user",
           CauseId::kUserUnknown}});
}

TEST(Adversary, WritesTwoKibibytes) {
  std::string padding;
  while (padding.size() < 2000) padding += "Lorem ipsum dolor sit amet, consectetur. ";
  EXPECT_EQ(CauseOf("550 5.1.1 No such user. " + padding), CauseId::kUserUnknown);
  EXPECT_EQ(CauseOf("550 5.1.1 " + padding + " No such user here"), CauseId::kUserUnknown);
}

TEST(Adversary, WritesUtf8ChineseAndBrokenBytes) {
  Expect(
      {{"550 5.1.1 no such user \xd3\xc3\xbb\xa7\xb2\xbb\xb4\xe6\xd4\xda", CauseId::kUserUnknown},
       {"550 5.1.1 \xff\xfe\x80 no such user", CauseId::kUserUnknown}});
}

TEST(Adversary, SaysNothingThatAnybodyCouldKnow) {
  Expect({{"", CauseId::kUnclassified},
          {"zzz", CauseId::kUnclassified},
          {"see spamalot.example.com for zzz", CauseId::kUnclassified},
          {"<user.unknown@example.com>", CauseId::kUnclassified}});
}

}  // namespace
}  // namespace bouncesight
