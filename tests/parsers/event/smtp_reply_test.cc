#include "parsers/event/smtp_reply.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

std::string Enhanced(const Reply& reply) {
  EnhancedCodeText buffer;
  return std::string(FormatEnhancedCode(reply.enhanced, buffer));
}

TEST(SmtpReply, ReadsCodeAndEnhancedCodeOffTheStart) {
  const struct {
    std::string_view text;
    int code;
    std::string_view enhanced;
  } kCases[] = {
      {"550 5.1.1 <a@example.com>: no such user", 550, "5.1.1"},
      {"550-5.7.26 not authenticated 550 5.7.26 try again", 550, "5.7.26"},
      {"452 4.2.2", 452, "4.2.2"},
      {"550 No such user here", 550, ""},
      {"550", 550, ""},
      {"999 what", 999, ""},
      {"552 4.2.2 over quota", 552, "4.2.2"},
      {"550 5.7.606 Access denied", 550, "5.7.606"},
      {"554 #5.7.1 refused", 554, "5.7.1"},
      {"550 [5.7.1] refused", 550, "5.7.1"},
      {"5.7.1 rejected by a milter", 0, "5.7.1"},
      {"550 sorry, no mailbox here by that name (#5.1.1)", 550, "5.1.1"},
      {"Sorry, no host of that name. (# 5.1.2 )", 0, "5.1.2"},
      {"connection refused", 0, ""},
      {"", 0, ""},
      {"5500 is not a code", 0, ""},
      {"192.0.2.1 is listed", 0, ""},
      {"550 5.1.1.1 is not an enhanced code", 550, ""},
      {"550 3.1.1 neither is this", 550, ""},
      {"550 5.1.1234 nor this", 550, ""},
      {"550 5.1.1. a full stop may follow", 550, "5.1.1"},
      {"421 4.7.0 (#9.9.9) later", 421, "4.7.0"},
  };
  for (const auto& c : kCases) {
    const Reply reply = ParseReply(c.text);
    EXPECT_EQ(reply.code, c.code) << c.text;
    EXPECT_EQ(Enhanced(reply), c.enhanced) << c.text;
    EXPECT_EQ(reply.text, c.text);
    EXPECT_EQ(reply.phase, Phase::kUnknown);
    EXPECT_EQ(reply.origin, Origin::kUnknown);
  }
}

TEST(SmtpReply, WritesTheLongestEnhancedCode) {
  EnhancedCodeText buffer;
  EXPECT_EQ(FormatEnhancedCode({5, 999, 999}, buffer), "5.999.999");
  EXPECT_EQ(FormatEnhancedCode({}, buffer), "");
}

TEST(SmtpReply, SaysHowLongTheEnhancedCodeWas) {
  std::size_t length = 99;
  EXPECT_TRUE(ParseEnhancedCode("4.7.500-text", length).present());
  EXPECT_EQ(length, 7U);
  EXPECT_FALSE(ParseEnhancedCode("4.7", length).present());
  EXPECT_EQ(length, 0U);
}

}  // namespace
}  // namespace bouncesight
