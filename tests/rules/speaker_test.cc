// Who speaks decides what words may prove.
#include <gtest/gtest.h>

#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

constexpr std::string_view kProviders = R"(
providers:
  - {name: one, hosts: [mx.example.com], domains: [example.com], phrases: ['\bonemail\b']}
  - {name: two, hosts: [mx.example.net]}
)";
constexpr std::string_view kRules = R"(
provider: two
rules:
  - {id: twos-own, cause: virus, match: twocode 17, examples: [550 twocode 17]}
  - {id: common, cause: mailbox_full, common: true, match: brim reached, examples: [550 brim reached]}
)";
constexpr std::string_view kAnybody = R"(
rules:
  - {id: anybody, cause: policy_rejected, match: the brim reached today, examples: [550 the brim reached today]}
  - {id: bare, cause: try_later, when: {code: 450}, examples: ['450']}
)";

std::shared_ptr<const RuleSet> Rules() {
  RuleSources sources;
  sources.catalog = {{"providers.yaml", kProviders}, {"two.yaml", kRules}, {"any.yaml", kAnybody}};
  auto rules = RuleSet::Load(sources);
  EXPECT_TRUE(rules.has_value()) << (rules ? "" : rules.error().message);
  return rules ? *rules : nullptr;
}

TEST(Speaker, TheRelayThenTheDomainThenTheWordsOfNobodyElse) {
  struct Case {
    const char *text, *host, *domain, *provider;
  };
  Classifier classifier(Rules());
  for (const Case& c : std::initializer_list<Case>{
           {"550 onemail says no", "a.mx.example.net", "example.com", "two"},
           {"550 onemail says no", "", "", "one"},
           {"550 onemail says no", "mail.example.org", "", ""},
           {"550 twocode 17", "mail.example.org", "example.com", "one"},
           {"550 twocode 17", "", "", "two"},
           {"550 brim reached", "", "", ""},
           {"550 brim reached", "mx.example.net", "", "two"},
       }) {
    const Reply reply = ParseReply(c.text);
    const Verdict verdict = classifier.Classify({reply, c.host, "", c.domain});
    EXPECT_EQ(classifier.rules().provider_name(verdict.provider), c.provider)
        << c.text << " by " << c.host << " to " << c.domain;
  }
}

TEST(Speaker, CommonWordsAreSpecificAndNoMoreWhereAnotherProviderSpeaks) {
  Classifier classifier(Rules());
  EXPECT_EQ(WinnerOf(classifier, ParseReply("550 the brim reached today"), "mx.example.net"),
            "common");
  EXPECT_EQ(WinnerOf(classifier, ParseReply("550 the brim reached today"), "mx.example.com"),
            "anybody");
}

TEST(Speaker, ARefusalOfOurOwnHasNoProviderAndListsTheClient) {
  Classifier classifier(ShippedRules());
  const Reply reply = ParseReply(
      "554 5.7.1 Service unavailable; Client host [192.0.2.22] blocked using bl.spamcop.net");
  const Verdict own =
      classifier.Classify({reply, "mx.google.com", "192.0.2.22", "gmail.com", true});
  EXPECT_EQ(own.provider, ProviderId::kNone);
  EXPECT_EQ(own.listed_ip, "192.0.2.22");
  EXPECT_EQ(own.blocklist, "spamcop");
  const Verdict theirs =
      classifier.Classify({reply, "mx.google.com", "198.51.100.9", "gmail.com", false});
  EXPECT_EQ(classifier.rules().provider_name(theirs.provider), "gmail");
}

TEST(Speaker, AQueryThatAListRefusedIsNobodysListing) {
  Classifier classifier(ShippedRules());
  for (const char* text : {
           "554 5.7.1 Client host [192.0.2.7] blocked using zen.spamhaus.org; Error: open resolver",
           "550 5.7.1 192.0.2.7 blocked using bl.example.org: excessive number of queries",
           "554 5.7.1 [192.0.2.7] listed, https://check.spamhaus.org/returnc/pub/198.51.100.5/",
       }) {
    Reply reply = ParseReply(text);
    reply.origin = Origin::kRemote;
    const Verdict theirs = classifier.Classify({reply, "mx.example.org", "", ""});
    EXPECT_EQ(theirs.cause, CauseId::kRemoteError) << text;
    EXPECT_TRUE(theirs.blocklist.empty() && theirs.listed_ip.empty()) << text;
    reply.origin = Origin::kLocal;
    const Verdict own = classifier.Classify({reply, "", "192.0.2.7", "", true});
    EXPECT_EQ(own.cause, CauseId::kLocalError) << text;
    EXPECT_TRUE(own.blocklist.empty() && own.listed_ip.empty()) << text;
  }
}

TEST(Speaker, ABareCodeNeverOutvotesWords) {
  Classifier classifier(Rules());
  EXPECT_EQ(WinnerOf(classifier, ParseReply("450")), "bare");
  EXPECT_EQ(WinnerOf(classifier, ParseReply("450 <ann@example.com>:")), "bare");
  EXPECT_EQ(WinnerOf(classifier, ParseReply("450 zork blorp")), "");
  EXPECT_EQ(WinnerOf(classifier, ParseReply("450 не сейчас")), "");
}

TEST(Speaker, NamesOfListsAndLabelsAreNoEvidence) {
  Classifier classifier(ShippedRules());
  const auto cause = [&](const char* text) {
    const Reply reply = ParseReply(text);
    return classifier.Classify({reply, "", "", ""}).cause;
  };
  EXPECT_EQ(cause("550 192.0.2.7 is in a black list (NiX Spam)"), CauseId::kIpBlocklisted);
  EXPECT_EQ(cause("550 Relaying denied, Port: 25, SSL: No"), CauseId::kRelayDenied);
  EXPECT_EQ(cause("550 zork, SSL: No"), CauseId::kUnclassified);
}

}  // namespace
}  // namespace bouncesight
