#include "parsers/mta/haraka.h"

#include <string>

#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"
#include "tests/parsers/mta/event_text.h"

namespace bouncesight {
namespace {

class Haraka : public testing::TestWithParam<Sample> {};

TEST_P(Haraka, IsRead) {
  const std::string line =
      std::string("[NOTICE] [9C4C-58.1.1] [outbound] ").append(GetParam().line);
  EXPECT_EQ(ParseBare(&ParseHaraka, line), GetParam().expected);
}

constexpr Sample kLines[] = {
    {"Delivered",
     "delivered file=\"1_2\" domain=\"example.com\" host=\"mx.example.com\" ip=\"192.0.2.9\" "
     "port=25 "
     "mode=\"SMTP\" tls=\"Y\" auth=\"N\" response=\"250 \\\"ok\\\" port=1\" delay=1.2 fails=0 "
     "rcpts=\"1/0/0\"",
     "delivered relay=mx.example.com[192.0.2.9]:25 code=250 remote reply=250 \\\"ok\\\" port=1"},
    {"Deferred", "recipient <ann@example.com> deferred: 450 4.7.1 wait",
     "deferred to=ann@example.com code=450 4.7.1 remote reply=450 4.7.1 wait"},
    {"Rejected", "recipient <\"a > b\"@example.com> rejected: 550 no",
     "bounced to=\"a > b\"@example.com code=550 remote reply=550 no"},
    {"TempFail", "Temp failing 1_2 for 64 seconds: Tried all MXs", "deferred reply=Tried all MXs"},
    {"Bounce", "bouncing mail: No where to deliver mail to",
     "bounced reply=No where to deliver mail to"},
    {"GivenUp", "bouncing mail: Too many failures (Tried all MXs)",
     "expired reply=Too many failures (Tried all MXs)"},
    {"SumOfRecipients", "bouncing mail: Some recipients failed: <ann@example.com>",
     "skip: not_delivery"},
    {"OneLookup", "MX Lookup for example.com failed: ENOTFOUND", "skip: attempt"},
    {"HalfARecipient", "recipient <ann@exam", "skip: malformed"},
    {"Noise", "Attempting to deliver to: 192.0.2.9:25", "skip: not_delivery"},
};
INSTANTIATE_TEST_SUITE_P(Lines, Haraka, testing::ValuesIn(kLines), SampleName);

TEST(HarakaLine, OfAnotherPluginIsForeign) {
  EXPECT_EQ(ParseBare(&ParseHaraka, "[NOTICE] [-] [server] recipient <a@example.com> deferred: x"),
            "skip: foreign");
}

TEST(HarakaLine, IsReadBehindATimeStampAlone) {
  FormatReader reader;
  EXPECT_EQ(
      EventText(reader.Parse("2026-03-04T05:06:07.123Z [NOTICE] [9C4C.1] [outbound] recipient "
                             "<ann@example.com> rejected: 550 no")),
      "bounced to=ann@example.com code=550 remote reply=550 no");
}

TEST(HarakaLine, IsReadInsideJson) {
  FormatReader reader;
  EXPECT_EQ(EventText(reader.Parse(R"({"level":"NOTICE","uuid":"9C4C.1","origin":"outbound",)"
                                   R"("message":"recipient <ann@example.com> deferred: 450 no"})")),
            "deferred to=ann@example.com code=450 remote reply=450 no");
}

// How log.ini's formats write one delivery and one deferral.
TEST(HarakaLog, ReadsLogfmtAndJsonAsItReadsText) {
  const std::string_view kDelivered =
      "delivered relay=mx.example.com[192.0.2.9]:25 code=250 remote reply=250 ok";
  const std::string_view kDeferred =
      "deferred to=ann@example.com code=450 4.7.1 remote reply=450 4.7.1 \"wait\"";
  const struct {
    std::string_view line;
    std::string_view wanted;
  } kCases[] = {
      {"level=NOTICE uuid=9C4C-58.1.1 source=outbound message=\"delivered file=\\\"1_2\\\" "
       "domain=\\\"example.com\\\" host=\\\"mx.example.com\\\" ip=\\\"192.0.2.9\\\" port=25 "
       "response=\\\"250 ok\\\" delay=1.2\"",
       kDelivered},
      {"level=NOTICE uuid=9C4C-58.1.1 origin=outbound message=\"\" delivered file=\"1_2\" "
       "domain=example.com host=mx.example.com ip=192.0.2.9 port=25 response=\"250 ok\" delay=1.2",
       kDelivered},
      {"level=INFO uuid=9C4C-58.1.1 source=outbound message=\"recipient <ann@example.com> "
       "deferred: 450 4.7.1 \\\"wait\\\"\"",
       kDeferred},
      {"2026-11-21T16:49:30.123Z level=INFO uuid=9C4C-58.1.1 source=outbound message=\"recipient "
       "<ann@example.com> deferred: 450 4.7.1 \\\"wait\\\"\"",
       kDeferred},
      {R"({"level":"INFO","uuid":"9C4C-58.1.1","source":"outbound","message":)"
       R"("recipient <ann@example.com> deferred: 450 4.7.1 \"wait\""})",
       kDeferred},
  };
  for (const auto& one : kCases) {
    FormatReader reader;
    const Parsed parsed = reader.Parse(one.line);
    EXPECT_EQ(EventText(parsed), one.wanted) << one.line;
    if (const auto* event = std::get_if<DeliveryEvent>(&parsed)) {
      EXPECT_EQ(event->queue_id, "9C4C-58.1.1");
      EXPECT_EQ(event->mta, Mta::kHaraka);
    }
  }
}

TEST(HarakaLog, LogfmtOfOtherPluginsIsNoDelivery) {
  for (const std::string_view line : {"level=NOTICE uuid=9C4C-58.1 source=core message=\"recipient "
                                      "<a@example.com> deferred: 450 x\"",
                                      "level=INFO msg=\"another program\"",
                                      "level=", "level=INFO uuid=1 source=outbound message=\""}) {
    FormatReader reader;
    const Parsed parsed = reader.Parse(line);
    EXPECT_TRUE(std::holds_alternative<Skip>(parsed)) << line;
  }
}

}  // namespace
}  // namespace bouncesight
