#include "metrics/state_change.h"

#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/metrics/fixtures.h"

namespace bouncesight {
namespace {

StateRecord Full() {
  return {FullSnapshot(),
          {{"source:mail", "stood here"}, {"source:relay", ""}},
          {{"messages:mail", {"whole", "more"}}}};
}

std::string Between(const StateRecord& before, const StateRecord& after) {
  return EncodeChange({before.snapshot, before.blobs}, {after.snapshot, after.blobs}, {});
}

// `before` becomes `after` by the bytes of their change, whose length this gives.
std::size_t Become(const StateRecord& before, const StateRecord& after) {
  const std::string bytes = Between(before, after);
  StateRecord record = before;
  const Status status = ApplyChange(bytes, record);
  EXPECT_TRUE(status) << status.error().message;
  EXPECT_EQ(record, after);
  return bytes.size();
}

TEST(StateChange, IsNextToNothingWhereNothingChanged) { EXPECT_LT(Become(Full(), Full()), 40U); }

TEST(StateChange, MakesAStateOfNone) {
  StateRecord after = Full();
  after.tables.clear();
  Become({}, after);
}

TEST(StateChange, TellsEachCounterThatMoved) {
  const std::pair<const char*, void (*)(Snapshot&)> moves[] = {
      {"time", [](Snapshot& s) { s.active_seconds += 77, ++s.generation; }},
      {"source", [](Snapshot& s) { s.sources[0].bytes += 1000, ++s.sources[0].skipped[2]; }},
      {"instance", [](Snapshot& s) { ++s.instances[0].deliveries[1]; }},
      {"failure", [](Snapshot& s) { ++s.instances[0].failures.Grown(3)[1]; }},
      {"last cause", [](Snapshot& s) { ++s.instances[0].failures.Grown(s.causes.size() - 1)[0]; }},
      {"refusal", [](Snapshot& s) { s.instances[0].rejections.Grown(2)[0] += 3; }},
      {"provider", [](Snapshot& s) { ++s.instances[0].providers.Grown(1)[0]; }},
      {"series", [](Snapshot& s) { ++s.domain_series[0].count; }},
      {"last series", [](Snapshot& s) { s.domain_series.back().count += 300; }},
      {"deliveries", [](Snapshot& s) { ++s.domain_deliveries.back().count; }},
      {"list", [](Snapshot& s) { ++s.lists[0].hits[1]; }},
      {"delay", [](Snapshot& s) { s.delays[0][1].Observe(12.5); }},
      {"step", [](Snapshot& s) { s.steps[0][2].Observe(1); }},
      {"provider's delay", [](Snapshot& s) { s.provider_delays.Grown(1)[0].Observe(3); }},
      {"rule", [](Snapshot& s) { ++s.rule_hits.Grown(s.rules.size() - 1); }},
      {"overflow", [](Snapshot& s) { ++s.overflow.provider, ++s.overflow.domain; }},
      {"wrap", [](Snapshot& s) { s.unclassified = ~std::uint64_t{0}; }},
      {"back", [](Snapshot& s) { s.unclassified = 0; }},
      {"domain", [](Snapshot& s) { s.domains[1].last_active = s.active_seconds; }},
  };
  for (const auto& [name, move] : moves) {
    SCOPED_TRACE(name);
    StateRecord after = Full();
    move(after.snapshot);
    EXPECT_LT(Become(Full(), after), 64U);
  }
}

TEST(StateChange, TellsWhatCameAndWhatWent) {
  const std::pair<const char*, void (*)(Snapshot&)> moves[] = {
      {"names", [](Snapshot& s) { s.causes.push_back("new"), s.rules.push_back("r.new"); }},
      {"a domain",
       [](Snapshot& s) {
         s.domains.push_back({"new.example", 3});
       }},
      {"a source", [](Snapshot& s) { s.sources.emplace_back().name = "second"; }},
      {"an instance",
       [](Snapshot& s) {
         s.instances.push_back(s.instances[0]);
         s.instances.back().name = "second";
       }},
      {"a series",
       [](Snapshot& s) {
         s.domains.push_back({"new.example", 3});
         s.domain_series.push_back(s.domain_series[0]);
         s.domain_series.back().key.domain = static_cast<std::uint32_t>(s.domains.size() - 1);
       }},
      {"a domain in place of another",
       [](Snapshot& s) {
         s.domains[1].name = "instead.example";
         std::erase_if(s.domain_series, [](const auto& one) { return one.key.domain == 1; });
         std::erase_if(s.domain_deliveries, [](const auto& one) { return one.key.domain == 1; });
       }},
      {"all series gone", [](Snapshot& s) { s.domain_series.clear(); }},
      {"idle rules dropped",
       [](Snapshot& s) {
         s.rules.resize(1);
         s.rule_hits.clear();
       }},
  };
  for (const auto& [name, move] : moves) {
    SCOPED_TRACE(name);
    StateRecord after = Full();
    move(after.snapshot);
    Become(Full(), after);
    Become(after, Full());
  }
}

TEST(StateChange, TellsOfPositionsOnlyTheBytesThatDiffer) {
  const std::string around(5000, 'x');
  for (const auto& [was, is] : std::vector<std::pair<std::string, std::string>>{
           {around + "12" + around, around + "34" + around},
           {around, around + around},
           {"aa", "aaa"},
           {"aaa", "aa"},
           {"", "x"},
           {"x", ""}}) {
    StateRecord before = Full(), after = Full();
    before.blobs[0].bytes = was;
    after.blobs[0].bytes = is;
    Become(before, after);
  }
  StateRecord before = Full(), after = Full();
  before.blobs[0].bytes = around + "12" + around;
  after.blobs[0].bytes = around + "34" + around;
  EXPECT_LT(Become(before, after), 60U);
  after.blobs = {{"source:new", "here"}};
  Become(before, after);
}

TEST(StateChange, CarriesPiecesOfTables) {
  StateRecord record = Full();
  const auto apply = [&](const std::vector<TableChange>& tables,
                         const std::vector<std::string>& gone) {
    const StateView view{record.snapshot, record.blobs};
    ASSERT_TRUE(ApplyChange(EncodeChange(view, view, tables, gone), record));
  };
  apply({{"messages:mail", false, {"again"}}, {"messages:new", true, {"first"}}}, {});
  EXPECT_EQ(record.tables, (std::vector<StateTable>{{"messages:mail", {"whole", "more", "again"}},
                                                    {"messages:new", {"first"}}}));
  apply({{"messages:mail", true, {"anew", "and more"}}}, {"messages:new"});
  EXPECT_EQ(record.tables, (std::vector<StateTable>{{"messages:mail", {"anew", "and more"}}}));
}

// Domains come, are folded, fall idle and give way to others.
TEST(StateChange, GivesTheSameStateAfterAnyTraffic) {
  std::mt19937 random(15);
  TotalsLimits limits;
  limits.domains.max_domains = 20;
  limits.domains.idle_seconds = 50;
  limits.max_series = 2000;
  Totals totals(limits);
  StateRecord record;
  std::shared_ptr<const Snapshot> before = std::make_shared<Snapshot>();
  for (int commit = 0; commit < 400; ++commit) {
    Tally tally(TestNames());
    for (std::uint32_t lines = random() % 30; lines > 0; --lines) {
      const auto domain = static_cast<std::uint32_t>(random() % (commit < 200 ? 15 : 60));
      const std::string name = "d" + std::to_string(domain) + ".example";
      const bool bounced = random() % 2 == 0;
      tally.CountEvent(tally.Source("mail"), bounced ? Bounce(name) : Deferral(name),
                       Because(static_cast<CauseId>(random() % 5)));
    }
    totals.Merge(tally);
    totals.Advance(random() % 20);
    const auto after = totals.Publish();
    ASSERT_TRUE(ApplyChange(EncodeChange({*before, {}}, {*after, {}}, {}), record)) << commit;
    ASSERT_EQ(record.snapshot, *after) << commit;
    before = after;
  }
  EXPECT_TRUE(DecodeState(EncodeState(record.snapshot, {})));
}

TEST(StateChange, RefusesACutChangeAndANewerOne) {
  StateRecord after = Full();
  ++after.snapshot.domain_series[0].count;
  after.snapshot.rules.push_back("r.new");
  after.blobs[0].bytes = "stood there";
  const std::string bytes = Between(Full(), after);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    StateRecord record = Full();
    ASSERT_FALSE(ApplyChange(std::string_view(bytes).substr(0, length), record)) << length;
  }
  StateRecord record = Full();
  EXPECT_FALSE(ApplyChange(bytes + '\0', record));
  const Status status = ApplyChange("\x09" + bytes.substr(1), record);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, testing::HasSubstr("version 9"));
}

// The checksum is the store's; here a changed change must do no harm, whatever it says.
TEST(StateChange, ReadsAnAlteredChangeAsAnErrorOrAsAnotherState) {
  StateRecord after = Full();
  for (DomainSeries& one : after.snapshot.domain_series) ++one.count;
  after.snapshot.domains.push_back({"new.example", 3});
  ++after.snapshot.instances[0].failures.Grown(3)[1];
  after.blobs[0].bytes = "stood there";
  const std::string bytes = Between(Full(), after);
  const std::string whole = EncodeState(Full().snapshot, Full().blobs, ViewsOf(Full().tables));
  std::mt19937 random(21);
  for (int i = 0; i < 20000; ++i) {
    std::string altered = bytes;
    for (std::uint32_t edits = random() % 3 + 1; edits > 0; --edits) {
      altered[random() % altered.size()] = static_cast<char>(random());
    }
    const auto record = DecodeState(whole, {altered});
    if (!record) continue;
    const auto again =
        DecodeState(EncodeState(record->snapshot, record->blobs, ViewsOf(record->tables)));
    ASSERT_TRUE(again);
    ASSERT_EQ(*again, *record);
  }
}

}  // namespace
}  // namespace bouncesight
