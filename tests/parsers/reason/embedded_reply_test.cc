#include "parsers/reason/embedded_reply.h"

#include <gtest/gtest.h>

#include "parsers/reason/reason.h"

namespace bouncesight {
namespace {

struct Case {
  std::string_view text;
  std::string_view reply;
  Phase phase;
};

TEST(EmbeddedReply, GivesTheReplyThatASentenceWraps) {
  const Case cases[] = {
      {"192.0.2.1 does not like recipient. Remote host said: 550 5.1.1 no such user Giving up on "
       "192.0.2.1.",
       "550 5.1.1 no such user", Phase::kRcpt},
      {"Connected to 192.0.2.1 but sender was rejected. Remote host said: 553 who are you",
       "553 who are you", Phase::kMail},
      {"192.0.2.1 failed after I sent the message. Remote host said: 554 spam", "554 spam",
       Phase::kEndOfData},
      {"mx.example.net [192.0.2.1] did not like our RCPT TO:552 5.2.2 mailbox full",
       "552 5.2.2 mailbox full", Phase::kRcpt},
      {"SMTP error from remote mail server after initial connection: host mx.example.net "
       "[192.0.2.1]: 571 no PTR record",
       "571 no PTR record", Phase::kConnect},
      {"It was rejected. The error that the other server returned was: 550 550 5.1.1 unknown",
       "550 5.1.1 unknown", Phase::kUnknown},
      {"Each recipient was rejected by a remote mail server. <<< 550 unknown", "550 unknown",
       Phase::kUnknown},
      {"failed,5.1.1 (bad mailbox),smtp;553 relaying disallowed,mx.example.net",
       "553 relaying disallowed,mx.example.net", Phase::kUnknown},
      {"Could not be delivered because of 550 5.1.1 User unknown", "550 5.1.1 User unknown",
       Phase::kUnknown},
  };
  for (const Case& c : cases) {
    const Reason reason = ParseReason(c.text);
    EXPECT_EQ(reason.reply.text, c.reply) << c.text;
    EXPECT_NE(reason.reply.code, 0) << c.text;
    EXPECT_EQ(reason.reply.phase, c.phase) << c.text;
    EXPECT_EQ(reason.reply.origin, Origin::kRemote) << c.text;
  }
}

TEST(EmbeddedReply, IsWhatAGatewayQuotesBehindWordsOfItsOwn) {
  struct Quotation {
    std::string_view text;
    std::string_view reply;
    int code;
    int detail;  // of the enhanced code
  };
  const Quotation quotations[] = {
      {"5.1.0 - Unknown address error 550-'5.7.1 <ann@example.org>: Relay access denied' (delivery "
       "attempts: 0)",
       "5.7.1 <ann@example.org>: Relay access denied", 550, 1},
      {"5.3.0 - Other mail system problem 554-'it''s no spam' (delivery attempts: 2)",
       "it''s no spam", 554, 0},
      {"4.3.2 - Not accepting messages at this time 421-'4.7.0 later'", "4.7.0 later", 421, 0},
      {"5.1.0 - Unknown address error ('550', ['5.1.1 no such user']) []", "5.1.1 no such user",
       550, 1},
      {"5.4.7 - Delivery expired (message too old) 'timeout' (delivery attempts: 0)",
       "5.4.7 - Delivery expired (message too old) 'timeout' (delivery attempts: 0)", 0, 7},
      {"5.1.2 - Bad destination host 'no 550-'", "5.1.2 - Bad destination host 'no 550-'", 0, 2},
      {"5.1.1 no such user 550-'5.7.1 spam'", "5.1.1 no such user 550-'5.7.1 spam'", 0, 1},
  };
  for (const Quotation& q : quotations) {
    const Reply reply = ParseReason(q.text).reply;
    EXPECT_EQ(reply.text, q.reply) << q.text;
    EXPECT_EQ(reply.code, q.code) << q.text;
    EXPECT_EQ(reply.enhanced.detail, q.detail) << q.text;
  }
}

TEST(EmbeddedReply, TakesNoNumberForAReply) {
  for (const std::string_view text :
       {"see RFC 5321", "limit: 4500 bytes", "size 550 too large", "wait: 450", "ends with: 45"}) {
    Reply reply;
    EXPECT_FALSE(FindEmbeddedReply(text, reply)) << text;
  }
}

}  // namespace
}  // namespace bouncesight
