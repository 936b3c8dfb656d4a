// An upgrade keeps every counter and what was last wrong with each message. The golden records were
// written by the program that had version 2 of the record: of each source 5 delivered, 3 + 2
// bounced, 4 deferred, 2 expired, 6 suspended, and 18 refusals of our own (8 by a list with 554, 9
// with 450, 1 without a code).
#include <algorithm>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/state_codec.h"
#include "tests/metrics/fixtures.h"

namespace bouncesight {
namespace {

std::string Golden(const std::string& name) {
  std::ifstream file(std::string(TEST_DATA) + "/" + name);
  std::string bytes;
  for (std::string line; std::getline(file, line);) {
    for (std::size_t i = 0; i + 1 < line.size(); i += 2) {
      bytes += static_cast<char>(std::stoi(line.substr(i, 2), nullptr, 16));
    }
  }
  return bytes;
}

Snapshot Upgraded(const std::string& name) {
  const Result<StateRecord> record = DecodeState(Golden(name));
  EXPECT_TRUE(record) << record.error().message;
  EXPECT_EQ(record->blobs.size(), 1U);
  return record->snapshot;
}

std::size_t Cause(const Snapshot& snapshot, std::string_view name) {
  const auto found = std::find(snapshot.causes.begin(), snapshot.causes.end(), name);
  return static_cast<std::size_t>(found - snapshot.causes.begin());
}

constexpr const char* kOneSource = "state-v2-one-source.hex";
constexpr const char* kTwoSources = "state-v2-two-sources.hex";

TEST(StateOfVersion2, KeepsWhatWasTriedToDeliver) {
  for (const char* name : {kOneSource, kTwoSources}) {
    const Snapshot snapshot = Upgraded(name);
    for (const InstanceTotals& one : snapshot.instances) {
      EXPECT_EQ(one.deliveries, (DeliveryCounts{5, 4, 5, 2, 6}));
      EXPECT_EQ(one.failures.Of(Cause(snapshot, "user_unknown")), (FailureCounts{0, 3, 0}));
      EXPECT_EQ(one.failures.Of(Cause(snapshot, "ip_blocklisted")), (FailureCounts{0, 2, 0}));
      EXPECT_EQ(one.failures.Of(Cause(snapshot, "greylisted")), (FailureCounts{4, 0, 0}));
      EXPECT_EQ(one.failures.Of(Cause(snapshot, "connect_timeout")), (FailureCounts{0, 0, 2}));
    }
    const std::uint64_t sources = snapshot.sources.size();
    EXPECT_EQ(AllDomainFailures(snapshot), 11 * sources);
    EXPECT_EQ(FailuresOf(snapshot, "ours.example"), 0U);
    EXPECT_EQ(snapshot.unclassified, 1 * sources);
    EXPECT_EQ(snapshot.delays[0][0].count(), 5U);
    EXPECT_EQ(snapshot.steps[0][0].count(), 5U);
  }
}

TEST(StateOfVersion2, MovesRefusalsOfOursToTheirFamilies) {
  for (const char* name : {kOneSource, kTwoSources}) {
    const Snapshot snapshot = Upgraded(name);
    for (const InstanceTotals& one : snapshot.instances) {
      EXPECT_EQ(one.rejections.Of(Cause(snapshot, "ip_blocklisted")), (RejectionCounts{0, 8}));
      EXPECT_EQ(one.rejections.Of(Cause(snapshot, "greylisted")), (RejectionCounts{9, 0}));
      EXPECT_EQ(one.rejections.Of(0), (RejectionCounts{0, 1}));
    }
  }
}

TEST(StateOfVersion2, ForgetsTheClientsThatWereListed) {
  const Snapshot snapshot = Upgraded(kTwoSources);
  ASSERT_EQ(snapshot.lists.size(), 2U);
  EXPECT_EQ(snapshot.lists[0].ip, "192.0.2.1");
  EXPECT_EQ(snapshot.lists[0].hits, (FailureCounts{0, 4, 0}));
  EXPECT_EQ(snapshot.lists[1].ip, "");
  EXPECT_EQ(snapshot.lists[1].rejections, 16U);
}

TEST(StateOfVersion2, GivesDomainsAndListsTheSourceWhereThereWasOne) {
  EXPECT_EQ(Upgraded(kOneSource).domain_series[0].key.source, 0);
  EXPECT_EQ(Upgraded(kOneSource).lists[0].source, 0);
  EXPECT_EQ(Upgraded(kTwoSources).domain_series[0].key.source, kNoSource);
  EXPECT_EQ(Upgraded(kTwoSources).lists[0].source, kNoSource);
}

TEST(StateOfVersion2, GoesOnAsARecordOfThisProgram) {
  const Snapshot snapshot = Upgraded(kTwoSources);
  const Result<StateRecord> again = DecodeState(EncodeState(snapshot, {}));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->snapshot, snapshot);
  Totals totals(snapshot, {});
  const auto shown = totals.Publish();
  EXPECT_EQ(AllDomainFailures(*shown), 22U);
  EXPECT_THAT(shown->rules, testing::ElementsAre("", "no-such-user")) << "those that have hit";
  EXPECT_EQ(shown->rule_hits.Of(1), 56U);
}

TEST(StateOfVersion2, IsRefusedWhenCutAnywhere) {
  const std::string bytes = Golden(kOneSource);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_FALSE(DecodeState(std::string_view(bytes).substr(0, length))) << length;
  }
}

// Its tables of steps, 36 of them, stand before five totals and one blob.
TEST(StateOfVersion2, T22WasVersion1WithoutSteps) {
  constexpr std::size_t kEmptyStep = 1 + kDelayBounds.size() + 1 + 1;
  constexpr std::size_t kWideSums = 4;  // over 127 ms: two bytes
  constexpr std::size_t kSteps = 1 + kMtaCount * kDelayStepCount * kEmptyStep + kWideSums;
  constexpr std::size_t kAfter = 5 + 1 + (1 + 27) + (1 + 2);
  std::string old = Golden(kOneSource);
  old[std::string_view("bouncesight state").size()] = 1;
  old.erase(old.size() - kAfter - kSteps, kSteps);
  const Result<StateRecord> back = DecodeState(old);
  ASSERT_TRUE(back) << back.error().message;
  Snapshot expected = Upgraded(kOneSource);
  expected.steps = {};
  EXPECT_EQ(back->snapshot, expected);
}

// Written by the program that had version 3: the full snapshot, and three last reasons in a blob,
// whose messages nobody can find in the join.
TEST(StateOfVersion3, KeepsAllButTheReasonsOfMessagesThatWait) {
  const Result<StateRecord> record = DecodeState(Golden("state-v3.hex"));
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(EncodeState(record->snapshot, {}), EncodeState(FullSnapshot(), {}));
  EXPECT_EQ(record->blobs, (std::vector<StateBlob>{{"source:mail", "where it stood"}}));
  EXPECT_TRUE(record->tables.empty());
}

TEST(StateOfVersion3, IsRefusedWhenCutAnywhere) {
  const std::string bytes = Golden("state-v3.hex");
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_FALSE(DecodeState(std::string_view(bytes).substr(0, length))) << length;
  }
}

}  // namespace
}  // namespace bouncesight
