#include "parsers/reason/json_reply.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

std::string WordsOf(std::string_view text) {
  const std::optional<JsonReply> reply = ReplyInJson(text);
  if (!reply) return "none";
  return reply->delivered ? "delivered" : reply->words;
}

struct JsonCase {
  std::string_view text, words;
};

TEST(JsonReply, IsPutTogetherFromTheKeysOfMailServices) {
  constexpr JsonCase kCases[] = {
      {R"({"event":"bounced","delivery-status":{"code":550,"message":"5.1.1 user unknown"}})",
       "550 5.1.1 user unknown"},
      {R"({"delivery-status":{"code":550,"enhanced-code":"5.1.1","message":"no such user",
           "description":"Not delivering"},"message":{"headers":{"subject":"Test 550 x"}}})",
       "550 5.1.1 no such user"},
      {R"({"event":"bounce","reason":"500 unknown recipient","status":"5.0.0"})",
       "500 unknown recipient"},
      {R"({"event":"dropped","reason":"Bounced Address","status":"5.0.0"})",
       "5.0.0 Bounced Address"},
      {R"({"Description":"The server was unable to deliver","Details":"smtp;550 5.1.1 no account",
           "Email":"ann@example.com"})",
       "smtp;550 5.1.1 no account"},
      {R"([{"msys":{"message_event":{"type":"bounce","error_code":"550","reason":"550 5.1.1 ...",
           "raw_reason":"550 5.1.1 no such user"}}}])",
       "550 5.1.1 no such user"},
      {R"({"smtp_code":450,"text":"4.7.1 greylisted"})", "450 4.7.1 greylisted"},
      {R"({"error":{"code":550,"message":"said \"no\"\r\n: user unknown"}})",
       "550 said \"no\" : user unknown"},
      {R"({"code":"EENVELOPE","response":"550 5.1.1 no such user","responseCode":550})",
       "550 5.1.1 no such user"},
      {R"({"what_it_said":"smtp;550 5.1.1 no such user","sender":"ann@example.org"})",
       "smtp;550 5.1.1 no such user"},
  };
  for (const JsonCase& one : kCases) EXPECT_EQ(WordsOf(one.text), one.words) << one.text;
}

TEST(JsonReply, IsNoneOfMailThatWasDeliveredOrTaken) {
  for (const std::string_view text :
       {R"({"event":"delivered","recipient":"ann@example.com"})", R"({"type":"email.delivered"})",
        R"({"event":"delivered","response":"250 OK"})", R"({"RecordType":"Delivery"})",
        R"({"code":250,"message":"OK"})", R"({"email":"ann@example.com","status":"sent"})"}) {
    EXPECT_EQ(WordsOf(text), "delivered") << text;
  }
}

TEST(JsonReply, IsUnknownWhereNoKnownKeyHoldsACode) {
  for (const std::string_view text :
       {R"({"event":"bounce","error":"user unknown"})", R"({"subject":"550 pieces sold"})",
        R"({"size":550,"b":"hello there"})", R"({"event":"delivered","type":"bounced"})", "[1,2]",
        "{", "550 5.1.1 no such user", ""}) {
    EXPECT_EQ(WordsOf(text), "none") << text;
  }
}

TEST(JsonReply, EndsInDeepNesting) {
  EXPECT_EQ(WordsOf(std::string(500, '[') + R"({"reason":"550 no"})" + std::string(500, ']')),
            "none");
}

}  // namespace
}  // namespace bouncesight
