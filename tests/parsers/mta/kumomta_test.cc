#include "parsers/mta/kumomta.h"

#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"
#include "tests/parsers/mta/event_text.h"

namespace bouncesight {
namespace {

Parsed Parse(std::string_view object, ParseContext& context) {
  Record record;
  record.json = object;
  return ParseKumomta(record, context);
}

class Kumomta : public testing::TestWithParam<Sample> {};

TEST_P(Kumomta, IsRead) {
  ParseContext context;
  EXPECT_EQ(EventText(Parse(GetParam().line, context)), GetParam().expected);
}

constexpr Sample kRecords[] = {
    {"TransientFailure",
     R"({"type":"TransientFailure","id":"1d98","recipient":"ann@example.com","response":{"code":451,)"
     R"("enhanced_code":{"class":4,"subject":7,"detail":1},"content":"Grey \"listed\"","command":)"
     R"("RCPT TO:<ann@example.com>"},"peer_address":{"name":"mx.example.com.","addr":"192.0.2.9"},)"
     R"("timestamp":1757675281,"created":1757675221})",
     "deferred to=ann@example.com relay=mx.example.com[192.0.2.9] code=451 4.7.1 phase=rcpt remote "
     "reply=451 4.7.1 Grey \"listed\""},
    {"BounceOfSeveralRecipients",
     R"({"type":"Bounce","recipient":["ann@example.com","bob@example.com"],"response":{"code":554,)"
     R"("enhanced_code":null,"content":"5.7.1 no","command":"."},"peer_address":{"name":"m","addr":)"
     R"("2001:db8::9"},"timestamp":1})",
     "bounced to=ann@example.com relay=m[2001:db8::9] code=554 5.7.1 phase=end_of_data remote "
     "reply=554 5.7.1 no"},
    {"Delivery",
     R"({"type":"Delivery","recipient":"ann@example.com","response":{"code":250,"enhanced_code":null,)"
     R"("content":"ok","command":null},"peer_address":{"name":"m","addr":"192.0.2.9"},"timestamp":1})",
     "delivered to=ann@example.com relay=m[192.0.2.9] code=250 remote reply=250 ok"},
    {"OwnWords",
     R"({"type":"TransientFailure","recipient":"ann@example.com","response":{"code":400,)"
     R"("enhanced_code":null,"content":"KumoMTA internal: no route"},"peer_address":null,)"
     R"("timestamp":1})",
     "deferred to=ann@example.com code=400 reply=400 KumoMTA internal: no route"},
    {"Expiration",
     R"({"type":"Expiration","recipient":"ann@example.com","response":{"code":551,"content":"Next )"
     R"(delivery time would be at x"},"timestamp":1})",
     "expired to=ann@example.com code=551 reply=551 Next delivery time would be at x"},
    {"Rejection",
     R"({"type":"Rejection","recipient":"ann@example.com","response":{"code":550,"content":"no",)"
     R"("command":"rcpt to:<ann@example.com>"},"peer_address":{"name":"pc","addr":"192.0.2.7"},)"
     R"("timestamp":1})",
     "rejected to=ann@example.com relay=pc[192.0.2.7] code=550 phase=rcpt reply=550 no"},
    {"OutOfRangeNumbers",
     R"({"type":"Bounce","recipient":7,"response":{"code":99999,"enhanced_code":{"class":9,)"
     R"("subject":1,"detail":1},"content":"no"},"timestamp":1})",
     "bounced reply=no"},
    {"LateReport", R"({"type":"OOB","recipient":"ann@example.com","timestamp":1})",
     "skip: not_delivery"},
    {"Reception", R"({"type":"Reception","recipient":"ann@example.com","timestamp":1})",
     "skip: not_delivery"},
    {"AnotherTypeOfRecord", R"({"type":"Delivery van","timestamp":1})", "skip: foreign"},
    {"NotTimed", R"({"type":"Bounce"})", "skip: foreign"},
    {"HalfAnObject", R"({"type":"Bounce","recipient":"ann@exam)", "skip: foreign"},
};
INSTANTIATE_TEST_SUITE_P(Records, Kumomta, testing::ValuesIn(kRecords), SampleName);

TEST(KumomtaRecord, ReachesItsParserThroughTheReader) {
  FormatReader reader;
  const std::string line =
      R"({"type":"Bounce","id":"1d98","recipient":"ann@example.com","response":{"code":550,)"
      R"("content":"no"},"timestamp":1757675281,"created":1757675221,)"
      R"("event_time":"2025-09-12T11:08:01.440526026Z"})";
  const Parsed parsed = reader.Parse(line);
  const DeliveryEvent& event = std::get<DeliveryEvent>(parsed);
  EXPECT_EQ(event.mta, Mta::kKumomta);
  EXPECT_EQ(event.time, "2025-09-12T11:08:01.440526026Z");
  EXPECT_EQ(event.queue_id, "1d98");
  EXPECT_DOUBLE_EQ(event.delay_seconds, 60);
}

}  // namespace
}  // namespace bouncesight
