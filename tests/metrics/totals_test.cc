#include "metrics/totals.h"

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/metrics/fixtures.h"

namespace bouncesight {
namespace {

std::uint64_t Failures(const Snapshot& snapshot, std::string_view cause, Outcome outcome) {
  std::uint64_t sum = 0;
  for (const InstanceTotals& one : snapshot.instances) {
    for (std::size_t i = 0; i < one.failures.size(); ++i) {
      if (snapshot.causes[i] == cause) sum += one.failures[i][FailureIndex(outcome)];
    }
  }
  return sum;
}

// Every counter of a snapshot by a name of its own.
std::map<std::string, std::uint64_t> Counters(const Snapshot& snapshot) {
  std::map<std::string, std::uint64_t> all;
  for (const SourceTotals& one : snapshot.sources) all["lines " + one.name] = one.lines();
  for (const InstanceTotals& one : snapshot.instances) {
    for (std::size_t i = 0; i < one.failures.size(); ++i) {
      for (std::size_t o = 0; o < kFailureOutcomeCount; ++o) {
        all["failures " + one.name + snapshot.causes[i] + std::to_string(o)] = one.failures[i][o];
      }
    }
  }
  for (const DomainSeries& one : snapshot.domain_series) {
    const SeriesKey& key = one.key;
    all["domain " + snapshot.domains[key.domain].name + " " + snapshot.providers[key.provider] +
        " " + snapshot.causes[key.cause] + " " + std::to_string(key.code) + "." +
        std::to_string(key.enhanced.status_class) + "." + std::to_string(key.enhanced.subject) +
        "." + std::to_string(key.enhanced.detail) + " " + std::to_string(key.outcome)] = one.count;
  }
  for (const DomainDeliveries& one : snapshot.domain_deliveries) {
    all["deliveries " + snapshot.domains[one.key.domain].name + " " +
        snapshot.providers[one.key.provider] + " " + std::to_string(one.key.outcome)] = one.count;
  }
  for (std::size_t i = 1; i < snapshot.rules.size(); ++i) {
    all["rule " + snapshot.rules[i]] = snapshot.rule_hits.Of(i);
  }
  for (const ListTotals& one : snapshot.lists) {
    all["rejections " + one.list + std::to_string(one.source)] = one.rejections;
    for (std::size_t o = 0; o < kFailureOutcomeCount; ++o) {
      all["list " + one.list + " " + one.ip + std::to_string(o)] = one.hits[o];
    }
  }
  return all;
}

void ExpectNothingFell(const Snapshot& before, const Snapshot& after) {
  const auto then = Counters(before), now = Counters(after);
  for (const auto& [name, count] : then) {
    ASSERT_TRUE(now.contains(name)) << name;
    ASSERT_GE(now.at(name), count) << name;
  }
}

TEST(Totals, BeginsWithEveryCauseAtZero) {
  Totals totals;
  totals.AddSource("mail");
  totals.AddNames(*TestNames());
  const auto snapshot = totals.Publish();
  EXPECT_EQ(snapshot->generation, 1U);
  EXPECT_EQ(snapshot->causes.size(), kBuiltinCauseCount);
  EXPECT_EQ(snapshot->sources.at(0).name, "mail");
  EXPECT_THAT(snapshot->rules, testing::ElementsAre("")) << "a rule is known from its first hit";
  EXPECT_EQ(snapshot->domains.at(0).name, "other");
}

TEST(Totals, BeginsASourceOfOneFormatWithTheSeriesOfItsMta) {
  for (const bool restored : {false, true}) {
    Totals totals;
    totals.AddSource("mail", Mta::kPostfix);
    totals.AddSource("exim", Mta::kExim);
    totals.AddSource("any");
    if (restored) {
      totals = Totals(*totals.Publish(), {});
      totals.AddSource("mail", Mta::kPostfix);
    }
    const auto snapshot = totals.Publish();
    ASSERT_EQ(snapshot->instances.size(), 2U);
    EXPECT_EQ(snapshot->instances[0].mta, Mta::kPostfix);
    EXPECT_EQ(snapshot->instances[0].name, "postfix");
    EXPECT_EQ(snapshot->instances[1].mta, Mta::kExim);
    EXPECT_EQ(snapshot->instances[1].name, "");
  }
}

TEST(Totals, AddsUpTheTalliesOfAllWorkers) {
  Totals totals;
  for (int worker = 0; worker < 3; ++worker) {
    Tally tally(TestNames());
    const SourceId source = tally.Source(worker == 0 ? "relay" : "mail");
    tally.CountEvent(source, Bounce("example.com"), Because(CauseId::kUserUnknown));
    tally.CountEvent(source, Delivery("example.com"), {});
    tally.CountSkip(source, SkipReason::kEmpty);
    totals.Merge(tally);
  }
  const auto snapshot = totals.Publish();
  EXPECT_EQ(Failures(*snapshot, "user_unknown", Outcome::kBounced), 3U);
  EXPECT_EQ(FailuresOf(*snapshot, "example.com"), 3U);
  ASSERT_EQ(snapshot->sources.size(), 2U);
  EXPECT_EQ(snapshot->sources[0].lines(), 3U);
  EXPECT_EQ(snapshot->sources[1].lines(), 6U);
  EXPECT_EQ(snapshot->delays[0][1].count(), 3U);
}

TEST(Totals, KeepsCountersByNameWhenTheRulesAreNumberedAnew) {
  Totals totals;
  Tally tally(TestNames());
  const SourceId mail = tally.Source("mail");
  tally.CountEvent(mail, Bounce("example.com"), Because(CauseId::kUserUnknown));
  totals.Merge(tally);
  const auto before = totals.Publish();

  RuleNames names = *TestNames();
  names.rules = {"", "brand-new", "no-such-user"};
  names.providers = {"", "newmail", "bigmail"};
  names.causes.push_back("tarpit");
  tally.Clear(std::make_shared<const RuleNames>(names));
  Verdict verdict = Because(CauseId::kUserUnknown);
  verdict.rule = RuleId{2};
  verdict.provider = ProviderId{2};
  tally.CountEvent(mail, Bounce("example.com"), verdict);
  verdict.cause = static_cast<CauseId>(kBuiltinCauseCount);
  verdict.rule = RuleId{1};
  tally.CountEvent(mail, Bounce("example.com"), verdict);
  totals.Merge(tally);

  const auto after = totals.Publish();
  ExpectNothingFell(*before, *after);
  EXPECT_EQ(Failures(*after, "user_unknown", Outcome::kBounced), 2U);
  EXPECT_EQ(Failures(*after, "tarpit", Outcome::kBounced), 1U);
  const auto counters = Counters(*after);
  EXPECT_EQ(counters.at("rule no-such-user"), 2U);
  EXPECT_EQ(counters.at("rule brand-new"), 1U);
  EXPECT_EQ(counters.at("domain example.com bigmail user_unknown 550.5.1.1 1"), 2U);
  EXPECT_EQ(counters.at("deliveries example.com bigmail 2"), 3U);
}

TEST(Totals, KnowsEveryRuleFromTheStartWhereAskedTo) {
  TotalsLimits limits;
  limits.all_rules = true;
  Totals totals(limits);
  totals.AddNames(*TestNames());
  const auto all = totals.Publish();
  EXPECT_THAT(all->rules, testing::ElementsAre("", "no-such-user", "busy"));
  Totals hit_only(*all, {});
  EXPECT_THAT(hit_only.Publish()->rules, testing::ElementsAre(""));
}

TEST(Totals, TellsProvidersOwnListsByTheRulesThatAreLoaded) {
  Totals totals;
  Tally tally(TestNames());
  for (const char* list : {"bigmail_throttle", "spamhaus_zen"}) {
    Verdict verdict = Because(CauseId::kRateLimited);
    verdict.blocklist = list;
    tally.CountEvent(tally.Source("mail"), Bounce("example.com"), verdict);
  }
  totals.Merge(tally);
  auto snapshot = totals.Publish();
  ASSERT_EQ(snapshot->lists.size(), 2U);
  EXPECT_TRUE(snapshot->lists[0].of_provider);
  EXPECT_FALSE(snapshot->lists[1].of_provider);
  totals = Totals(*snapshot, {});
  totals.AddNames(*TestNames());
  EXPECT_TRUE(totals.Publish()->lists[0].of_provider);
}

TEST(Totals, CountsDeliveriesOfADomainFromItsFirstFailureOn) {
  Totals totals;
  const auto hand_over = [&](const DeliveryEvent& event) {
    Tally tally(TestNames());
    tally.CountEvent(tally.Source("mail"), event, Because(CauseId::kGreylisted));
    totals.Merge(tally);
  };
  hand_over(Delivery("example.com"));
  hand_over(Deferral("example.com"));
  hand_over(Delivery("example.com"));
  const auto counters = Counters(*totals.Publish());
  EXPECT_EQ(counters.at("deliveries other bigmail 0"), 1U);
  EXPECT_EQ(counters.at("deliveries example.com bigmail 0"), 1U);
  EXPECT_EQ(counters.at("deliveries example.com bigmail 1"), 1U);
}

TEST(Totals, FoldsProvidersIntoOtherWhereThereIsNoRoom) {
  TotalsLimits limits;
  limits.max_series = 300;
  Totals totals(limits);
  RuleNames names = *TestNames();
  for (int i = 0; i < 100; ++i) names.providers.push_back("mail" + std::to_string(i));
  Tally tally(std::make_shared<const RuleNames>(names));
  for (std::uint16_t i = 1; i <= 100; ++i) {
    Verdict taken;
    taken.provider = ProviderId{i};
    tally.CountEvent(tally.Source("mail"), Delivery("example.com"), taken);
  }
  totals.Merge(tally);
  const auto snapshot = totals.Publish();
  std::uint64_t all = 0;
  std::size_t rows = 0;
  for (const AttemptCounts& one : snapshot->instances.at(0).providers) {
    all += one[0];
    rows += IsZero(one) ? 0 : 1;
  }
  EXPECT_EQ(all, 100U);
  EXPECT_LT(rows, 60U);
  EXPECT_EQ(snapshot->overflow.provider, 100 - rows + 1);
}

TEST(Totals, GoesOnFromWhatWasRestored) {
  const Snapshot restored = FullSnapshot();
  Totals totals(restored, {});
  Snapshot expected = restored;
  ++expected.generation;
  EXPECT_EQ(*totals.Publish(), expected) << "nothing but the generation changed";

  Tally tally(TestNames());
  tally.CountEvent(tally.Source("mail"), Bounce("example.com"), Because(CauseId::kUserUnknown));
  totals.Merge(tally);
  const auto after = totals.Publish();
  ExpectNothingFell(restored, *after);
  EXPECT_EQ(AllDomainFailures(*after), AllDomainFailures(restored) + 1);
}

TEST(Totals, BoundsAllSeriesAndLosesNoFailureUnderRandomCodes) {
  TotalsLimits limits;
  limits.max_series = 2000;
  Totals totals(limits);
  Tally tally(TestNames());
  const SourceId mail = tally.Source("mail");
  std::shared_ptr<const Snapshot> before;
  for (std::uint32_t i = 0; i < 20000; ++i) {
    DeliveryEvent event = Bounce("example.com");
    event.reply.code = static_cast<std::uint16_t>(500 + i % 100);
    event.reply.enhanced.detail = static_cast<std::uint16_t>(i);
    tally.CountEvent(mail, event, Because(CauseId::kPolicyRejected));
    if (i % 1000 != 999) continue;
    totals.Merge(tally);
    const auto names = tally.shared_names();
    tally.Clear(names);
    const auto now = totals.Publish();
    if (before) ExpectNothingFell(*before, *now);
    before = now;
  }
  EXPECT_LE(before->domain_series.size(), limits.max_series_per_domain + 2);
  EXPECT_EQ(AllDomainFailures(*before), 20000U);
  EXPECT_EQ(before->overflow.code, 20000U - limits.max_series_per_domain);
}

TEST(Totals, FoldsInstancesAndBlockListsBeyondTheirLimits) {
  TotalsLimits limits;
  limits.max_instances = 2;
  limits.max_blocklist_pairs = 2;
  Totals totals(limits);
  Tally tally(TestNames());
  for (int i = 0; i < 10; ++i) {
    const std::string name = "mta" + std::to_string(i), ip = "192.0.2." + std::to_string(i);
    DeliveryEvent event = Bounce("example.com");
    event.instance = name;
    Verdict verdict = Because(CauseId::kIpBlocklisted);
    verdict.blocklist = "spamhaus_zen";
    verdict.listed_ip = ip;
    tally.CountEvent(tally.Source("mail"), event, verdict);
  }
  totals.Merge(tally);
  const auto snapshot = totals.Publish();
  EXPECT_EQ(snapshot->instances.size(), 3U);
  EXPECT_EQ(snapshot->overflow.instance, 8U);
  EXPECT_EQ(Failures(*snapshot, "ip_blocklisted", Outcome::kBounced), 10U);
  EXPECT_EQ(snapshot->lists.size(), 3U);
  EXPECT_EQ(snapshot->overflow.blocklist, 8U);
}

TEST(Totals, PublishesWhatNobodyChangesAfterwards) {
  Totals totals;
  Tally tally(TestNames());
  tally.CountEvent(tally.Source("mail"), Bounce("example.com"), Because(CauseId::kUserUnknown));
  totals.Merge(tally);
  const auto first = totals.Publish();
  const Snapshot copy = *first;
  totals.Merge(tally);
  EXPECT_EQ(*first, copy);
  EXPECT_EQ(totals.Publish()->generation, first->generation + 1);
}

}  // namespace
}  // namespace bouncesight
