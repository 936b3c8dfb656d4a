#include "parsers/mta/opensmtpd.h"

#include <variant>

#include <gtest/gtest.h>

#include "tests/parsers/mta/event_text.h"

namespace bouncesight {
namespace {

Parsed Parse(std::string_view message, ParseContext& context) {
  Record record;
  record.program = "smtpd";
  record.message = message;
  return ParseOpensmtpd(record, context);
}

class Opensmtpd : public testing::TestWithParam<Sample> {};

TEST_P(Opensmtpd, IsRead) {
  ParseContext context;
  EXPECT_EQ(EventText(Parse(GetParam().line, context)), GetParam().expected);
}

constexpr Sample kLines[] = {
    {"TempFail",
     "4b3a6c195c1f6010 mta delivery evpid=8f26ea98359eccea from=<s@example.net> "
     "to=<ann@example.com> rcpt=<-> source=\"192.0.2.1\" relay=\"192.0.2.9 (mx.example.com)\" "
     "delay=0s result=\"TempFail\" stat=\"421 <x> \"busy\" stat=\"Ok\"\"",
     "deferred to=ann@example.com relay=mx.example.com[192.0.2.9] code=421 remote reply=421 <x> "
     "\"busy\" stat=\"Ok\""},
    {"PermFailWithEventWord",
     "4b3a6c195c1f6010 mta event=delivery evpid=8f26ea98359eccea from=<> to=<ann@example.com> "
     "rcpt=<all@example.org> source=\"192.0.2.1\" relay=\"[IPv6:2001:db8::9]\" delay=1m2s "
     "result=\"PermFail\" stat=\"550 5.1.1 no\"",
     "bounced to=ann@example.com relay=[2001:db8::9] code=550 5.1.1 remote reply=550 5.1.1 no"},
    {"Ok",
     "4b3a6c195c1f6010 mda delivery evpid=8f26ea98359eccea from=<s@example.net> "
     "to=<ann@example.org> rcpt=<ann@example.org> user=ann delay=0s result=Ok stat=Delivered",
     "delivered to=ann@example.org reply=Delivered"},
    {"NoHost",
     "0000000000000000 mta delivery evpid=8f26ea98359eccea from=<> to=<ann@example.com> rcpt=<-> "
     "source=\"-\" relay=\"example.com\" delay=4d result=\"PermFail\" stat=\"No MX found for "
     "domain\"",
     "bounced to=ann@example.com reply=No MX found for domain"},
    {"Expired",
     "0000000000000000 mta delivery evpid=8f26ea98359eccea from=<> to=<ann@example.com> rcpt=<-> "
     "source=\"-\" relay=\"-\" delay=4d result=\"PermFail\" stat=\"Envelope expired\"",
     "expired to=ann@example.com reply=Envelope expired"},
    {"OldShape",
     "delivery: TempFail for 8f26ea98359eccea: from=<s@example.net>, to=<ann@example.com>, "
     "rcpt=<->, "
     "source=192.0.2.1, relay=192.0.2.9 (mx.example.com), delay=3s, stat=450 4.7.1 wait, please",
     "deferred to=ann@example.com relay=mx.example.com[192.0.2.9] code=450 4.7.1 remote reply=450 "
     "4.7.1 wait, "
     "please"},
    {"OldShapeOfARelay",
     "relay: PermFail for 8f26ea98359eccea: session=4b3a6c195c1f6010, from=s@example.net, "
     "to=ann@example.com, rcpt=<->, source=-, relay=192.0.2.9 (mx.example.com), delay=3s, stat=550 "
     "5.1.1 no",
     "bounced to=ann@example.com relay=mx.example.com[192.0.2.9] code=550 5.1.1 remote reply=550 "
     "5.1.1 no"},
    {"SmtpOut",
     "smtp-out: evpid=8f26ea98359eccea from=<s@example.net> to=<ann@example.com> relay=\"192.0.2.9 "
     "(mx.example.com)\" status=PermFail stat=\"550 5.7.1 no\"",
     "bounced to=ann@example.com relay=mx.example.com[192.0.2.9] code=550 5.7.1 remote reply=550 "
     "5.7.1 no"},
    {"SmtpOutOfOneHost", "smtp-out: Failed to resolve MX for [relay:example.com,mx]: No MX found",
     "skip: attempt"},
    {"SmtpOutThatIsNotUnderstood", "smtp-out: session 7 gave up with PermFail", "skip: malformed"},
    {"LocalAgent",
     "4b3a6c195c1f6010 mda delivery evpid=8f26ea98359eccea from=<s@example.net> "
     "to=<ann@example.org> rcpt=<ann@example.org> user=ann delay=0s result=PermFail stat=Error "
     "(permanent failure: \"mail.lmtp: LMTP server error: 552 5.2.2 full\")",
     "bounced to=ann@example.org code=552 5.2.2 remote reply=552 5.2.2 full"},
    {"RejectedRecipient",
     "4b3a6c195c1f6010 smtp failed-command command=\"RCPT TO:<ann@example.com> \" result=\"550 "
     "Invalid recipient: <ann@example.com>\"",
     "rejected to=ann@example.com code=550 phase=rcpt reply=550 Invalid recipient: "
     "<ann@example.com>"},
    {"RejectedBefore64",
     "smtp-in: Failed command on session 4b3a6c195c1f6010: \"RCPT TO:<ann@example.com>\" => 550 "
     "Invalid recipient",
     "rejected to=ann@example.com code=550 phase=rcpt reply=550 Invalid recipient"},
    {"LoginRefusedBefore64", "smtp-in: Failed command on session 4b3a: \"AUTH\" => 535 no",
     "skip: not_delivery"},
    {"RefusedLogin",
     "4b3a6c195c1f6010 smtp event=failed-command command=\"AUTH PLAIN (...)\" result=\"535 no\"",
     "skip: not_delivery"},
    {"Connection", "4b3a6c195c1f6010 mta connecting address=smtp://192.0.2.9:25",
     "skip: not_delivery"},
    {"NoResult", "4b3a6c195c1f6010 mta delivery evpid=8f26ea98359eccea from=<>", "skip: malformed"},
};
INSTANTIATE_TEST_SUITE_P(Lines, Opensmtpd, testing::ValuesIn(kLines), SampleName);

TEST(OpensmtpdLine, GivesEnvelopeIdAndDelay) {
  ParseContext context;
  const Parsed parsed = Parse(
      "1 mta delivery evpid=8f26 to=<ann@example.com> delay=1h2m3s result=\"Ok\" stat=\"250 ok\"",
      context);
  const DeliveryEvent& event = std::get<DeliveryEvent>(parsed);
  EXPECT_EQ(event.queue_id, "8f26");
  EXPECT_DOUBLE_EQ(event.delay_seconds, 3723);
}

}  // namespace
}  // namespace bouncesight
