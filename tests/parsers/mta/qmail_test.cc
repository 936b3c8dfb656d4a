#include "parsers/mta/qmail.h"

#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"
#include "tests/parsers/mta/event_text.h"

namespace bouncesight {
namespace {

constexpr std::string_view kStamp = "@40000000689f13a508f3214c ";

// What the second of two lines gives.
std::string After(std::string_view first, std::string_view second) {
  ParseContext context;
  Record record;
  const std::string start = std::string(kStamp).append(first);
  record.message = start;
  EXPECT_EQ(EventText(ParseQmail(record, context)), "skip: not_delivery");
  context.Reset();
  const std::string line = std::string(kStamp).append(second);
  record.message = line;
  return EventText(ParseQmail(record, context));
}

class Qmail : public testing::TestWithParam<Sample> {};

TEST_P(Qmail, IsRead) {
  EXPECT_EQ(After("starting delivery 5: msg 161214 to remote ann_lee@example.com", GetParam().line),
            GetParam().expected);
}

constexpr Sample kLines[] = {
    {"Failure",
     "delivery 5: failure: 192.0.2.9_does_not_like_recipient./Remote_host_said:_550-5.1.1_no/550_"
     "5.1.1_see_http://example.net/x/Giving_up_on_192.0.2.9./",
     "bounced to=ann_lee@example.com relay=[192.0.2.9] code=550 5.1.1 phase=rcpt remote "
     "reply=550-5.1.1 no 550 5.1.1 see http://example.net/x"},
    {"Deferral",
     "delivery 5: deferral: "
     "Connected_to_2001:db8::9_but_greeting_failed./Remote_host_said:_421_busy/",
     "deferred to=ann_lee@example.com relay=[2001:db8::9] code=421 phase=connect remote reply=421 "
     "busy"},
    {"Success", "delivery 5: success: 192.0.2.9_accepted_message./Remote_host_said:_250_ok/",
     "delivered to=ann_lee@example.com relay=[192.0.2.9] code=250 remote reply=250 ok"},
    {"OwnWords",
     "delivery 5: failure: Sorry,_I_couldn't_find_any_host_named_example.com._(#5.1.2)/",
     "bounced to=ann_lee@example.com 5.1.2 phase=connect reply=Sorry, I couldn't find any host "
     "named "
     "example.com. (#5.1.2)"},
    {"Expired",
     "delivery 5: failure: 192.0.2.9_does_not_like_recipient./Remote_host_said:_451_wait/Giving_up_"
     "on_192.0.2.9./I'm_not_going_to_try_again;_this_message_has_been_in_the_queue_too_long./",
     "expired to=ann_lee@example.com relay=[192.0.2.9] code=451 phase=rcpt remote reply=451 wait"},
    {"AnotherDelivery", "delivery 6: success: did_1+0+0/", "delivered reply=did 1+0+0"},
    {"OneOfTheSameSlot", "delivery 517: success: did_1+0+0/", "delivered reply=did 1+0+0"},
    {"HalfALine", "delivery 5: fail", "skip: malformed"},
    {"Status", "status: local 0/10 remote 1/20", "skip: not_delivery"},
};
INSTANTIATE_TEST_SUITE_P(Lines, Qmail, testing::ValuesIn(kLines), SampleName);

TEST(QmailLine, ForgetsARecipientThatIsTooLong) {
  const std::string start =
      "starting delivery 5: msg 1 to remote " + std::string(300, 'a') + "@example.com";
  EXPECT_EQ(After(start, "delivery 5: success: ok/"), "delivered reply=ok");
}

TEST(QmailLine, IsReadBehindEpochSecondsAndBehindAHeader) {
  for (const std::string_view head :
       {"1772600767.057500 ", "Mar  4 05:06:07 mx qmail: 1772600767.057500 "}) {
    FormatReader reader(FormatOf(Mta::kQmail));
    reader.Parse(std::string(head).append("starting delivery 9: msg 7 to local bob@example.org"));
    const std::string line = std::string(head).append("delivery 9: success: did_1+0+0/");
    const Parsed parsed = reader.Parse(line);
    EXPECT_EQ(EventText(parsed), "delivered to=bob@example.org reply=did 1+0+0");
    EXPECT_EQ(std::get<DeliveryEvent>(parsed).time, "1772600767.057500");
    EXPECT_EQ(std::get<DeliveryEvent>(parsed).queue_id, "7");
  }
}

TEST(QmailLine, IsReadBehindTheDatesOfTai64nlocal) {
  constexpr std::string_view kHead = "2026-11-21 16:49:30.123456500 ";
  FormatReader reader(Format::kAuto);
  reader.Parse("2026-11-21 16:49:29 Start queue run: pid=7");  // Exim's stamps have the same shape
  for (const std::string_view words :
       {"new msg 7", "info msg 7: bytes 300 from <s@example.net> qp 55 uid 0",
        "starting delivery 9: msg 7 to remote bob@example.org", "status: local 0/10 remote 1/20"}) {
    EXPECT_EQ(EventText(reader.Parse(std::string(kHead).append(words))), "skip: not_delivery")
        << words;
  }
  const std::string line = std::string(kHead).append("delivery 9: failure: nobody_there/");
  const Parsed parsed = reader.Parse(line);
  EXPECT_EQ(EventText(parsed), "bounced to=bob@example.org reply=nobody there");
  EXPECT_EQ(std::get<DeliveryEvent>(parsed).time, "2026-11-21 16:49:30.123456500");
}

// In a JSON line host and message are texts of their own: what lies between them in memory is
// nobody's line.
TEST(QmailLine, IsNotReadAcrossTextsThatOnlyLieSideBySide) {
  const std::string memory = "delivery 5: failure: of_whatever_was_read_before/ message";
  Record record;
  record.host = std::string_view(memory).substr(0, 8);
  record.message = std::string_view(memory).substr(memory.size() - 7);
  record.json = "{}";
  ParseContext context;
  EXPECT_EQ(EventText(ParseQmail(record, context)), "skip: foreign");
}

TEST(QmailLine, OfAHostNamedDeliveryInJsonIsReadFromItsMessage) {
  FormatReader reader(FormatOf(Mta::kQmail));
  EXPECT_EQ(EventText(reader.Parse(R"({"MESSAGE":"x"})")), "skip: foreign");
  // "5: failure: x/" as journald writes bytes.
  EXPECT_EQ(EventText(reader.Parse(R"({"_HOSTNAME":"delivery","MESSAGE":[53,58,32,102,97,105,)"
                                   R"(108,117,114,101,58,32,120,47]})")),
            "skip: foreign");
  EXPECT_EQ(EventText(reader.Parse(R"({"_HOSTNAME":"delivery","SYSLOG_IDENTIFIER":"qmail",)"
                                   R"("MESSAGE":"delivery 9: success: did_1+0+0/"})")),
            "delivered reply=did 1+0+0");
}

TEST(QmailLine, OfAnotherProgramIsForeign) {
  EXPECT_EQ(ParseBare(&ParseQmail, "delivery of parcels"), "skip: foreign");
  EXPECT_EQ(ParseBare(&ParseQmail, "@short delivery 5: success: x"), "skip: foreign");
}

}  // namespace
}  // namespace bouncesight
