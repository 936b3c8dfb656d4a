// Label cardinality attacks (torture matrix T33): random domains must not push real ones out.
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "metrics/totals.h"
#include "tests/metrics/fixtures.h"

namespace bouncesight {
namespace {

// A worker and a committer: hands over every 1,000 failures, as if a second had passed.
class Flow {
 public:
  explicit Flow(TotalsLimits limits = {}) : totals_(std::move(limits)) {}

  void Fail(const std::string& domain) {
    tally_.CountEvent(tally_.Source("mail"), Bounce(domain), Because(CauseId::kUserUnknown));
    if (++pending_ == 1000) Commit();
  }
  void FailRandom() { Fail("r" + std::to_string(random_()) + ".example"); }
  void Commit() {
    totals_.Advance(1);
    totals_.Merge(tally_);
    const auto names = tally_.shared_names();
    tally_.Clear(names);
    pending_ = 0;
  }
  void Wait(std::uint64_t seconds) { totals_.Advance(seconds); }
  Snapshot Now() {
    Commit();
    return *totals_.Publish();
  }
  std::uint64_t Chance() { return random_(); }

 private:
  std::mt19937_64 random_{33};
  Totals totals_;
  Tally tally_{TestNames()};
  int pending_ = 0;
};

std::string RealDomain(std::size_t number) { return "real" + std::to_string(number) + ".example"; }

TEST(DomainFlood, LeavesTheExactCountsOfKnownDomainsAlone) {
  Flow flow;
  std::vector<std::uint64_t> truth(50);
  for (std::size_t i = 0; i < truth.size(); ++i, ++truth[i - 1]) flow.Fail(RealDomain(i));
  for (int i = 0; i < 1000000; ++i) {
    flow.FailRandom();
    const std::size_t real = flow.Chance() % 5000;
    if (real >= truth.size()) continue;
    flow.Fail(RealDomain(real));
    ++truth[real];
  }
  const Snapshot snapshot = flow.Now();
  std::uint64_t all = 1000000;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    EXPECT_EQ(FailuresOf(snapshot, RealDomain(i)), truth[i]);
    all += truth[i];
  }
  EXPECT_LE(snapshot.domains.size(), 1001U);
  EXPECT_EQ(AllDomainFailures(snapshot), all);
  EXPECT_EQ(FailuresOf(snapshot, "other"), snapshot.overflow.domain);
}

TEST(DomainFlood, TakesNoMoreThanHalfOfThePlaces) {
  Flow flow;
  for (int i = 0; i < 300000; ++i) flow.FailRandom();
  EXPECT_EQ(flow.Now().domains.size(), 501U);
}

// A domain that turns up during the flood has paid its price in "other"; from then on it is exact.
TEST(DomainFlood, AdmitsRealDomainsThatTurnUpDuringIt) {
  Flow flow;
  for (int i = 0; i < 100000; ++i) flow.FailRandom();
  std::vector<std::uint64_t> truth(50);
  for (int i = 0; i < 300000; ++i) {
    flow.FailRandom();
    const std::size_t real = flow.Chance() % 1000;
    if (real >= truth.size()) continue;
    flow.Fail(RealDomain(real));
    ++truth[real];
  }
  const Snapshot admitted = flow.Now();
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::uint64_t own = FailuresOf(admitted, RealDomain(i));
    EXPECT_GT(own, 0U) << "admitted";
    EXPECT_LT(truth[i] - own, 40U) << "of " << truth[i] << ": the price is small";
  }
  for (int i = 0; i < 200000; ++i) {
    flow.FailRandom();
    if (i % 10 == 0) flow.Fail(RealDomain(static_cast<std::size_t>(i / 10) % truth.size()));
  }
  const Snapshot later = flow.Now();
  for (std::size_t i = 0; i < truth.size(); ++i) {
    EXPECT_EQ(FailuresOf(later, RealDomain(i)) - FailuresOf(admitted, RealDomain(i)), 400U);
  }
}

TEST(DomainPlaces, GivePinnedDomainsAndGroupsTheirOwnSeriesAtOnce) {
  TotalsLimits limits;
  limits.domains.max_domains = 10;
  limits.domains.pinned = {"Pinned.Example"};
  limits.domains.groups = {{"bigmail", {"big.example", "*.big.example"}}};
  Flow flow(limits);
  for (int i = 0; i < 10000; ++i) flow.FailRandom();
  flow.Fail("pinned.example");
  flow.Fail("big.example");
  flow.Fail("eu.BIG.example");
  flow.Fail("notbig.example");
  flow.Fail("no domain at all");
  const Snapshot snapshot = flow.Now();
  EXPECT_EQ(FailuresOf(snapshot, "pinned.example"), 1U);
  EXPECT_EQ(FailuresOf(snapshot, "bigmail"), 2U);
  EXPECT_EQ(FailuresOf(snapshot, "invalid"), 1U);
  EXPECT_EQ(FailuresOf(snapshot, "notbig.example"), 0U);
}

TEST(DomainPlaces, AreTakenFromIdleDomainsOnlyAndOnlyWhenAllAreTaken) {
  TotalsLimits limits;
  limits.domains.max_domains = 4;
  limits.domains.idle_seconds = 1000;
  Flow flow(limits);
  const auto fail_often = [&](const std::string& domain) {
    for (int i = 0; i < 100; ++i) flow.Fail(domain);
    flow.Commit();
  };
  for (const char* domain : {"a.example", "b.example", "c.example", "d.example"}) {
    fail_often(domain);
  }
  fail_often("e.example");
  EXPECT_EQ(FailuresOf(flow.Now(), "e.example"), 0U) << "no place is free, none is idle";
  flow.Wait(900);
  for (const char* domain : {"a.example", "b.example", "d.example"}) fail_often(domain);
  flow.Wait(200);
  fail_often("e.example");
  const Snapshot snapshot = flow.Now();
  EXPECT_EQ(FailuresOf(snapshot, "e.example"), 100U);
  EXPECT_EQ(FailuresOf(snapshot, "c.example"), 0U) << "its series ended";
  for (const char* domain : {"a.example", "b.example", "d.example"}) {
    EXPECT_EQ(FailuresOf(snapshot, domain), 200U);
  }
}

TEST(DomainAdmission, RaisesThePriceAsPlacesGetFew) {
  const DomainAdmission admission(1000);
  EXPECT_EQ(admission.Price(0), 1U);
  EXPECT_EQ(admission.Price(499), 1U);
  EXPECT_EQ(admission.Price(500), 8U);
  EXPECT_EQ(admission.Price(900), 40U);
  EXPECT_EQ(admission.Price(999), 4000U);
  EXPECT_EQ(admission.Price(1000), 4000U);
}

}  // namespace
}  // namespace bouncesight
