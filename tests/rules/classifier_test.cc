#include "rules/classifier.h"

#include <gtest/gtest.h>

#include "parsers/text/utf8.h"
#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

// One rule of each rank, all of which hold for "550 5.1.1 no such user".
constexpr std::string_view kRanks = R"(
rules:
  - {id: basic, cause: try_later, when: {code: 550}, examples: [550 x]}
  - {id: generic, cause: policy_rejected, match: user, generic: true, examples: [user]}
  - {id: enhanced, cause: mailbox_full, when: {enhanced: 5.1.1}, examples: [550 5.1.1 x]}
  - {id: specific, cause: user_unknown, match: no such user, examples: [no such user]}
)";

TEST(Classifier, PrefersTheHigherRank) {
  Classifier classifier(LoadRules(kRanks, R"(
rules: [{id: mine, cause: virus, match: quite mine, examples: [quite mine]}]
)"));
  EXPECT_EQ(WinnerOf(classifier, "550 5.1.1 no such user: quite mine"), "mine");
  EXPECT_EQ(WinnerOf(classifier, "550 5.1.1 no such user"), "specific");
  EXPECT_EQ(WinnerOf(classifier, "550 5.1.1 user gone"), "enhanced");
  EXPECT_EQ(WinnerOf(classifier, "550 user gone"), "generic");
  EXPECT_EQ(WinnerOf(classifier, "550"), "basic");
  EXPECT_EQ(WinnerOf(classifier, "550 gone"), "");
  EXPECT_EQ(WinnerOf(classifier, "551 gone"), "");
}

TEST(Classifier, PrefersProviderRulesToSpecificOnesAndNamesTheProvider) {
  RuleSources sources;
  sources.catalog = {{"a.yaml", kRanks}, {"p.yaml", R"(
provider: acme
rules: [{id: of-acme, cause: virus, match: such, examples: [such]}]
)"}};
  Classifier classifier(*RuleSet::Load(sources));
  const Reply reply = ParseReply("550 5.1.1 no such user");
  const Verdict verdict = classifier.Classify({reply, "", "", ""});
  EXPECT_EQ(classifier.rules().rule_name(verdict.rule), "of-acme");
  EXPECT_EQ(classifier.rules().provider_name(verdict.provider), "acme");
}

TEST(Classifier, KeepsTheProviderOfTheHostThatAnswered) {
  RuleSources sources;
  sources.catalog = {{"providers.yaml", "providers: [{name: one, hosts: [mx.example.com]}]"},
                     {"p.yaml", R"(
provider: acme
rules: [{id: of-acme, cause: virus, match: such, examples: [such]}]
)"}};
  const Result<std::shared_ptr<const RuleSet>> rules = RuleSet::Load(sources);
  ASSERT_TRUE(rules) << rules.error().message;
  Classifier classifier(*rules);
  const Reply reply = ParseReply("550 5.1.1 no such user");
  const auto provider = [&](std::string_view host) {
    return classifier.rules().provider_name(classifier.Classify({reply, host, "", ""}).provider);
  };
  EXPECT_EQ(provider("a.mx.example.com"), "one");
  EXPECT_EQ(provider("a.example.net"), "");
  EXPECT_EQ(provider(""), "acme");
}

TEST(Classifier, BreaksTiesByConditionsThenLengthThenOrder) {
  Classifier classifier(LoadRules(R"(
rules:
  - {id: short, cause: virus, match: alpha, examples: [alpha]}
  - {id: long, cause: virus, match: alpha beta, examples: [alpha beta]}
  - {id: with-code, cause: virus, match: alpha, when: {code: 552}, examples: [552 alpha]}
  - {id: first, cause: virus, match: gamma, examples: [gamma]}
  - {id: second, cause: virus, match: delta, examples: [delta]}
)"));
  EXPECT_EQ(WinnerOf(classifier, "alpha"), "short");
  EXPECT_EQ(WinnerOf(classifier, "alpha beta"), "long");
  EXPECT_EQ(WinnerOf(classifier, "552 alpha beta"), "with-code");
  EXPECT_EQ(WinnerOf(classifier, "delta gamma"), "first");
}

TEST(Classifier, AsksForEveryCondition) {
  Classifier classifier(LoadRules(R"(
rules:
  - id: strict
    cause: virus
    match: alpha
    link: example\.net/x
    when: {code: 5xx, enhanced: 5.7.*, phase: [mail, rcpt], origin: remote}
    examples: [550 5.7.1 alpha https://example.net/x]
)"));
  const auto wins = [&](std::string_view text, Phase phase, Origin origin) {
    Reply reply = ParseReply(text);
    reply.phase = phase;
    reply.origin = origin;
    return !WinnerOf(classifier, reply).empty();
  };
  const std::string_view good = "550 5.7.1 alpha https://example.net/x";
  EXPECT_TRUE(wins(good, Phase::kRcpt, Origin::kRemote));
  EXPECT_FALSE(wins(good, Phase::kData, Origin::kRemote));
  EXPECT_FALSE(wins(good, Phase::kRcpt, Origin::kLocal));
  EXPECT_FALSE(wins("450 5.7.1 alpha https://example.net/x", Phase::kRcpt, Origin::kRemote));
  EXPECT_FALSE(wins("550 5.1.1 alpha https://example.net/x", Phase::kRcpt, Origin::kRemote));
  EXPECT_FALSE(wins("550 5.7.1 alpha https://example.net/y", Phase::kRcpt, Origin::kRemote));
  EXPECT_FALSE(wins("550 5.7.1 beta https://example.net/x", Phase::kRcpt, Origin::kRemote));
}

TEST(Classifier, FindsCodeRulesByEveryFormOfCode) {
  Classifier classifier(LoadRules(R"(
rules:
  - {id: any-class, cause: mailbox_full, when: {enhanced: x.2.2}, examples: [450 4.2.2 x]}
  - {id: family, cause: spf_fail, when: {enhanced: 5.7.*}, examples: [550 5.7.1 x]}
  - {id: class, cause: try_later, when: {code: 4xx}, examples: [450 x]}
)"));
  EXPECT_EQ(WinnerOf(classifier, "552 5.2.2 x"), "any-class");
  EXPECT_EQ(WinnerOf(classifier, "452 4.2.2 x"), "any-class");
  EXPECT_EQ(WinnerOf(classifier, "550 5.7.606 x"), "family");
  EXPECT_EQ(WinnerOf(classifier, "499 x"), "class");
  EXPECT_EQ(WinnerOf(classifier, "550 5.1.1 x"), "");
}

TEST(Classifier, KnowsTheProviderByHostThenWordsThenDomain) {
  RuleSources sources;
  sources.catalog = {{"providers.yaml", R"(
providers:
  - {name: one, hosts: [mx.example.com]}
  - {name: two, phrases: [two speaks]}
  - {name: three, domains: [example.org]}
)"},
                     {"r.yaml", R"(
rules:
  - {id: for-one, cause: virus, match: x, when: {provider: one}, examples: [x]}
)"}};
  Classifier classifier(*RuleSet::Load(sources));
  const auto provider = [&](std::string_view text, std::string_view host, std::string_view domain) {
    const Reply reply = ParseReply(text);
    const Verdict verdict = classifier.Classify({reply, host, "", domain});
    return std::string(classifier.rules().provider_name(verdict.provider));
  };
  EXPECT_EQ(provider("two speaks", "a.MX.example.com.", "example.org"), "one");
  EXPECT_EQ(provider("two speaks", "a.example.net", "example.org"), "three");
  EXPECT_EQ(provider("two speaks", "", ""), "two");
  EXPECT_EQ(provider("hm", "a.example.net", "EXAMPLE.org"), "three");
  EXPECT_EQ(provider("hm", "notmx.example.com.example.net", ""), "");
  EXPECT_EQ(WinnerOf(classifier, "550 x", "mx.example.com"), "for-one");
  EXPECT_EQ(WinnerOf(classifier, "550 x", "mx.example.net"), "");
}

TEST(Classifier, GivesTheSameVerdictTheSecondTime) {
  Classifier classifier(LoadRules(kRanks));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(WinnerOf(classifier, "550 5.1.1 no such user"), "specific");
    EXPECT_EQ(WinnerOf(classifier, "550 5.1.1 <a@example.com> gone"), "enhanced");
  }
}

TEST(Classifier, ExplainsWhoWonWhereAndWhyTheOthersLost) {
  Classifier classifier(LoadRules(kRanks));
  const Reply reply = ParseReply("550 5.1.1 <ann@example.com>: no such user");
  const Explanation seen = classifier.Explain({reply, "", "", ""});
  EXPECT_EQ(classifier.rules().rule_name(seen.rule), "specific");
  EXPECT_EQ(seen.words, "{addr}: no such user");
  EXPECT_EQ(seen.matched, "no such user");
  ASSERT_EQ(seen.alternatives.size(), 2U);
  EXPECT_EQ(classifier.rules().rule_name(seen.alternatives[0].rule), "enhanced");
  EXPECT_EQ(seen.alternatives[0].why, "lower rank: enhanced, not specific");
  EXPECT_EQ(classifier.rules().rule_name(seen.alternatives[1].rule), "generic");
}

TEST(Classifier, ShowsTheLinkThatMatched) {
  Classifier classifier(LoadRules(R"(
rules: [{id: a, cause: virus, link: 'net/x\?p=1', examples: ['https://example.net/x?p=1']}]
)"));
  const Reply reply = ParseReply("550 mx.example.com says see https://example.net/x?p=12 now");
  EXPECT_EQ(classifier.Explain({reply, "", "", ""}).matched, "https://example.net/x?p=12");
}

// A gap in a pattern is counted in bytes.
TEST(Classifier, ShowsWholeCharactersOfWhatMatched) {
  Classifier classifier(LoadRules(R"(
rules: [{id: a, cause: virus, match: 'worm.{1,4}found.{1,4}here', examples: [worm a found b here]}]
)"));
  const Reply reply = ParseReply("550 病毒worm毒found毒here毒");
  EXPECT_EQ(classifier.Explain({reply, "", "", ""}).matched, "worm毒found毒here");
  Classifier greedy(LoadRules(R"(
rules: [{id: a, cause: virus, match: '.{2}worm.{2}', examples: [a worm is]}]
)"));
  EXPECT_EQ(greedy.Explain({reply, "", "", ""}).matched, "毒worm毒");
  // The mask of an address swallows the last byte of the character before it.
  const Explanation masked =
      classifier.Explain({ParseReply("550 \xef\xbf\xbdnn@example.org"), "", "", ""});
  EXPECT_EQ(ToUtf8(masked.words), masked.words);
}

TEST(Classifier, NamesAnUnknownListByItsZone) {
  Classifier classifier(LoadRules(R"(
rules: [{id: a, cause: ip_blocklisted, match: blocked using, examples: [blocked using x]}]
)"));
  const Reply reply = ParseReply("554 client [192.0.2.1] blocked using DNSBL.example.net");
  const Verdict verdict = classifier.Classify({reply, "", "", ""});
  EXPECT_EQ(verdict.blocklist, "dnsbl.example.net");
  EXPECT_EQ(verdict.listed_ip, "192.0.2.1");
}

TEST(Classifier, TakesAnyBytes) {
  Classifier classifier(LoadRules(kRanks));
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 7 % 256);
  EXPECT_NO_FATAL_FAILURE(WinnerOf(classifier, ParseReply(bytes)));
  EXPECT_EQ(WinnerOf(classifier, ParseReply("")), "");
}

}  // namespace
}  // namespace bouncesight
