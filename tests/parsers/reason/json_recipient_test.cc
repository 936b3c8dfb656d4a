#include "parsers/reason/json_recipient.h"

#include <gtest/gtest.h>

#include "parsers/reason/failure_report.h"

namespace bouncesight {
namespace {

TEST(JsonRecipient, IsNamedByTheKeysOfMailServices) {
  for (const std::string_view text : {
           R"({"bounce":{"bouncedRecipients":[{"emailAddress":"ann@example.com"}]}})",
           R"([{"email":"ann@example.com","event":"bounce"}])",
           R"({"event-data":{"recipient":"ann@example.com","message":"from bob@example.com"}})",
           R"({"rcpt_to":"<ann@example.com>"})",
           R"({"Email":"ann@example.com","to":["Ann <ANN@example.com>"]})",
       }) {
    EXPECT_EQ(RecipientInJson(text), "ann@example.com") << text;
  }
}

TEST(JsonRecipient, IsNobodyWhereSeveralOrNoneAreNamed) {
  for (const std::string_view text :
       {R"({"to":["ann@example.com","bob@example.com"]})", R"({"from":"ann@example.com"})",
        R"({"email":"nobody"})", R"({"email":"ann@example.com")", "email: ann@example.com", ""}) {
    EXPECT_EQ(RecipientInJson(text), "") << text;
  }
}

TEST(JsonRecipient, IsTheReportsWhereItIsOneFailure) {
  const auto all = ReadFailures(
      "{\n  \"Email\": \"ann@example.com\",\n"
      "  \"Details\": \"smtp;550 5.1.1 no such user\"\n}\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].recipient, "ann@example.com");
}

TEST(JsonEvents, AreOneForEachRecipientThatAnArrayWithinNames) {
  EXPECT_EQ(ObjectsInJson(R"({"bounce":{"bouncedRecipients":[
                {"emailAddress":"ann@example.com","status":"5.1.1"},
                {"emailAddress":"bob@example.org","status":"5.2.2"}]},
                "mail":{"destination":["ann@example.com","bob@example.org"]}})"),
            (std::vector<std::string>{R"({"emailAddress":"ann@example.com","status":"5.1.1"})",
                                      R"({"emailAddress":"bob@example.org","status":"5.2.2"})"}));
}

TEST(JsonEvents, TakeTheWordsBesideTheArrayWhereAnObjectHasNone) {
  EXPECT_EQ(ObjectsInJson(R"({"bounceSubType":"MailboxFull","size":7,"bouncedRecipients":[
                {"emailAddress":"ann@example.com"},{"emailAddress":"bob@example.org"}]})"),
            (std::vector<std::string>{
                R"({"bounceSubType":"MailboxFull","emailAddress":"ann@example.com"})",
                R"({"bounceSubType":"MailboxFull","emailAddress":"bob@example.org"})"}));
}

TEST(JsonEvents, AreThoseThatATopicCarriesAsAString) {
  EXPECT_EQ(ObjectsInJson(R"({"Type":"Notification","Message":"{\"email\":\"ann@example.com\"}"})"),
            std::vector<std::string>{R"({"email":"ann@example.com"})"});
}

TEST(JsonEvents, OfAnArrayMayNameSeveralThemselves) {
  EXPECT_EQ(ObjectsInJson(R"([{"to":[{"email":"ann@example.com","reason":"a"},
                {"email":"bob@example.org","reason":"b"}]},{"email":"eve@example.net"}])")
                .size(),
            3U);
}

TEST(JsonEvents, AreNoneWhereAnArrayNamesNobody) {
  for (const std::string_view text :
       {R"({"headers":[{"name":"To","value":"ann@example.com"},{"name":"From","value":"x"}]})",
        R"({"to":["ann@example.com","bob@example.org"]})", R"([1,2])", R"([{"a":1}])", "{", "[]",
        R"({"message":"{"})", ""}) {
    EXPECT_TRUE(ObjectsInJson(text).empty()) << text;
  }
}

TEST(JsonEvents, StandOnLinesOfTheirOwn) {
  EXPECT_EQ(
      ObjectLinesInJson("{\"email\":\"ann@example.com\"}\n\n{\"rcpt\":\"b@example.org\"}\n").size(),
      2U);
  EXPECT_TRUE(ObjectLinesInJson("{\"email\":\"ann@example.com\"}\nand words\n").empty());
}

}  // namespace
}  // namespace bouncesight
