#include "daemon/batch/advice_places.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

std::string Named(std::string step, const AdvicePlaces& places) {
  Advice advice;
  advice.en.steps = {step};
  advice.zh.steps = {step};
  NamePlaces(places, advice);
  EXPECT_EQ(advice.en.steps, advice.zh.steps);
  return advice.en.steps[0];
}

TEST(AdvicePlaces, StandWhereAdviceHasItsExamples) {
  constexpr AdvicePlaces kAll{"mx9.example.net", "shop.example.net", "news.example.net"};
  const struct {
    const char *step, *named;
  } samples[] = {
      {"`telnet mx.example.com 25`", "`telnet mx9.example.net 25`"},
      {"-connect mx.example.com:25", "-connect mx9.example.net:25"},
      {"`dig MX example.com` and `dig A example.com`.",
       "`dig MX shop.example.net` and `dig A shop.example.net`."},
      {"用 dig MX example.com 查", "用 dig MX shop.example.net 查"},
      {"`dig TXT selector._domainkey.example.org`",
       "`dig TXT selector._domainkey.news.example.net`"},
      {"my-example.com, example.community", "my-example.com, example.community"},
  };
  for (const auto& one : samples) EXPECT_EQ(Named(one.step, kAll), one.named);
}

TEST(AdvicePlaces, LeaveTheExampleWhereNothingIsKnownOrSafe) {
  for (const char* const place : {"", "-x", "a b", "$(reboot)", "`x`", "a;b", "<x>"})
    EXPECT_EQ(Named("`dig MX example.com`", {{}, place, {}}), "`dig MX example.com`");
}

TEST(AdvicePlaces, AreNotTakenForOneAnother) {
  EXPECT_EQ(Named("dig MX example.com, example.org", {{}, "example.org", "example.com"}),
            "dig MX example.org, example.com");
}

TEST(FirstHost, IsFoundInASentence) {
  EXPECT_EQ(
      FirstHostIn("Host or domain name not found. Name service error for name=shop.example.net "
                  "type=MX: Host not found"),
      "shop.example.net");
  EXPECT_EQ(FirstHostIn("Connection to <mx9.example.net>:25 timed out."), "mx9.example.net");
  EXPECT_EQ(FirstHostIn("ann@example.net has moved to mx.example.org"), "mx.example.org");
  EXPECT_EQ(FirstHostIn("No such domain."), "");
  EXPECT_EQ(FirstHostIn(""), "");
}

}  // namespace
}  // namespace bouncesight
