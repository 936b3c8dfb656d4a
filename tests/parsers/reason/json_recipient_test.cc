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

}  // namespace
}  // namespace bouncesight
