#include "rules/provider.h"

#include <gtest/gtest.h>

#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

TEST(SuffixMap, FindsTheLongestSuffixOfWholeLabels) {
  SuffixMap map;
  map.Add("example.com", 1);
  map.Add("mx.Example.com", 2);
  EXPECT_EQ(map.Find("a.mx.example.com"), 2);
  EXPECT_EQ(map.Find("MX.EXAMPLE.COM."), 2);
  EXPECT_EQ(map.Find("b.example.com"), 1);
  EXPECT_EQ(map.Find("notexample.com"), 0);
  EXPECT_EQ(map.Find("com"), 0);
  EXPECT_EQ(map.Find(""), 0);
  EXPECT_EQ(map.Find(std::string(300, 'a')), 0);
}

TEST(SuffixMap, KeepsTheFirstValueOfANameAndGrows) {
  SuffixMap map;
  for (std::uint16_t i = 1; i < 500; ++i) map.Add("d" + std::to_string(i) + ".example", i);
  map.Add("d7.example", 999);
  EXPECT_EQ(map.Find("x.d7.example"), 7);
  EXPECT_EQ(map.Find("d499.example"), 499);
}

TEST(Provider, RefusesARowWithoutANameOrWithABadPattern) {
  EXPECT_FALSE(ParseProviders("p.yaml", "providers: [{hosts: [example.com]}]"));
  const auto bad = ParseProviders("p.yaml", "providers: [{name: a, phrases: ['(']}]");
  ASSERT_FALSE(bad.has_value());
  EXPECT_TRUE(bad.error().message.starts_with("p.yaml:1: a: '(' is not understood"));
}

TEST(Provider, RecognisesCustomDomainsByTheHostThatTakesTheirMail) {
  const struct {
    std::string_view host;
    std::string_view name;
  } cases[] = {
      {"aspmx.l.google.com", "gmail"},
      {"alt1.gmail-smtp-in.l.google.com", "gmail"},
      {"example-com.mail.protection.outlook.com", "microsoft"},
      {"hotmail-com.olc.protection.outlook.com", "microsoft"},
      {"mta7.am0.yahoodns.net", "yahoo"},
      {"mx02.mail.icloud.com", "apple"},
      {"mxbiz1.qq.com", "tencent"},
      {"mx3.qq.com", "tencent"},
      {"163mx01.mxmail.netease.com", "netease"},
      {"qiye163mx01.mxmail.netease.com", "netease"},
      {"mxw.mxhichina.com", "alibaba"},
      {"mxs.mail.ru", "mailru"},
      {"mx.yandex.net", "yandex"},
      {"mx-ha02.web.de", "gmx"},
      {"mx00.t-online.de", "t_online"},
      {"smtp-in.orange.fr", "orange"},
      {"mx0a-00000001.pphosted.com", "proofpoint"},
      {"us-smtp-inbound-1.mimecast.com", "mimecast"},
      {"d1.a.ess.barracudanetworks.com", "barracuda"},
      {"mx1.example.iphmx.com", "ironport"},
      {"cluster1.us.messagelabs.com", "messagelabs"},
      {"example.in.tmes.trendmicro.com", "trend_micro"},
      {"mx.example.com", ""},
      {"google.com.example.net", ""},
  };
  Classifier classifier(ShippedRules());
  for (const auto& c : cases) {
    const Reply reply = ParseReply("zzz");
    const Verdict verdict = classifier.Classify({reply, c.host, "", "example.com"});
    EXPECT_EQ(classifier.rules().provider_name(verdict.provider), c.name) << c.host;
  }
}

}  // namespace
}  // namespace bouncesight
