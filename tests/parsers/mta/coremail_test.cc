// Every sample is made up: no production log of Coremail is public (coremail.h).
#include "parsers/mta/coremail.h"

#include <memory>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"
#include "tests/parsers/mta/event_text.h"
#include "tests/parsers/reason/reason_text.h"

namespace bouncesight {
namespace {

Parsed (*const kParse)(const Record&, ParseContext&) = &ParseCoremail;

std::string Text(std::string_view tail) {
  return ParseBare(kParse, std::string("T:77(08:09:10)[da:Info] AQAAf.-+_1:").append(tail));
}

class CoremailDelivery : public testing::TestWithParam<Sample> {};

TEST_P(CoremailDelivery, IsRead) { EXPECT_EQ(Text(GetParam().line), GetParam().expected); }

constexpr Sample kDeliveries[] = {
    {"Sent", "size=9,from=<s@example.org>,to=<ann@example.com>,channel=remote,state=sent",
     "delivered to=ann@example.com"},
    {"ReasonBehindABlank",
     "from=<s@example.org>,to=<ann@example.com>,channel=remote,state=defer SMTP error, RCPT TO: "
     "Host example.com(192.0.2.7) RCPT TO said 451 4.7.1 later",
     "deferred to=ann@example.com relay=example.com[192.0.2.7] code=451 4.7.1 phase=rcpt remote "
     "reply=451 4.7.1 later"},
    {"ReasonBehindAComma",
     "from=<>,to=<ann@example.com>,channel=remote,state=bounced,SMTP error, DOT: Host "
     "example.com(2001:db8::7) DOT said 554 5.7.1 spam",
     "bounced to=ann@example.com relay=example.com[2001:db8::7] code=554 5.7.1 phase=end_of_data "
     "remote reply=554 5.7.1 spam"},
    {"StateFirst",
     "state=bounced,to=<ann@example.com>,channel=remote,rcpttype=auto Host example.com(192.0.2.7) "
     "MAIL FROM said 553 no",
     "bounced to=ann@example.com relay=example.com[192.0.2.7] code=553 phase=mail remote reply=553 "
     "no"},
    {"SubjectWithCommas",
     "subject=Hello, dear all, x,to=<ann@example.com>,state=bounced,DNS query error",
     "bounced to=ann@example.com reply=DNS query error"},
    {"CommaInTheAddress", "to=<\"a,b\"@example.com>,state=bounced rejected by system",
     "bounced to=\"a,b\"@example.com reply=rejected by system"},
    {"OtherChannel", "to=<ann@example.com>,channel=local,state=bounced,Quota exceed",
     "skip: not_delivery"},
    {"UnknownState", "to=<ann@example.com>,channel=remote,state=queued", "skip: malformed"},
    {"UnknownStateOfAnotherChannel", "to=<ann@example.com>,channel=local,state=queued",
     "skip: not_delivery"},
    {"NoState", "to=<ann@example.com>,channel=remote", "skip: not_delivery"},
};
INSTANTIATE_TEST_SUITE_P(Lines, CoremailDelivery, testing::ValuesIn(kDeliveries), SampleName);

TEST(CoremailDelivery, CountsEachOfItsRecipients) {
  for (const std::string_view to :
       {"<ann@example.com;bob@example.org>", "<ann@example.com>;<bob@example.org>",
        "<ann@example.com>,<bob@example.org>", "ann@example.com;bob@example.org"}) {
    const std::string line = "T:77(08:09:10)[da:Info] A1:to=" + std::string(to) +
                             ",channel=remote,state=bounced rejected by system";
    FormatReader reader;
    const Parsed parsed = reader.Parse(line);
    ASSERT_TRUE(std::holds_alternative<DeliveryEvent>(parsed)) << line;
    DeliveryEvent event = std::get<DeliveryEvent>(parsed);
    EXPECT_EQ(event.recipient, "ann@example.com") << line;
    EXPECT_EQ(event.recipient_domain, "example.com") << line;
    ASSERT_TRUE(NextRecipient(event)) << line;
    EXPECT_EQ(event.recipient, "bob@example.org") << line;
    EXPECT_EQ(event.recipient_domain, "example.org") << line;
    EXPECT_FALSE(NextRecipient(event)) << line;
  }
}

class CoremailReason : public testing::TestWithParam<Sample> {};

TEST_P(CoremailReason, IsUnwrapped) {
  EXPECT_EQ(ReasonText(ParseReason(GetParam().line)), GetParam().expected);
}

constexpr Sample kReasons[] = {
    {"WithoutAHost", "SMTP error, MAIL FROM: 553 5.1.8 no",
     "code=553 5.1.8 phase=mail said=553 5.1.8 no"},
    {"WithoutABlank", "SMTP error, DOT:519 Rejected.",
     "code=519 phase=end_of_data said=519 Rejected."},
    {"StageAlone", "RCPT TO: 550 5.0.0 no", "code=550 5.0.0 phase=rcpt said=550 5.0.0 no"},
    {"StageWithoutAReply", "RCPT TO: and so on", "text=RCPT TO: and so on"},
    {"Timeout", "rcpt handle timeout", "own=rcpt handle timeout"},
    {"TimeoutWithConnect",
     "rcpt handle timeout,last handle info: Can not connect to example.com:192.0.2.7:25",
     "remote=example.com[192.0.2.7]:25 phase=connect own=Can not connect to "
     "example.com:192.0.2.7:25"},
    {"TimeoutWithConnectOverIpv6",
     "rcpt handle timeout,last handle info: Can not connect to example.com:2001:db8::10:25",
     "remote=example.com[2001:db8::10]:25 phase=connect own=Can not connect to "
     "example.com:2001:db8::10:25"},
    {"TimeoutWithSilence",
     "rcpt handle timeout,last handle info: Host mx.example.com(192.0.2.7) command RCPT TO respond "
     "timeout or disconnected",
     "remote=mx.example.com[192.0.2.7] phase=rcpt own=Host mx.example.com(192.0.2.7) command RCPT "
     "TO respond timeout or disconnected"},
    {"TimeoutWithReply",
     "rcpt handle timeout,last handle info: SMTP error, OPEN: Host example.com(192.0.2.7) OPEN "
     "said "
     "421 busy",
     "remote=example.com[192.0.2.7] code=421 phase=connect said=421 busy"},
};
INSTANTIATE_TEST_SUITE_P(Texts, CoremailReason, testing::ValuesIn(kReasons), SampleName);

class CoremailTransaction : public testing::TestWithParam<Sample> {};

TEST_P(CoremailTransaction, IsRead) {
  EXPECT_EQ(ParseBare(kParse, GetParam().line), GetParam().expected);
}

constexpr Sample kTransactions[] = {
    {"Refused", "08:09:10 [cmd:DATA,ip:192.0.2.8,subject:a\\, b\\] c:d,Result:Failed]",
     "rejected relay=[192.0.2.8] phase=end_of_data reply=Failed"},
    {"Taken", "08:09:10 [cmd:DATA,ip:192.0.2.8,Result:Deliver,Local:1]", "skip: not_delivery"},
    {"Login", "08:09:10 [cmd:AUTH,AuthUser:ann,Result:Failed]", "skip: not_delivery"},
    {"NoResult", "08:09:10 [cmd:DATA,ip:192.0.2.8]", "skip: not_delivery"},
    {"AnotherProgram", "08:09:10 [main] starting: all", "skip: foreign"},
    {"FreeText", "T:77(08:09:10)[da:Info] queue is empty", "skip: not_delivery"},
    {"HalfAHead", "T:77(08:09", "skip: foreign"},
};
INSTANTIATE_TEST_SUITE_P(Lines, CoremailTransaction, testing::ValuesIn(kTransactions), SampleName);

TEST(Coremail, ReadsTimeAndId) {
  Record record;
  record.message = "T:7(08:09:10)[da:Info] AQ.1-2:to=<ann@example.com>,state=sent";
  const Parsed parsed = ParseCoremail(record, CoremailWords{});
  const DeliveryEvent& event = std::get<DeliveryEvent>(parsed);
  EXPECT_EQ(event.mta, Mta::kCoremail);
  EXPECT_EQ(event.time, "08:09:10");
  EXPECT_EQ(event.queue_id, "AQ.1-2");
  EXPECT_EQ(event.recipient_domain, "example.com");
}

TEST(Coremail, TakesOtherWordsForKeysAndStates) {
  CoremailWords words;
  words.to = "rcpt";
  words.state = "result";
  words.bounced.emplace_back("fail");
  Record record;
  record.message = "T:7(08:09:10)[da:Info] A1:rcpt=<ann@example.com>,result=fail,550 no";
  EXPECT_EQ(EventText(ParseCoremail(record, words)),
            "bounced to=ann@example.com code=550 remote reply=550 no");
}

TEST(Coremail, AddsTheDateOfTheFileAndTheZone) {
  auto words = std::make_shared<CoremailWords>();
  words->date = DateInFileName("logs/deliveragent.log.2026-11-21");
  ReaderOptions options;
  options.coremail = words;
  FormatReader reader(options);
  const Parsed parsed =
      reader.Parse("T:7(08:09:10)[da:Info] AQ.1-2:to=<ann@example.com>,state=sent");
  EXPECT_EQ(std::get<DeliveryEvent>(parsed).time, "2026-11-21T08:09:10+08:00");
}

TEST(Coremail, FindsTheDateInAFileName) {
  EXPECT_EQ(DateInFileName("mta2026_11_21/mta_00_00_00.log"), "2026-11-21");
  EXPECT_EQ(DateInFileName("deliveragent.log.2026-01-02"), "2026-01-02");
  for (const std::string_view name : {"deliveragent.log", "2026-11_21", "2026-1-02.log", ""}) {
    EXPECT_EQ(DateInFileName(name), "") << name;
  }
}

}  // namespace
}  // namespace bouncesight
