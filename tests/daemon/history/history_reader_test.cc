#include "daemon/history/history_reader.h"

#include <gmock/gmock.h>

#include "daemon/history/schema.h"
#include "daemon/history/sqlite.h"
#include "tests/daemon/history/history_world.h"

namespace bouncesight {
namespace {

class HistoryReaderTest : public testing::Test {
 protected:
  void Write(const std::vector<Happening>& happenings) {
    if (!writer_) writer_ = OpenWriter(folder_.database());
    ASSERT_TRUE(writer_->Write(++commit_, BatchOf(happenings), kNoon));
  }

  HistoryFolder folder_;
  std::unique_ptr<HistoryWriter> writer_;
  std::uint64_t commit_ = 0;
  HistoryReader reader_{folder_.database()};
};

TEST_F(HistoryReaderTest, SaysWhatToDoWithoutAHistory) {
  const auto extent = reader_.Extent();
  ASSERT_FALSE(extent);
  EXPECT_THAT(extent.error().message, testing::HasSubstr("bouncesight serve"));
}

TEST_F(HistoryReaderTest, TellsWhenInStepsOfTheReadersDays) {
  constexpr std::int64_t kDay = 86400, kZone = 8 * 3600;
  Write({{.time = kNoon},                                                          // 20:00 there
         {.time = kNoon + 5 * 3600, .outcome = Outcome::kDelivered, .repeat = 3},  // the next day
         {.time = kNoon + 5 * 3600, .outcome = Outcome::kDeferred, .cause = CauseId::kGreylisted}});
  const std::int64_t day = (kNoon + kZone) / kDay * kDay - kZone;
  const auto outcomes = reader_.Timeline({}, kDay, HistoryBy::kOutcome, kZone);
  ASSERT_TRUE(outcomes);
  EXPECT_THAT(*outcomes, testing::ElementsAre(HistoryPoint{day, "bounced", 1},
                                              HistoryPoint{day + kDay, "deferred", 1},
                                              HistoryPoint{day + kDay, "delivered", 3}));
  const auto causes = reader_.Timeline({kNoon + 3600}, 300, HistoryBy::kCause);
  ASSERT_TRUE(causes);
  EXPECT_THAT(*causes, testing::ElementsAre(HistoryPoint{kNoon + 5 * 3600, "greylisted", 1}));
}

TEST_F(HistoryReaderTest, RanksFailuresAndNoRefusals) {
  Write({{.domain = "a.example"},
         {.domain = "b.example", .repeat = 4},
         {.outcome = Outcome::kDelivered, .domain = "b.example", .repeat = 6},
         {.outcome = Outcome::kRejected, .cause = CauseId::kGreylisted, .domain = "us.example"}});
  const auto domains = reader_.Top(HistoryRank::kDomains, {}, 10);
  ASSERT_TRUE(domains);
  ASSERT_EQ(domains->size(), 2U);
  EXPECT_EQ((*domains)[0], (HistoryRanked{"b.example", "", 4, 0, kNoon, kNoon}));
  const auto causes = reader_.Top(HistoryRank::kCauses, {}, 10);
  ASSERT_TRUE(causes);
  ASSERT_EQ(causes->size(), 1U);
  EXPECT_EQ((*causes)[0].failures, 5U);
  const auto providers = reader_.Top(HistoryRank::kProviders, {}, 10);
  ASSERT_TRUE(providers);
  ASSERT_EQ(providers->size(), 1U);
  EXPECT_EQ((*providers)[0].attempts, 11U);
  EXPECT_EQ((*providers)[0].failures, 5U);
  const auto refusals = reader_.TopRejections({}, 10);
  ASSERT_TRUE(refusals);
  ASSERT_EQ(refusals->size(), 1U);
  EXPECT_EQ((*refusals)[0].name, "greylisted");
}

TEST_F(HistoryReaderTest, FindsARowByEachThingThatCanBeAskedFor) {
  std::vector<Happening> many(5000);
  many[1234] = {.time = kNoon - 50,
                .outcome = Outcome::kDeferred,
                .cause = CauseId::kIpBlocklisted,
                .domain = "rare.example",
                .queue_id = "4RARE",
                .reply = "421 4.7.0 listed",
                .list = "rare_list"};
  writer_ = OpenWriter(folder_.database());
  ASSERT_TRUE(writer_->Write(1, BatchOf(many, true), kNoon));
  for (const HistoryFilter& filter :
       {HistoryFilter{.outcome = "deferred"}, HistoryFilter{.cause = "ip_blocklisted"},
        HistoryFilter{.domain = "rare.example"}, HistoryFilter{.enhanced_code = "4.7.0"},
        HistoryFilter{.blocklist = "rare_list"}, HistoryFilter{.listed_ip = "192.0.2.25"},
        HistoryFilter{.queue_id = "4RARE"}, HistoryFilter{.recipient = "ann@rare.example"},
        HistoryFilter{.source = "mail", .code = 421},
        HistoryFilter{.span = {kNoon - 60, kNoon - 40}}}) {
    const auto page = reader_.Search(filter, 10);
    ASSERT_TRUE(page);
    ASSERT_EQ(page->rows.size(), 1U);
    EXPECT_EQ(page->rows[0].queue_id, "4RARE");
    EXPECT_FALSE(page->before);
  }
  for (const HistoryFilter& filter :
       {HistoryFilter{.domain = "nowhere.example"}, HistoryFilter{.queue_id = "4NONE"},
        HistoryFilter{.domain = "rare.example", .code = 550},
        HistoryFilter{.span = {kNoon - 40, kNoon - 30}}}) {
    EXPECT_TRUE(reader_.Search(filter, 10)->rows.empty());
  }
}

TEST_F(HistoryReaderTest, FindsItsBlocksWithoutGoingThroughTheRows) {
  Write({{}});
  Sqlite db(folder_.database(), Sqlite::Mode::kReadOnly);
  for (const bool newest_first : {false, true}) {
    SqliteQuery plan(db, "EXPLAIN QUERY PLAN " + BlocksSql(newest_first));
    std::string steps;
    for (plan.Ask(); plan.Next();) steps += std::string(plan.Text(3)) + "\n";
    EXPECT_THAT(steps, testing::HasSubstr("SEARCH failure_rows"));
    EXPECT_THAT(steps, testing::Not(testing::HasSubstr("SCAN failure_rows")));
    EXPECT_THAT(steps, testing::Not(testing::HasSubstr("SCAN blocks")));
  }
}

TEST_F(HistoryReaderTest, GivesTheNewestFirstPageByPage) {
  for (int i = 0; i < 30; ++i) {
    std::vector<Happening> many(100);
    many[50].queue_id = "4Q" + std::to_string(i);
    many[50].domain = "paged.example";
    Write(many);
  }
  std::vector<std::string> found;
  std::optional<std::int64_t> before;
  do {
    const auto page = reader_.Search({.domain = "paged.example"}, 7, before);
    ASSERT_TRUE(page);
    for (const HistoryRow& row : page->rows) found.push_back(row.queue_id);
    before = page->before;
  } while (before);
  ASSERT_EQ(found.size(), 30U);
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(found[static_cast<std::size_t>(i)], "4Q" + std::to_string(29 - i));
  }
}

}  // namespace
}  // namespace bouncesight
