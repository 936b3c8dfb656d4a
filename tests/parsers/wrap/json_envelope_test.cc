#include "parsers/wrap/json_envelope.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

class JsonEnvelopeTest : public testing::Test {
 protected:
  bool Open(std::string_view line) {
    texts_.Reset();
    return json_.Open(line, texts_, envelope_);
  }

  JsonEnvelope json_;
  TextRoom texts_;
  Envelope envelope_;
};

TEST_F(JsonEnvelopeTest, FindsThePartsUnderTheNamesThatShippersUse) {
  const struct {
    std::string_view line, time, host, program;
  } kCases[] = {
      {R"({"_HOSTNAME":"mx1","MESSAGE":"text","SYSLOG_IDENTIFIER":"postfix/smtp","__REALTIME_TIMESTAMP":"1795280970000000"})",
       "1795280970000000", "mx1", "postfix/smtp"},
      {R"({ "msg": "text", "timereported": "2026-11-21T16:49:30+00:00", "hostname": "mx1", "syslogtag": "postfix\/smtp[25962]:", "programname": "postfix", "app-name": "postfix" })",
       "2026-11-21T16:49:30+00:00", "mx1", "postfix/smtp"},
      {R"({"PROGRAM":"postfix/smtp","MESSAGE":"text","HOST":"mx1","DATE":"Nov 21 16:49:30"})",
       "Nov 21 16:49:30", "mx1", "postfix/smtp"},
      {R"({"host":{"name":"mx1"},"message":"text","process":{"name":"postfix/smtp"},"@timestamp":"2026-11-21T16:49:30Z"})",
       "2026-11-21T16:49:30Z", "mx1", "postfix/smtp"},
      {R"({"short_message":"text","host":"mx1","timestamp":1795280970.5,"ident":"postfix/smtp"})",
       "1795280970.5", "mx1", "postfix/smtp"},
      {R"({"log":{"level":"info"},"message":"text","host":"mx1","ts":1795280970,"tag":"postfix/smtp[1]"})",
       "1795280970", "mx1", "postfix/smtp"},
  };
  for (const auto& c : kCases) {
    ASSERT_TRUE(Open(c.line)) << c.line;
    EXPECT_TRUE(envelope_.has_message) << c.line;
    EXPECT_EQ(envelope_.record.message, "text") << c.line;
    EXPECT_EQ(envelope_.record.time, c.time) << c.line;
    EXPECT_EQ(envelope_.record.host, c.host) << c.line;
    EXPECT_EQ(envelope_.record.program, c.program) << c.line;
    EXPECT_EQ(envelope_.record.json, c.line);
  }
}

TEST_F(JsonEnvelopeTest, TakesTheOperatorsNamesInstead) {
  JsonKeys keys;
  keys.message = {"body.text"};
  keys.program = {"prog"};
  JsonEnvelope own(keys);
  ASSERT_TRUE(
      own.Open(R"({"message":"no","body":{"text":"yes"},"prog":"exim"})", texts_, envelope_));
  EXPECT_EQ(envelope_.record.message, "yes");
  EXPECT_EQ(envelope_.record.program, "exim");
}

TEST_F(JsonEnvelopeTest, TurnsJournaldsByteArraysBackIntoBytes) {
  ASSERT_TRUE(Open(R"({"MESSAGE":[65,58,32,211,195,187],"SYSLOG_IDENTIFIER":"postfix/smtp"})"));
  EXPECT_EQ(envelope_.record.message, "A: \xD3\xC3\xBB");
  ASSERT_TRUE(Open(R"({"MESSAGE":["first","second"]})"));
  EXPECT_EQ(envelope_.record.message, "first");
  ASSERT_TRUE(Open(R"({"MESSAGE":[[102,105],"second"]})"));
  EXPECT_EQ(envelope_.record.message, "fi");
  ASSERT_TRUE(Open(R"({"MESSAGE":[65,999]})"));
  EXPECT_EQ(envelope_.record.message, "");
}

TEST_F(JsonEnvelopeTest, SaysWhenJournaldLeftOutALongMessage) {
  ASSERT_TRUE(Open(R"({"MESSAGE":null,"SYSLOG_IDENTIFIER":"postfix/smtp"})"));
  EXPECT_TRUE(envelope_.message_lost);
}

TEST_F(JsonEnvelopeTest, LetsBytesThroughThatAreNoUtf8) {
  ASSERT_TRUE(Open("{\"msg\":\"550 \xD3\xC3\xBB\xA7 \\\"q\\\" \xE4\xB8\xAD\",\"host\":\"mx1\"}"));
  EXPECT_EQ(envelope_.record.message, "550 \xD3\xC3\xBB\xA7 \"q\" \xE4\xB8\xAD");
  EXPECT_EQ(envelope_.record.host, "mx1");
}

TEST_F(JsonEnvelopeTest, MendsRawControlCharactersAndHalfSurrogates) {
  ASSERT_TRUE(Open("{\"message\":\"a\tb \\ud83d c \\\\ud83d\"}"));
  EXPECT_EQ(envelope_.record.message, "a b \xEF\xBF\xBD c \\ud83d");
}

TEST_F(JsonEnvelopeTest, TellsWhetherDockersLineEnds) {
  ASSERT_TRUE(Open(R"({"log":"text\n","stream":"stderr","time":"2026-11-21T16:49:30Z"})"));
  EXPECT_TRUE(envelope_.ends_line);
  EXPECT_EQ(envelope_.stream, "stderr");
  EXPECT_EQ(envelope_.record.message, "text");
  ASSERT_TRUE(Open(R"({"log":"te","stream":"stdout","time":"2026-11-21T16:49:30Z"})"));
  EXPECT_FALSE(envelope_.ends_line);
}

TEST_F(JsonEnvelopeTest, LeavesAnObjectWithoutMessageToTheMtaThatWroteIt) {
  constexpr std::string_view kLine = R"({"type":"Bounce","recipient":"u@example.net"})";
  ASSERT_TRUE(Open(kLine));
  EXPECT_FALSE(envelope_.has_message);
  EXPECT_EQ(envelope_.record.json, kLine);
}

TEST_F(JsonEnvelopeTest, RefusesWhatIsNoObject) {
  for (const std::string_view line :
       {"", "{", "[1]", "\"text\"", R"({"MESSAGE":"cut)", R"({"a":1} {"b":2})", "{'a':1}"}) {
    EXPECT_FALSE(Open(line)) << line;
  }
}

}  // namespace
}  // namespace bouncesight
