#include "metrics/state_codec.h"

#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/metrics/fixtures.h"

namespace bouncesight {
namespace {

const std::vector<StateBlob> kBlobs = {{"source:mail", std::string("\0\xff\n", 3)},
                                       {"source:stdin", ""}};
const std::vector<StateTable> kTables = {{"messages:mail", {"all of it", "", "a change"}},
                                         {"messages:stdin", {}}};

TEST(StateCodec, GivesBackWhatItTook) {
  const Snapshot snapshot = FullSnapshot();
  const Result<StateRecord> back = DecodeState(EncodeState(snapshot, kBlobs, ViewsOf(kTables)));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->snapshot, snapshot);
  EXPECT_EQ(back->blobs, kBlobs);
  EXPECT_EQ(back->tables, kTables);
}

TEST(StateCodec, GivesBackAnEmptyState) {
  Totals totals;
  const auto snapshot = totals.Publish();
  const Result<StateRecord> back = DecodeState(EncodeState(*snapshot, {}));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->snapshot, *snapshot);
}

TEST(StateCodec, KeepsTheGreatestCounters) {
  Snapshot snapshot = FullSnapshot();
  snapshot.generation = ~std::uint64_t{0};
  snapshot.sources[0].bytes = ~std::uint64_t{0};
  snapshot.domain_series[0].count = (std::uint64_t{1} << 53) + 1;
  const Result<StateRecord> back = DecodeState(EncodeState(snapshot, {}));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->snapshot, snapshot);
}

TEST(StateCodec, RefusesARecordThatIsCutAnywhere) {
  const std::string bytes = EncodeState(FullSnapshot(), kBlobs, ViewsOf(kTables));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_FALSE(DecodeState(std::string_view(bytes).substr(0, length))) << length;
  }
  EXPECT_FALSE(DecodeState(bytes + '\0'));
}

// The checksum is the store's; here a changed record must do no harm, whatever it says.
TEST(StateCodec, ReadsAChangedRecordAsAnErrorOrAsAnotherState) {
  const std::string bytes = EncodeState(FullSnapshot(), kBlobs, ViewsOf(kTables));
  std::mt19937 random(20);
  for (int i = 0; i < 20000; ++i) {
    std::string changed = bytes;
    for (std::uint32_t edits = random() % 3 + 1; edits > 0; --edits) {
      changed[random() % changed.size()] = static_cast<char>(random());
    }
    const Result<StateRecord> back = DecodeState(changed);
    if (!back) continue;
    const Result<StateRecord> again =
        DecodeState(EncodeState(back->snapshot, back->blobs, ViewsOf(back->tables)));
    ASSERT_TRUE(again) << again.error().message;
    ASSERT_EQ(*again, *back);
  }
}

TEST(StateCodec, T22SaysWhichVersionItCannotRead) {
  std::string bytes = EncodeState(FullSnapshot(), kBlobs, ViewsOf(kTables));
  bytes[std::string_view("bouncesight state").size()] = 9;
  const Result<StateRecord> back = DecodeState(bytes);
  ASSERT_FALSE(back);
  EXPECT_THAT(back.error().message, testing::HasSubstr("version 9"));
}

TEST(StateCodec, RefusesForeignBytes) {
  for (const std::string bytes : {"", "{}", "bouncesight",
                                  "\x7f"
                                  "ELF and more of it, and more"}) {
    EXPECT_FALSE(DecodeState(bytes));
  }
}

TEST(StateCodec, RefusesTwoSeriesThatDifferInTheRestOfAnAbsentCodeOnly) {
  Snapshot snapshot = FullSnapshot();
  DomainSeries series = snapshot.domain_series[0];
  series.key.enhanced = {};
  snapshot.domain_series = {series};
  ASSERT_TRUE(DecodeState(EncodeState(snapshot, {})));
  series.key.enhanced.subject = 7;
  snapshot.domain_series.push_back(series);
  EXPECT_FALSE(DecodeState(EncodeState(snapshot, {})));
}

TEST(StateCodec, RefusesLabelsThatAScrapeCannotShow) {
  const auto refuses = [](auto&& spoil) {
    Snapshot snapshot = FullSnapshot();
    spoil(snapshot);
    return !DecodeState(EncodeState(snapshot, {}));
  };
  EXPECT_TRUE(refuses([](Snapshot& s) { s.domains[1].name = "a\"b"; }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.domains[0].name = "rest"; }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.domains[2].name = s.domains[1].name; }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.sources[0].name = "\xff"; }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.causes[3] = "a\nb"; }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.rules.push_back(s.rules[0]); }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.domain_series.push_back(s.domain_series[0]); }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.domain_series[0].key.cause = 9999; }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.domain_series[0].key.outcome = 3; }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.domain_series[0].key.source = 77; }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.domain_deliveries.push_back(s.domain_deliveries[0]); }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.domain_deliveries[0].key.outcome = 4; }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.lists.push_back(s.lists[0]); }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.instances[0].source = 77; }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.instances[0].failures.Grown(9999)[0] = 1; }));
  EXPECT_TRUE(refuses([](Snapshot& s) { s.rule_hits.Grown(9999) = 1; }));
}

}  // namespace
}  // namespace bouncesight
