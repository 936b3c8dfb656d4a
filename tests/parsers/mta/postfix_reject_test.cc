#include "parsers/mta/postfix_reject.h"

#include <gtest/gtest.h>

#include "parsers/mta/postfix.h"

namespace bouncesight {
namespace {

Parsed Parse(std::string_view message, std::string_view program = "postfix/smtpd") {
  static ParseContext context;
  Record record;
  record.program = program;
  record.message = message;
  return ParsePostfix(record, context);
}

struct Case {
  std::string_view message;
  std::string_view queue_id, recipient, ip;
  int code;
  EnhancedCode enhanced;
  Phase phase;
  std::string_view text;
};

void Check(const Case& c) {
  const Parsed parsed = Parse(c.message);
  ASSERT_TRUE(std::holds_alternative<DeliveryEvent>(parsed)) << c.message;
  const DeliveryEvent& event = std::get<DeliveryEvent>(parsed);
  EXPECT_EQ(event.outcome, Outcome::kRejected) << c.message;
  EXPECT_EQ(event.queue_id, c.queue_id) << c.message;
  EXPECT_EQ(event.recipient, c.recipient) << c.message;
  EXPECT_EQ(event.relay_ip, c.ip) << c.message;
  EXPECT_EQ(event.reply.code, c.code) << c.message;
  EXPECT_EQ(event.reply.enhanced, c.enhanced) << c.message;
  EXPECT_EQ(event.reply.phase, c.phase) << c.message;
  EXPECT_EQ(event.reply.text, c.text) << c.message;
  EXPECT_EQ(event.reply.origin, Origin::kLocal) << c.message;
}

TEST(PostfixReject, ReadsTheServersRefusals) {
  const Case kCases[] = {
      {"NOQUEUE: reject: RCPT from unknown[192.0.2.9]: 554 5.7.1 <u@example.org>: Relay access "
       "denied; from=<s@example.net> to=<u@example.org> proto=ESMTP helo=<client>",
       "",
       "u@example.org",
       "192.0.2.9",
       554,
       {5, 7, 1},
       Phase::kRcpt,
       "554 5.7.1 <u@example.org>: Relay access denied"},
      {"4F1A2B3C4D: reject: DATA from c.example.net[2001:db8::9]: 450 4.3.2 later; from=<s@"
       "example.net> to=<u@example.org> proto=ESMTP helo=<client>",
       "4F1A2B3C4D",
       "u@example.org",
       "2001:db8::9",
       450,
       {4, 3, 2},
       Phase::kData,
       "450 4.3.2 later"},
      {"NOQUEUE: reject: MAIL from c.example.net[192.0.2.9]: 552 5.3.4 Message too big; "
       "proto=ESMTP helo=<client>",
       "",
       "",
       "192.0.2.9",
       552,
       {5, 3, 4},
       Phase::kMail,
       "552 5.3.4 Message too big"},
      {"NOQUEUE: reject: CONNECT from unknown[192.0.2.9]: 554 5.7.1 go away; proto=SMTP",
       "",
       "",
       "192.0.2.9",
       554,
       {5, 7, 1},
       Phase::kConnect,
       "554 5.7.1 go away"},
      {"4F1A2B3C4D: milter-reject: END-OF-MESSAGE from c.example.net[192.0.2.9]: 5.7.1 Spam; "
       "from=<s@example.net> to=<u@example.org> proto=ESMTP helo=<client>",
       "4F1A2B3C4D",
       "u@example.org",
       "192.0.2.9",
       0,
       {5, 7, 1},
       Phase::kEndOfData,
       "5.7.1 Spam"},
      {"proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject, id=1; from=<> to=<u@example.org> "
       "proto=SMTP helo=<client>",
       "",
       "u@example.org",
       "",
       554,
       {5, 7, 0},
       Phase::kEndOfData,
       "554 5.7.0 Reject, id=1"},
  };
  for (const Case& c : kCases) Check(c);
}

TEST(PostfixReject, ReadsPostscreensCommas) {
  Check(
      {"NOQUEUE: reject: RCPT from [192.0.2.9]:47407: 550 5.7.1 Service unavailable; client "
       "[192.0.2.9] blocked using bl.example.org; from=<s@example.net>, to=<u@example.org>, "
       "proto=ESMTP, helo=<client>",
       "",
       "u@example.org",
       "192.0.2.9",
       550,
       {5, 7, 1},
       Phase::kRcpt,
       "550 5.7.1 Service unavailable; client [192.0.2.9] blocked using bl.example.org"});
  Check({"NOQUEUE: reject: CONNECT from [192.0.2.9]:47407: too many connections",
         "",
         "",
         "192.0.2.9",
         0,
         {},
         Phase::kConnect,
         "too many connections"});
}

TEST(PostfixReject, FindsCleanupsReasonBehindTheEnvelope) {
  Check(
      {"4F1A2B3C4D: reject: header Subject: win; from=<x> to=<y> from c.example.net[192.0.2.9]; "
       "from=<s@example.net> to=<u@example.org> proto=ESMTP helo=<client>: 5.7.1 bad subject",
       "4F1A2B3C4D",
       "u@example.org",
       "192.0.2.9",
       0,
       {5, 7, 1},
       Phase::kEndOfData,
       "5.7.1 bad subject"});
  Check(
      {"4F1A2B3C4D: reject: body pills from local; from=<s@example.net> to=<u@example.org>: "
       "5.7.1 no",
       "4F1A2B3C4D",
       "u@example.org",
       "",
       0,
       {5, 7, 1},
       Phase::kEndOfData,
       "5.7.1 no"});
}

TEST(PostfixReject, CutsTheReasonAtTheLastEnvelope) {
  Check(
      {"NOQUEUE: reject: RCPT from unknown[192.0.2.9]: 554 5.7.1 with; semicolon; from=<fake@x> "
       "to=<fake@y>; from=<s@example.net> to=<\"a b>\"@example.org> proto=ESMTP helo=<client>",
       "",
       "\"a b>\"@example.org",
       "192.0.2.9",
       554,
       {5, 7, 1},
       Phase::kRcpt,
       "554 5.7.1 with; semicolon; from=<fake@x> to=<fake@y>"});
}

TEST(PostfixReject, KeepsWhatACutLineHolds) {
  Check({"NOQUEUE: reject: RCPT from unknown[192.0.2.9]: 554 5.7.1 a very long rea",
         "",
         "",
         "192.0.2.9",
         554,
         {5, 7, 1},
         Phase::kRcpt,
         "554 5.7.1 a very long rea"});
}

TEST(PostfixReject, CountsNoOtherActionAndNoCommandThatMovesNoMail) {
  for (const std::string_view message :
       {"NOQUEUE: reject_warning: RCPT from a[192.0.2.9]: 554 x; from=<s> to=<u> proto=SMTP",
        "NOQUEUE: hold: RCPT from a[192.0.2.9]: <u@example.org>: held; from=<s> to=<u@example.org>",
        "NOQUEUE: discard: RCPT from a[192.0.2.9]: x; from=<s> to=<u>",
        "NOQUEUE: filter: RCPT from a[192.0.2.9]: x; from=<s> to=<u>",
        "NOQUEUE: redirect: RCPT from a[192.0.2.9]: x; from=<s> to=<u>",
        "NOQUEUE: warn: RCPT from a[192.0.2.9]: x; from=<s> to=<u>",
        "4F1A2B3C4D: milter-hold: END-OF-MESSAGE from a[192.0.2.9]: x; from=<s>",
        "4F1A2B3C4D: prepend: header X: reject: y from a[192.0.2.9]; from=<s>",
        "NOQUEUE: reject: VRFY from a[192.0.2.9]: 550 5.1.1 unknown; proto=SMTP",
        "NOQUEUE: reject: ETRN from a[192.0.2.9]: 459 4.7.1 no; proto=SMTP",
        "NOQUEUE: reject: AUTH from a[192.0.2.9]: 535 no; proto=SMTP",
        "NOQUEUE: reject: STARTTLS from a[192.0.2.9]: 454 no; proto=SMTP",
        "4F1A2B3C4D: message rejected: hopcount exceeded"}) {
    const Parsed parsed = Parse(message);
    ASSERT_TRUE(std::holds_alternative<Skip>(parsed)) << message;
    EXPECT_EQ(std::get<Skip>(parsed).reason, SkipReason::kNotDelivery) << message;
  }
}

}  // namespace
}  // namespace bouncesight
