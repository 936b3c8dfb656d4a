#include "parsers/mta/zonemta.h"

#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"
#include "tests/parsers/mta/event_text.h"

namespace bouncesight {
namespace {

class Zonemta : public testing::TestWithParam<Sample> {};

TEST_P(Zonemta, IsRead) {
  EXPECT_EQ(ParseBare(&ParseZonemta, GetParam().line), GetParam().expected);
}

constexpr Sample kLines[] = {
    {"Accepted",
     "id=15ab 18cd.001 ACCEPTED[] from=s@example.net to=ann@example.com src=192.0.2.1 "
     "mx=mx.example.com[192.0.2.9] message-id=<x@example.net> (250 2.0.0 ok (1))",
     "delivered to=ann@example.com relay=mx.example.com[192.0.2.9] code=250 2.0.0 remote reply=250 "
     "2.0.0 ok (1)"},
    {"Deferred",
     "info Sender/default/77 id=18cd.001 DEFERRED[greylist] from=<> to=<ann@example.com> "
     "mx=mx.example.com[2001:db8::9] (450 4.7.1 wait to=bob@example.com)",
     "deferred to=ann@example.com relay=mx.example.com[2001:db8::9] code=450 4.7.1 remote "
     "reply=450 "
     "4.7.1 wait to=bob@example.com"},
    {"RejectedAndCut", "id=18cd.001 REJECTED[spam] to=ann@example.com (554 5.7.1 sp",
     "bounced to=ann@example.com code=554 5.7.1 remote truncated reply=554 5.7.1 sp"},
    {"WithoutAResponse", "id=18cd.001 REJECTED to=ann@example.com", "bounced to=ann@example.com"},
    {"Noise", "id=18cd.001 QUEUED from=s@example.net", "skip: foreign"},
    {"HalfAStatus", "id=18cd.001 REJECTEDNESS to=ann@example.com", "skip: foreign"},
    {"Foreign", "hello id", "skip: foreign"},
};
INSTANTIATE_TEST_SUITE_P(Lines, Zonemta, testing::ValuesIn(kLines), SampleName);

TEST(ZonemtaLog, ReadsTheObjectsOfItsRemoteLogAndOfGelf) {
  const struct {
    std::string_view line;
    std::string_view wanted;
  } kCases[] = {
      {R"({"id":"18cd","seq":"001","action":"DEFERRED","category":"greylist","defcount":1,"zone":)"
       R"("default","from":"s@example.net","to":"ann@example.com","mx":"mx.example.com","ip":)"
       R"("192.0.2.9","response":"450 4.7.1 wait"})",
       "deferred to=ann@example.com relay=mx.example.com[192.0.2.9] code=450 4.7.1 remote "
       "reply=450 4.7.1 wait"},
      {R"({"_id":"18cd","_seq":"001","_action":"REJECTED","_category":"spam","_zone":"default",)"
       R"("_to":"ann@example.com","_mx":"mx.example.com","_ip":"2001:db8::9","_response":)"
       R"("554 5.7.1 spam"})",
       "bounced to=ann@example.com relay=mx.example.com[2001:db8::9] code=554 5.7.1 remote "
       "reply=554 5.7.1 spam"},
      {R"({"id":"18cd","seq":"001","action":"ACCEPTED","zone":"default","to":"ann@example.com"})",
       "delivered to=ann@example.com"},
  };
  for (const auto& one : kCases) {
    FormatReader reader;
    const Parsed parsed = reader.Parse(one.line);
    EXPECT_EQ(EventText(parsed), one.wanted) << one.line;
    if (const auto* event = std::get_if<DeliveryEvent>(&parsed)) {
      EXPECT_EQ(event->queue_id, "18cd.001");
      EXPECT_EQ(event->mta, Mta::kZonemta);
    }
  }
}

TEST(ZonemtaLog, OtherObjectsWithAnActionAreForeign) {
  for (const std::string_view line :
       {R"({"action":"DEFERRED","to":"ann@example.com"})", R"({"action":"login","zone":"default"})",
        R"({"action":7,"zone":"default"})", R"({"action":"DEFERRED","zone":)"}) {
    FormatReader reader;
    EXPECT_TRUE(std::holds_alternative<Skip>(reader.Parse(line))) << line;
  }
}

}  // namespace
}  // namespace bouncesight
