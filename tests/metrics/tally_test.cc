#include "metrics/tally.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/metrics/fixtures.h"

namespace bouncesight {
namespace {

TEST(Tally, CountsTheStepsThatALineTells) {
  Tally tally(TestNames());
  DeliveryEvent event = Delivery("example.com");
  event.step_seconds = {0.1, -1, 0.4, 1};
  tally.CountEvent(tally.Source("mail"), event, {});
  event.outcome = Outcome::kSuspended;  // not final
  tally.CountEvent(tally.Source("mail"), event, {});
  EXPECT_EQ(tally.log().steps[0][0].sum_milliseconds, 100U);
  EXPECT_EQ(tally.log().steps[0][0].buckets[0], 1U) << "0.1 s is within the bound of 0.1 s";
  EXPECT_EQ(tally.log().steps[0][1].count(), 0U) << "unknown";
  EXPECT_EQ(tally.log().steps[0][2].sum_milliseconds, 400U);
  EXPECT_EQ(tally.log().steps[0][3].sum_milliseconds, 1000U);
}

TEST(Tally, CountsADeliveryByOutcomeAndDelay) {
  Tally tally(TestNames());
  tally.CountEvent(tally.Source("mail"), Delivery("example.com"), {});
  const SourceTally& source = tally.sources().at(0);
  EXPECT_EQ(source.counted, 1U);
  ASSERT_EQ(source.instances.size(), 1U);
  EXPECT_EQ(source.instances[0].name, "postfix");
  EXPECT_EQ(source.instances[0].deliveries[0], 1U);
  EXPECT_EQ(tally.log().delays[0][0].count(), 1U);
  EXPECT_EQ(tally.log().delays[0][0].sum_milliseconds, 1500U);
  EXPECT_EQ(tally.series().size(), 0U);
  ASSERT_EQ(tally.domain_deliveries().size(), 1U);
  EXPECT_EQ(tally.domain_deliveries().entries()[0].count, 1U);
}

TEST(Tally, CountsADeliveryByTheProviderThatTookIt) {
  Tally tally(TestNames());
  Verdict taken;
  taken.provider = kTestProvider;
  tally.CountEvent(tally.Source("mail"), Delivery("example.com"), taken);
  const InstanceTally& instance = tally.sources().at(0).instances.at(0);
  EXPECT_EQ(instance.providers.Of(1), (AttemptCounts{1, 0, 0, 0}));
  EXPECT_EQ(tally.log().provider_delays.Of(1)[0].sum_milliseconds, 1500U);
}

TEST(Tally, CountsARefusalOfOursApartFromWhatWeTriedToDeliver) {
  Tally tally(TestNames());
  Verdict verdict = Because(CauseId::kIpBlocklisted);
  verdict.blocklist = "spamhaus_zen";
  verdict.listed_ip = "203.0.113.9";
  DeliveryEvent event = Refusal();
  tally.CountEvent(tally.Source("mail"), event, verdict);
  event.reply.code = 450;
  tally.CountEvent(tally.Source("mail"), event, verdict);
  const InstanceTally& instance = tally.sources().at(0).instances.at(0);
  EXPECT_EQ(instance.deliveries, DeliveryCounts{});
  EXPECT_TRUE(instance.failures.empty());
  EXPECT_TRUE(instance.providers.empty());
  EXPECT_EQ(instance.rejections.Of(static_cast<std::size_t>(CauseId::kIpBlocklisted)),
            (RejectionCounts{1, 1}));
  EXPECT_EQ(tally.series().size() + tally.domain_deliveries().size(), 0U);
  ASSERT_EQ(tally.lists().size(), 1U);
  EXPECT_EQ(tally.lists()[0].ip, "") << "the client's address is not a label";
  EXPECT_EQ(tally.lists()[0].hits, FailureCounts{});
  EXPECT_EQ(tally.lists()[0].rejections, 2U);
  EXPECT_EQ(tally.log().rule_hits.Of(1), 2U);
}

TEST(Tally, CountsAFailureByDomainCodeAndCauseWhateverTheCase) {
  Tally tally(TestNames());
  const SourceId mail = tally.Source("mail");
  tally.CountEvent(mail, Bounce("Example.COM"), Because(CauseId::kUserUnknown));
  tally.CountEvent(mail, Bounce("example.com"), Because(CauseId::kUserUnknown));
  ASSERT_EQ(tally.series().size(), 1U);
  const auto& series = tally.series().entries()[0];
  EXPECT_EQ(series.count, 2U);
  EXPECT_EQ(tally.domains()[series.key.domain], "example.com");
  EXPECT_EQ(series.key.code, 550);
  EXPECT_EQ(series.key.enhanced, (EnhancedCode{5, 1, 1}));
  EXPECT_EQ(tally.log().rule_hits.Of(1), 2U);
}

TEST(Tally, CountsAFoldedLineAsOneLineAndAsManyResults) {
  Tally tally(TestNames());
  DeliveryEvent event = Bounce("example.com");
  event.repeat = 7;
  event.delay_seconds = 2;
  tally.CountEvent(tally.Source("mail"), event, Because(CauseId::kUserUnknown));
  const SourceTally& source = tally.sources().at(0);
  EXPECT_EQ(source.counted, 1U);
  EXPECT_EQ(source.instances.at(0).deliveries[static_cast<std::size_t>(Outcome::kBounced)], 7U);
  EXPECT_EQ(tally.series().entries()[0].count, 7U);
  EXPECT_EQ(tally.log().rule_hits.Of(1), 7U);
  EXPECT_EQ(tally.log().delays[0][1].count(), 7U);
  EXPECT_EQ(tally.log().delays[0][1].sum_milliseconds, 14000U);
}

TEST(Tally, CountsASuspendedRecipientAsADeliveryResultOnly) {
  Tally tally(TestNames());
  DeliveryEvent event = Deferral("example.com");
  event.outcome = Outcome::kSuspended;
  tally.CountEvent(tally.Source("mail"), event, Because(CauseId::kConnectTimeout));
  const InstanceTally& instance = tally.sources().at(0).instances.at(0);
  EXPECT_EQ(instance.deliveries[DeliveryIndex(Outcome::kSuspended)], 1U);
  EXPECT_TRUE(instance.failures.empty());
  EXPECT_TRUE(instance.providers.empty());
  EXPECT_EQ(tally.series().size() + tally.domain_deliveries().size(), 0U);
  EXPECT_EQ(tally.log().rule_hits.Of(1), 0U);
}

TEST(Tally, ObservesADelayAtFinalStatusOnly) {
  Tally tally(TestNames());
  const SourceId mail = tally.Source("mail");
  DeliveryEvent event = Bounce("example.com");
  for (std::size_t i = 0; i < kOutcomeCount; ++i) {
    event.outcome = static_cast<Outcome>(i);
    tally.CountEvent(mail, event, Because(CauseId::kUserUnknown));
  }
  std::uint64_t observed = 0;
  for (const DelayHistogram& one : tally.log().delays[0]) observed += one.count();
  EXPECT_EQ(observed, 3U);
}

TEST(Tally, DoesNotAllocateForAKnownSeries) {
  Tally tally(TestNames());
  const SourceId mail = tally.Source("mail");
  const auto count = [&] {
    for (const char* domain : {"example.com", "example.net"}) {
      tally.CountEvent(mail, Bounce(domain), Because(CauseId::kUserUnknown));
      tally.CountEvent(mail, Delivery(domain), {});
      tally.CountSkip(mail, SkipReason::kForeign);
    }
  };
  count();
  const std::size_t before = Allocations();
  for (int i = 0; i < 1000; ++i) count();
  EXPECT_EQ(Allocations(), before);
  const auto names = tally.shared_names();
  tally.Clear(names);
  count();
  EXPECT_EQ(Allocations(), before) << "a cleared tally keeps its memory";
}

TEST(Tally, FoldsDomainsBeyondItsLimitAndCountsThem) {
  TallyLimits limits;
  limits.max_domains = 10;
  Tally tally(TestNames(), limits);
  const SourceId mail = tally.Source("mail");
  for (int i = 0; i < 1000; ++i) {
    tally.CountEvent(mail, Bounce("d" + std::to_string(i) + ".example"), Because(CauseId::kVirus));
  }
  EXPECT_EQ(tally.domains().size(), 11U);
  EXPECT_EQ(tally.log().overflow.domain, 990U);
  EXPECT_TRUE(tally.nearly_full());
}

TEST(Tally, FoldsCodesBeyondItsLimitAndLosesNoEvent) {
  TallyLimits limits;
  limits.max_series = 10;
  Tally tally(TestNames(), limits);
  const SourceId mail = tally.Source("mail");
  for (std::uint16_t i = 0; i < 1000; ++i) {
    DeliveryEvent event = Bounce("example.com");
    event.reply.enhanced.detail = i;
    tally.CountEvent(mail, event, Because(CauseId::kVirus));
  }
  EXPECT_LE(tally.series().size(), 11U);
  std::uint64_t sum = 0;
  for (const auto& series : tally.series().entries()) sum += series.count;
  EXPECT_EQ(sum, 1000U);
  EXPECT_EQ(tally.log().overflow.code, 990U);
}

TEST(Tally, FoldsInstancesBeyondItsLimit) {
  TallyLimits limits;
  limits.max_instances = 3;
  Tally tally(TestNames(), limits);
  const SourceId mail = tally.Source("mail");
  for (int i = 0; i < 100; ++i) {
    const std::string name = "mta" + std::to_string(i);
    DeliveryEvent event = Delivery("example.com");
    event.instance = name;
    tally.CountEvent(mail, event, {});
  }
  const auto& instances = tally.sources().at(0).instances;
  ASSERT_EQ(instances.size(), 4U);
  EXPECT_EQ(instances[3].name, "other");
  EXPECT_EQ(instances[3].deliveries[0], 97U);
  EXPECT_EQ(tally.log().overflow.instance, 97U);
}

TEST(Tally, FoldsBlockListsBeyondItsLimit) {
  TallyLimits limits;
  limits.max_blocklists = 2;
  Tally tally(TestNames(), limits);
  const SourceId mail = tally.Source("mail");
  for (int i = 0; i < 50; ++i) {
    const std::string list = "list" + std::to_string(i) + ".example";
    Verdict verdict = Because(CauseId::kIpBlocklisted);
    verdict.blocklist = list;
    verdict.listed_ip = "192.0.2.1";
    tally.CountEvent(mail, Bounce("example.com"), verdict);
  }
  ASSERT_EQ(tally.lists().size(), 3U);
  EXPECT_EQ(tally.lists()[2].list, "other");
  EXPECT_EQ(tally.lists()[2].hits[1], 48U);
  EXPECT_EQ(tally.log().overflow.blocklist, 48U);
}

TEST(Tally, ForgetsASourceThatHadNoLine) {
  Tally tally(TestNames());
  tally.CountSkip(tally.Source("busy"), SkipReason::kEmpty);
  tally.Source("silent");
  tally.Clear(TestNames());
  ASSERT_EQ(tally.sources().size(), 1U);
  EXPECT_EQ(tally.sources()[0].name, "busy");
  tally.Clear(TestNames());
  EXPECT_TRUE(tally.sources().empty());
}

TEST(Tally, ClearsToZero) {
  Tally tally(TestNames());
  const SourceId mail = tally.Source("mail");
  tally.CountBytes(mail, 10);
  tally.CountEvent(mail, Bounce("example.com"), Because(CauseId::kUserUnknown));
  tally.Clear(TestNames());
  EXPECT_EQ(tally.sources().at(0).bytes, 0U);
  EXPECT_EQ(tally.sources().at(0).counted, 0U);
  EXPECT_EQ(tally.sources().at(0).instances.at(0).deliveries[2], 0U);
  EXPECT_EQ(tally.series().size(), 0U);
  EXPECT_EQ(tally.domains().size(), 1U);
  EXPECT_EQ(tally.log().rule_hits.Of(1), 0U);
  EXPECT_EQ(tally.log().delays[0][1].count(), 0U);
}

}  // namespace
}  // namespace bouncesight
