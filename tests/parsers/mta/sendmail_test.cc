#include "parsers/mta/sendmail.h"

#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "tests/parsers/mta/event_text.h"

namespace bouncesight {
namespace {

Record RecordOf(std::string_view message) {
  Record record;
  record.time = "Mar  4 05:06:07";
  record.program = "sm-mta";
  record.message = message;
  return record;
}

class Sendmail : public testing::TestWithParam<Sample> {};

TEST_P(Sendmail, IsRead) {
  const std::string line = std::string("u2456789012345: ").append(GetParam().line);
  ParseContext context;
  EXPECT_EQ(EventText(ParseSendmail(RecordOf(line), context)), GetParam().expected);
}

constexpr Sample kDeliveries[] = {
    {"Deferred",
     "to=<ann@example.com>, delay=3+13:01:56, xdelay=00:00:00, mailer=esmtp, pri=4575, "
     "relay=mx.example.com. [192.0.2.9], dsn=4.0.0, stat=Deferred: Connection timed out with "
     "mx.example.com.",
     "deferred to=ann@example.com relay=mx.example.com[192.0.2.9] reply=Connection timed out with "
     "mx.example.com."},
    {"DeferredWithReply",
     "to=<ann@example.com>, delay=00:00:03, mailer=esmtp, relay=mx.example.com. "
     "[IPv6:2001:db8::9], dsn=4.7.1, stat=Deferred: 451 4.7.1 later",
     "deferred to=ann@example.com relay=mx.example.com[2001:db8::9] code=451 4.7.1 remote "
     "reply=451 "
     "4.7.1 later"},
    {"SeveralRecipients",
     "to=<\"a, b\"@example.com>,<bob@example.com>, ctladdr=<s@example.net> (500/500), "
     "delay=00:00:03, mailer=esmtp, relay=[192.0.2.9] [192.0.2.9], dsn=5.1.1, stat=User unknown",
     "bounced to=\"a, b\"@example.com relay=[192.0.2.9] reply=User unknown"},
    {"Sent",
     "to=ann@example.com, delay=00:00:03, mailer=esmtp, relay=mx.example.com. [192.0.2.9] (may be "
     "forged), dsn=2.0.0, stat=Sent (250 ok, stat=x)",
     "delivered to=ann@example.com relay=mx.example.com[192.0.2.9] code=250 remote reply=250 ok, "
     "stat=x"},
    {"ReplyField",
     "to=<ann@example.com>, delay=00:00:03, relay=mx.example.com. [192.0.2.9], dsn=5.1.1, "
     "reply=550 "
     "5.1.1 no, really, stat=User unknown",
     "bounced to=ann@example.com relay=mx.example.com[192.0.2.9] code=550 5.1.1 remote reply=550 "
     "5.1.1 no, really"},
    {"ReplyThatImitatesAStatus",
     "to=<ann@example.com>, relay=mx.example.com. [192.0.2.9], dsn=5.1.1, reply=550 no, stat=Sent "
     "(fine), stat=User unknown",
     "bounced to=ann@example.com relay=mx.example.com[192.0.2.9] code=550 remote reply=550 no"},
    {"ReasonFromRemote",
     "to=<ann@example.com>, dsn=5.1.1, stat=Service unavailable (Reason from remote:550 5.1.1 no)",
     "bounced to=ann@example.com code=550 5.1.1 remote reply=550 5.1.1 no"},
    {"HostUnknown",
     "to=<ann@example.com>, dsn=5.1.2, stat=Host unknown (Name server: example.com: host not "
     "found)",
     "bounced to=ann@example.com reply=Host unknown (Name server: example.com: host not found)"},
    {"Expired", "to=<ann@example.com>, dsn=5.4.7, stat=Cannot send message for 5 days",
     "expired to=ann@example.com reply=Cannot send message for 5 days"},
    {"Queued", "to=<ann@example.com>, dsn=4.4.0, stat=queued",
     "suspended to=ann@example.com reply=queued"},
    {"CutBeforeTheStatus", "to=<ann@example.com>, delay=00:00:03, mailer=es", "skip: malformed"},
    {"Arrival", "from=<s@example.net>, size=9, nrcpts=1, proto=ESMTP", "skip: not_delivery"},
};
INSTANTIATE_TEST_SUITE_P(Deliveries, Sendmail, testing::ValuesIn(kDeliveries), SampleName);

constexpr Sample kRejects[] = {
    {"UnknownUser", "<ann@example.com>... User unknown",
     "rejected to=ann@example.com phase=rcpt reply=User unknown"},
    {"WordsWithoutARecipient", "<ann@example.com>...", "skip: not_delivery"},
    {"Recipient",
     "ruleset=check_rcpt, arg1=<ann@example.com>, relay=pc.example.net [192.0.2.7], reject=550 "
     "5.7.1 <ann@example.com>... Relaying denied",
     "rejected to=ann@example.com relay=pc.example.net[192.0.2.7] code=550 5.7.1 phase=rcpt "
     "reply=550 5.7.1 <ann@example.com>... Relaying denied"},
    {"Connection",
     "ruleset=check_relay, arg1=[192.0.2.7], arg2=192.0.2.7, relay=[192.0.2.7], reject=421 4.3.2 "
     "rate",
     "rejected relay=[192.0.2.7] code=421 4.3.2 phase=connect reply=421 4.3.2 rate"},
    {"Milter", "Milter: data, reject=554 5.7.1 spam",
     "rejected code=554 5.7.1 phase=end_of_data reply=554 5.7.1 spam"},
    {"OutgoingSession",
     "ruleset=tls_server, arg1=SOFTWARE, relay=mx.example.com, reject=403 4.7.0 x",
     "skip: not_delivery"},
};
INSTANTIATE_TEST_SUITE_P(Rejects, Sendmail, testing::ValuesIn(kRejects), SampleName);

TEST(SendmailLine, GivesDelayAndTheLogsOwnCode) {
  ParseContext context;
  const Parsed parsed = ParseSendmail(
      RecordOf(
          "u2456789012345: to=<ann@example.com>, delay=1+01:01:01, dsn=5.1.1, stat=User unknown"),
      context);
  const DeliveryEvent& event = std::get<DeliveryEvent>(parsed);
  EXPECT_EQ(event.queue_id, "u2456789012345");
  EXPECT_DOUBLE_EQ(event.delay_seconds, 90061);
  EXPECT_EQ(event.dsn, (EnhancedCode{5, 1, 1}));
  EXPECT_FALSE(event.reply.enhanced.present());
}

TEST(SendmailLine, OfAnotherProgramIsForeign) {
  ParseContext context;
  Record record = RecordOf("A73A7A7E3DC: to=<ann@example.com>, relay=none, status=x, stat=Sent");
  record.program = "postfix/smtp";
  EXPECT_EQ(EventText(ParseSendmail(record, context)), "skip: foreign");
}

// A client may be refused before its message has an id.
TEST(SendmailReject, IsReadWithoutAQueueId) {
  ParseContext context;
  for (const std::string_view id : {"", "NOQUEUE: "}) {
    const std::string line = std::string(id) +
                             "ruleset=check_relay, arg1=[192.0.2.9], arg2=192.0.2.9, "
                             "relay=c.example.net [192.0.2.9], reject=553 5.3.0 no";
    EXPECT_EQ(
        EventText(ParseSendmail(RecordOf(line), context)),
        "rejected relay=c.example.net[192.0.2.9] code=553 5.3.0 phase=connect reply=553 5.3.0 "
        "no");
  }
  Record foreign;
  foreign.message = "ruleset=check_relay, reject=553 5.3.0 no";
  EXPECT_EQ(EventText(ParseSendmail(foreign, context)), "skip: foreign");
}

}  // namespace
}  // namespace bouncesight
