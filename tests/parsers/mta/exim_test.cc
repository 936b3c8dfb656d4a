// Samples are of our own making, in the shapes of Exim 4.80 to 4.99.
#include "parsers/mta/exim.h"

#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"
#include "tests/parsers/mta/event_text.h"

namespace bouncesight {
namespace {

constexpr std::string_view kHead = "2026-03-04 05:06:07 1vQr5t-0001bo-D3 ";

std::string Text(std::string_view tail) {
  return ParseBare(&ParseExim, std::string(kHead).append(tail));
}

DeliveryEvent Event(const Record& record, ParseContext& context) {
  const Parsed parsed = ParseExim(record, context);
  const DeliveryEvent* event = std::get_if<DeliveryEvent>(&parsed);
  EXPECT_NE(event, nullptr) << record.message;
  return event == nullptr ? DeliveryEvent{} : *event;
}

TEST(Exim, ReadsTimeIdAndDelayOfADelivery) {
  ParseContext context;
  Record record;
  record.message =
      "2026-03-04 05:06:07.123 +0100 [4711] 1vQr5t-000000001bo-D342 => ann@example.com "
      "R=dnslookup T=remote_smtp H=mx.example.com [2001:db8::7]:25* C=\"250 2.0.0 taken\" "
      "QT=1m2.5s "
      "DT=0.012s";
  const DeliveryEvent event = Event(record, context);
  EXPECT_EQ(event.mta, Mta::kExim);
  EXPECT_EQ(event.time, "2026-03-04 05:06:07.123 +0100");
  EXPECT_EQ(event.queue_id, "1vQr5t-000000001bo-D342");
  EXPECT_EQ(event.recipient_domain, "example.com");
  EXPECT_EQ(event.relay_ip, "2001:db8::7");
  EXPECT_EQ(event.relay_port, 25);
  EXPECT_DOUBLE_EQ(event.delay_seconds, 62.5);
  EXPECT_LT(event.step_seconds[static_cast<std::size_t>(DelayStep::kConnect)], 0);
  EXPECT_DOUBLE_EQ(event.step_seconds[static_cast<std::size_t>(DelayStep::kQueue)], 62.488);
  EXPECT_DOUBLE_EQ(event.step_seconds[static_cast<std::size_t>(DelayStep::kTransfer)], 0.012);
}

TEST(Exim, TakesTheTimeFromTheSyslogHeaderWhereEximGivesNone) {
  ParseContext context;
  Record record;
  record.time = "Mar  4 05:06:07";
  record.host = "relay7";
  record.program = "exim-out";
  record.message = "1vQr5t-0001bo-D3 ** bob@example.com: Unrouteable address";
  const DeliveryEvent event = Event(record, context);
  EXPECT_EQ(event.time, "Mar  4 05:06:07");
  EXPECT_EQ(event.host, "relay7");
  EXPECT_EQ(event.instance, "exim-out");
}

TEST(Exim, LeavesOtherProgramsLinesToOthers) {
  EXPECT_EQ(ParseBare(&ParseExim, "connect from mx.example.com[192.0.2.1]"), "skip: foreign");
  EXPECT_EQ(ParseBare(&ParseExim, "2026-03-04T05:06:07 ** x@example.com: no"), "skip: foreign");
  EXPECT_EQ(ParseBare(&ParseExim, ""), "skip: foreign");
}

TEST(Exim, GivesOneEventForALineCutIntoSyslogPieces) {
  const std::string first = std::string("[1/2] ").append(kHead).append(
      "** bob@example.com R=r T=t H=mx.example.com [192.0.2.9]: SMTP error from remote mail server "
      "after RCPT TO:<bob@example.com>: 550-5.1.1 a long story\\n550-5.1");
  EXPECT_EQ(ParseBare(&ParseExim, first),
            "bounced to=bob@example.com relay=mx.example.com[192.0.2.9] code=550 5.1.1 phase=rcpt "
            "remote truncated reply=550-5.1.1 a long story 550-5.1");
  ParseContext context;
  Record record;
  record.program = "exim";
  record.message = "[2/2] .1 with an end";
  EXPECT_EQ(EventText(ParseExim(record, context)), "skip: partial");
  record.message = "[2\\2] 550 5.1.1 with an end";
  EXPECT_EQ(EventText(ParseExim(record, context)), "skip: partial");
}

TEST(Exim, DecodesOctalAndNewlineEscapes) {
  EXPECT_EQ(
      Text("** bob@example.com R=r T=t H=mx.example.com [192.0.2.9]: SMTP error from remote "
           "mail server after RCPT TO:<bob@example.com>: 550-5.1.1 caf\\303\\251 closed\\n550 "
           "5.1.1 C:\\9"),
      "bounced to=bob@example.com relay=mx.example.com[192.0.2.9] code=550 5.1.1 phase=rcpt "
      "remote reply=550-5.1.1 caf\xC3\xA9 closed 550 5.1.1 C:\\9");
}

class EximNoise : public testing::TestWithParam<Sample> {};

TEST_P(EximNoise, IsNoEvent) { EXPECT_EQ(Text(GetParam().line), GetParam().expected); }

constexpr Sample kNoise[] = {
    {"Arrival", "<= ann@example.com H=(pc) [192.0.2.2] P=esmtp S=812", "skip: not_delivery"},
    {"BounceCreation", "<= <> R=1vQr5t-0001bn-00 U=mail P=local S=99", "skip: not_delivery"},
    {"FakeReject", "(= ann@example.com H=(pc) [192.0.2.2]", "skip: not_delivery"},
    {"Completed", "Completed QT=3s", "skip: not_delivery"},
    {"Frozen", "Frozen (delivery error message)", "skip: not_delivery"},
    {"NotReallyDelivered", "*> ann@example.com R=dnslookup T=remote_smtp", "skip: probe"},
    {"RefusedHost", "H=a.example.com [192.0.2.2] Connection refused", "skip: attempt"},
    {"RefusingHost",
     "H=a.example.com [192.0.2.2]: SMTP error from remote mail server after initial connection: "
     "421 busy",
     "skip: attempt"},
    {"RefusingHostOfOldVersions",
     "SMTP error from remote mail server after RCPT TO:<a@example.com>: host a.example.com "
     "[192.0.2.2]: 451 later",
     "skip: attempt"},
    {"WarningAboutAClient", "H=(pc) [192.0.2.2] Warning: rejected RCPT <a@example.com> by nobody",
     "skip: not_delivery"},
    {"DeferralWithoutItsEnd", "== ann@example.com R=dnslookup", "skip: malformed"},
};

INSTANTIATE_TEST_SUITE_P(Lines, EximNoise, testing::ValuesIn(kNoise), SampleName);

class EximDelivery : public testing::TestWithParam<Sample> {};

TEST_P(EximDelivery, IsRead) { EXPECT_EQ(Text(GetParam().line), GetParam().expected); }

constexpr Sample kDeliveries[] = {
    {"EveryFieldOfLogSelectorAll",
     "=> ann@example.com <all@example.com> F=<s@example.net> P=<s@example.net> R=dnslookup "
     "T=remote_smtp S=321 H=mx.example.com [192.0.2.9]:25 I=[192.0.2.1]:40106 "
     "X=TLS1.3:ECDHE_RSA:256 CV=yes DN=\"/O=\\\"A\\\" R=x\" L K C=\"250 taken \\\"x\\\"\" QT=4s "
     "DT=1s",
     "delivered to=ann@example.com relay=mx.example.com[192.0.2.9]:25 code=250 remote reply=250 "
     "taken \\\"x\\\""},
    {"FurtherAddress", "-> bob@example.com R=dnslookup T=remote_smtp H=mx.example.com [192.0.2.9]",
     "delivered to=bob@example.com relay=mx.example.com[192.0.2.9]"},
    {"CutThrough", ">> bob@example.com R=r T=t H=mx.example.com [192.0.2.9] C=\"250 ok\"",
     "delivered to=bob@example.com relay=mx.example.com[192.0.2.9] code=250 remote reply=250 ok"},
    {"LocalPartAlone", "=> ann <ann@example.org> R=local T=local_delivery",
     "delivered to=ann@example.org"},
    {"Pipe", "=> |/usr/bin/sort <x >y: R=z <list@example.org> R=pipe T=address_pipe",
     "delivered to=list@example.org"},
    {"File", "=> /var/mail/ann <ann@example.org> R=file T=address_file",
     "delivered to=ann@example.org"},
    {"Blackhole", "=> :blackhole: <gone@example.org> R=aliases", "delivered to=gone@example.org"},
    {"NoBlankBehindTheFlag", "=>ann@example.com R=dnslookup T=remote_smtp",
     "delivered to=ann@example.com"},
};

INSTANTIATE_TEST_SUITE_P(Lines, EximDelivery, testing::ValuesIn(kDeliveries), SampleName);

TEST(Exim, SurvivesEveryCutOfALine) {
  const std::string line = std::string(kHead).append(
      "== with blank@example.com (p@example.com) <\"with blank\"@example.com> Q=slow R=r T=t defer "
      "(110): Connection timed out H=mx.example.com [192.0.2.9]:25* I=[192.0.2.1]:4 DT=0.1s: SMTP "
      "error from remote mail server after pipelined MAIL FROM:<a@example.net> SIZE=8: 450 \\303 "
      "x");
  for (std::size_t size = 0; size <= line.size(); ++size) {
    const std::string cut = line.substr(0, size);
    const std::string text = ParseBare(&ParseExim, cut);
    EXPECT_FALSE(text.empty()) << cut;
  }
}

// Exim run with -v in a container: a mark, and then the line without time and id.
TEST(EximVerbose, IsReadBehindItsMarkAlone) {
  const struct {
    std::string_view mark, line, told;
  } kCases[] = {
      {"    9 LOG: MAIN REJECT",
       "    9   H=(c.example.com) [192.0.2.9] F=<a@example.com> rejected RCPT <b@example.org>: no",
       "rejected to=b@example.org relay=[192.0.2.9] phase=rcpt reply=no"},
      {"LOG: MAIN",
       "  ** b@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.7]: SMTP error from "
       "remote mail server after RCPT TO:<b@example.org>: 550 5.1.1 no",
       "bounced to=b@example.org relay=mx.example.org[192.0.2.7] code=550 5.1.1 phase=rcpt remote "
       "reply=550 5.1.1 no"},
      {"exim-1  |   12 LOG: MAIN", "exim-1  |   12   b@example.org Completed",
       "skip: not_delivery"},
      {"    9 LOG: MAIN", "   10   ** b@example.org: of another process", "skip: unknown_format"},
      {"    9 LOG: smtp_syntax_error", "    9   ** b@example.org: text", "skip: unknown_format"},
  };
  for (const auto& c : kCases) {
    FormatReader reader;
    reader.Parse(c.mark);
    EXPECT_EQ(EventText(reader.Parse(c.line)), c.told) << c.line;
    EXPECT_EQ(EventText(reader.Parse("  ** b@example.org: without a mark")),
              "skip: unknown_format");
  }
}

TEST(EximLine, GivesTheNumberOfTheErrorAndTheWordsOfTheSystem) {
  const struct {
    std::string_view tail, reply;
    int number;
  } kCases[] = {
      {"R=r T=remote_smtp defer (113): No route to host H=mx.example.org [192.0.2.7]: "
       "mx.example.org [192.0.2.7]",
       "No route to host", 113},
      {"R=r T=remote_smtp defer (-44) H=mx.example.org [192.0.2.7]: SMTP error from remote mail "
       "server after RCPT TO:<b@example.org>: 450 4.2.1 later",
       "450 4.2.1 later", -44},
      {"R=r T=local defer (-22): mailbox is full", "mailbox is full", -22},
  };
  for (const auto& c : kCases) {
    const std::string line = "2026-11-21 16:49:30 1xUoNV-00005S-1i == b@example.org ";
    FormatReader reader;
    const std::string whole = line + std::string(c.tail);
    const Parsed parsed = reader.Parse(whole);
    ASSERT_TRUE(std::holds_alternative<DeliveryEvent>(parsed)) << whole;
    const DeliveryEvent& event = std::get<DeliveryEvent>(parsed);
    EXPECT_EQ(event.reply.text, c.reply);
    EXPECT_EQ(event.error_number, c.number);
    EXPECT_EQ(event.transport,
              c.tail.find("local") == std::string_view::npos ? "remote_smtp" : "local");
  }
}

}  // namespace
}  // namespace bouncesight
