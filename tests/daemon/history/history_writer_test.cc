#include "daemon/history/history_writer.h"

#include <filesystem>

#include <gmock/gmock.h>

#include "daemon/history/history_reader.h"
#include "tests/daemon/history/history_world.h"

namespace bouncesight {
namespace {

std::vector<HistoryRow> RowsOf(const std::string& path, HistoryFilter filter = {}) {
  auto page = HistoryReader(path).Search(filter, 100'000);
  EXPECT_TRUE(page) << (page ? "" : page.error().message);
  return page ? page->rows : std::vector<HistoryRow>();
}

std::uint64_t TotalOf(const std::string& path, std::string_view outcome) {
  std::uint64_t sum = 0;
  EXPECT_TRUE(HistoryReader(path).EachTotal({}, [&](const HistoryTotal& total) {
    if (total.outcome == outcome) sum += total.results;
  }));
  return sum;
}

TEST(HistoryWriter, KeepsWhatFailedAndCountsWhatWasDelivered) {
  const HistoryFolder folder;
  auto writer = OpenWriter(folder.database());
  ASSERT_TRUE(writer->Write(1,
                            BatchOf({{.outcome = Outcome::kDelivered, .repeat = 5},
                                     {.domain = "EXAMPLE.net", .repeat = 2},
                                     {.outcome = Outcome::kSuspended},
                                     {.outcome = Outcome::kRejected, .list = "example_list"}}),
                            kNoon));
  const auto rows = RowsOf(folder.database());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].domain, "example.net");
  EXPECT_EQ(rows[0].cause, "user_unknown");
  EXPECT_EQ(rows[0].code, 550);
  EXPECT_EQ(rows[0].enhanced_code, "5.1.1");
  EXPECT_EQ(rows[0].results, 2U);
  EXPECT_EQ(rows[0].time, kNoon);
  EXPECT_EQ(rows[0].sender_domain, "shop.example");
  EXPECT_EQ(rows[0].reply, "no such user here");
  EXPECT_EQ(TotalOf(folder.database(), "delivered"), 5U);
  EXPECT_EQ(TotalOf(folder.database(), "bounced"), 2U);
  EXPECT_EQ(TotalOf(folder.database(), "suspended"), 1U);
  const auto refused = RowsOf(folder.database(), {.rejections = true});
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].blocklist, "example_list");
  EXPECT_EQ(refused[0].listed_ip, "") << "the client's address is not ours to keep";
}

TEST(HistoryWriter, KeepsRecipientsOnlyAsTheyMayBeShown) {
  struct Case {
    AddressVeil::Mode mode;
    bool noted;
    const char* kept;
  };
  for (const Case& one : {Case{AddressVeil::Mode::kFull, true, "ann@example.net"},
                          Case{AddressVeil::Mode::kFull, false, ""},
                          Case{AddressVeil::Mode::kHashed, true, "@example.net"}}) {
    const HistoryFolder folder;
    auto writer = OpenWriter(folder.database(), {}, one.mode);
    ASSERT_TRUE(writer->Write(
        1, BatchOf({{.reply = "550 5.1.1 <ann@example.net>: no such user"}}, one.noted), kNoon));
    const auto rows = RowsOf(folder.database());
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_THAT(rows[0].recipient, testing::EndsWith(one.kept));
    EXPECT_EQ(rows[0].recipient.empty(), std::string_view(one.kept).empty());
    EXPECT_EQ(rows[0].recipient.starts_with("ann"),
              one.mode == AddressVeil::Mode::kFull && one.noted);
    EXPECT_THAT(rows[0].reply, testing::Not(testing::HasSubstr("ann")));
  }
}

// Each step of a commit at which the process can die, and what the next start must find.
TEST(HistoryWriter, TakesBackWhatTheStateNeverGot) {
  const HistoryFolder folder;
  const std::vector<Happening> some = {
      {.outcome = Outcome::kDelivered}, {}, {.list = "a_list"}, {.outcome = Outcome::kRejected}};
  for (std::uint64_t commit = 1; commit <= 9; ++commit) {
    auto writer = OpenWriter(folder.database());
    // Written, and the state has it not; twice, as when the state could not be written at first.
    ASSERT_TRUE(writer->Write(commit, BatchOf(some), kNoon));
    ASSERT_TRUE(writer->Write(commit, BatchOf(some), kNoon));
    writer = OpenWriter(folder.database());
    const auto note = writer->TakeBackAfter(commit - 1);
    ASSERT_TRUE(note);
    EXPECT_EQ(*note, "");
    EXPECT_EQ(RowsOf(folder.database()).size(), 2 * (commit - 1));
    EXPECT_EQ(TotalOf(folder.database(), "delivered"), commit - 1);
    EXPECT_EQ(TotalOf(folder.database(), "bounced"), 2 * (commit - 1));
    // Its lines are read again, and this time the state gets it.
    ASSERT_TRUE(writer->Write(commit, BatchOf(some), kNoon));
    writer = OpenWriter(folder.database());
    ASSERT_TRUE(writer->TakeBackAfter(commit));
    EXPECT_EQ(RowsOf(folder.database()).size(), 2 * commit);
    EXPECT_EQ(RowsOf(folder.database(), {.rejections = true}).size(), commit);
    EXPECT_EQ(TotalOf(folder.database(), "rejected"), commit);
    const auto lists = HistoryReader(folder.database()).Top(HistoryRank::kLists, {}, 10);
    ASSERT_TRUE(lists);
    ASSERT_EQ(lists->size(), 1U);
    EXPECT_EQ((*lists)[0].failures, commit);
    EXPECT_EQ((*lists)[0].listed_ip, "192.0.2.25");
  }
}

// A block is marked when it is full; until then its rows are found without marks.
TEST(HistoryWriter, FindsTheRowsOfABlockThatIsOpenFullAndOpenAgain) {
  const HistoryFolder folder;
  const auto found = [&](const char* domain) {
    return RowsOf(folder.database(), {.domain = domain}).size();
  };
  auto writer = OpenWriter(folder.database());
  const std::vector<Happening> most(kRowsPerBlock - 10, Happening{.domain = "most.example"});
  const std::vector<Happening> lost(20, Happening{.domain = "lost.example"});
  const std::vector<Happening> more(20, Happening{.domain = "more.example"});
  ASSERT_TRUE(writer->Write(1, BatchOf(most), kNoon));
  EXPECT_EQ(found("most.example"), most.size());
  ASSERT_TRUE(writer->Write(2, BatchOf(lost), kNoon));
  EXPECT_EQ(found("lost.example"), lost.size()) << "on either side of the block's end";
  writer = OpenWriter(folder.database());
  ASSERT_EQ(*writer->TakeBackAfter(1), "");
  EXPECT_EQ(found("lost.example"), 0U);
  ASSERT_TRUE(writer->Write(2, BatchOf(more), kNoon));
  writer = OpenWriter(folder.database());
  ASSERT_TRUE(writer->Write(3, BatchOf(most), kNoon));
  EXPECT_EQ(found("more.example"), more.size());
  EXPECT_EQ(found("most.example"), 2 * most.size());
  EXPECT_EQ(RowsOf(folder.database()).size(), 2 * most.size() + more.size()) << "each once";
}

TEST(HistoryWriter, FindsTheRowsOfABlockThatWasFullWhenItStopped) {
  const HistoryFolder folder;
  const std::vector<Happening> full(kRowsPerBlock, Happening{.domain = "full.example"});
  ASSERT_TRUE(OpenWriter(folder.database())->Write(1, BatchOf(full), kNoon));
  auto writer = OpenWriter(folder.database());
  ASSERT_TRUE(writer->Write(2, BatchOf({Happening{.domain = "next.example"}}), kNoon));
  EXPECT_EQ(RowsOf(folder.database(), {.domain = "full.example"}).size(), full.size());
  EXPECT_EQ(RowsOf(folder.database(), {.domain = "next.example"}).size(), 1U);
}

TEST(HistoryWriter, GoesOnWithItsNumbersWhenOldRowsHaveGone) {
  const HistoryFolder folder;
  auto writer = OpenWriter(folder.database(), {.keep = 86400});
  const std::vector<Happening> old(kRowsPerBlock + 5);
  ASSERT_TRUE(writer->Write(1, BatchOf(old), kNoon));
  ASSERT_TRUE(writer->Write(2, BatchOf({{}}), kNoon));
  const auto later = kNoon + 3 * 86400;
  while (*writer->PruneStep(later)) {
  }
  ASSERT_LE(RowsOf(folder.database()).size(), 1U);
  writer = OpenWriter(folder.database(), {.keep = 86400});
  ASSERT_TRUE(writer->Write(3, BatchOf({{.time = later}}, false, later), later));
  const auto rows = RowsOf(folder.database());
  ASSERT_FALSE(rows.empty());
  EXPECT_GE(rows[0].id, kRowsPerBlock + 5);
}

// Ranks and totals go where they stay a minute late, and are counted all the time.
TEST(HistoryWriter, RanksTheSameWheneverItDies) {
  const HistoryFolder folder;
  auto writer = OpenWriter(folder.database());
  for (std::uint64_t commit = 1; commit <= 200; ++commit) {
    ASSERT_TRUE(writer->Write(commit, BatchOf({{.list = "a_list"}, {}}), kNoon));
    if (commit % 7 == 0 || commit % 60 < 5) {  // it dies before the state has it
      writer = OpenWriter(folder.database());
      ASSERT_EQ(*writer->TakeBackAfter(commit - 1), "");
      ASSERT_TRUE(writer->Write(commit, BatchOf({{.list = "a_list"}, {}}), kNoon));
    }
    if (commit % 10 != 0) continue;
    const auto lists = HistoryReader(folder.database()).Top(HistoryRank::kLists, {}, 10);
    ASSERT_EQ(lists->size(), 1U);
    EXPECT_EQ((*lists)[0].failures, commit);
    const auto domains = HistoryReader(folder.database()).Top(HistoryRank::kDomains, {}, 10);
    ASSERT_EQ(domains->size(), 1U);
    EXPECT_EQ((*domains)[0].failures, 2 * commit);
    EXPECT_EQ(TotalOf(folder.database(), "bounced"), 2 * commit);
  }
}

TEST(HistoryWriter, KeepsItsRowsWhenTheStateIsOfAnEarlierTime) {
  const HistoryFolder folder;
  auto writer = OpenWriter(folder.database());
  for (std::uint64_t commit = 1; commit <= 20; ++commit) {
    ASSERT_TRUE(writer->Write(commit, BatchOf({{}}), kNoon));
  }
  const auto note = writer->TakeBackAfter(3);
  ASSERT_TRUE(note);
  EXPECT_THAT(*note, testing::HasSubstr("the state was lost"));
  EXPECT_EQ(RowsOf(folder.database()).size(), 20U);
  // From there on commits have lower numbers, and can be taken back as ever.
  ASSERT_TRUE(writer->Write(4, BatchOf({{}}), kNoon));
  ASSERT_EQ(*writer->TakeBackAfter(3), "");
  EXPECT_EQ(RowsOf(folder.database()).size(), 20U);
}

TEST(HistoryWriter, RemovesWhatIsOlderThanItKeeps) {
  const HistoryFolder folder;
  auto writer = OpenWriter(folder.database(), {.keep = 86400});
  constexpr std::int64_t kDay = 86400;
  std::vector<Happening> many(kRowsPerBlock, Happening{.domain = "old.example"});
  many.push_back({.time = kNoon + 5 * kDay, .domain = "future.example"});
  ASSERT_TRUE(writer->Write(1, BatchOf(many), kNoon));
  std::vector<Happening> fresh(kRowsPerBlock, Happening{.time = kNoon + 3 * kDay});
  ASSERT_TRUE(writer->Write(2, BatchOf(fresh, false, kNoon + 3 * kDay), kNoon + 3 * kDay));
  while (*writer->PruneStep(kNoon + 3 * kDay)) {
  }
  const auto rows = RowsOf(folder.database());
  for (const HistoryRow& row : rows) EXPECT_NE(row.domain, "old.example");
  EXPECT_EQ(rows.size(), static_cast<std::size_t>(kRowsPerBlock));
  std::uint64_t old = 0;
  ASSERT_TRUE(HistoryReader(folder.database()).EachTotal({0, kNoon + kDay / 2}, [&](const auto&) {
    ++old;
  }));
  EXPECT_EQ(old, 0U);
}

TEST(HistoryWriter, StaysWithinItsSizeAndGoesOn) {
  const HistoryFolder folder;
  constexpr std::uint64_t kMost = 16ULL << 20;
  auto writer = OpenWriter(folder.database(), {.keep = 30 * 86400, .max_size = kMost});
  std::uint64_t commit = 0;
  for (int i = 0; i < 80; ++i) {
    std::vector<Happening> many;
    many.reserve(5000);
    for (int k = 0; k < 5000; ++k) {
      many.push_back({.domain = "d" + std::to_string(k % 100) + ".example",
                      .queue_id = "4AB" + std::to_string(i * 5000 + k)});
    }
    ASSERT_TRUE(writer->Write(++commit, BatchOf(many), kNoon)) << i;
    while (writer->full()) ASSERT_TRUE(writer->PruneStep(kNoon));
    ASSERT_LE(writer->bytes(), kMost);
  }
  writer->Finish();
  writer.reset();
  EXPECT_LE(std::filesystem::file_size(folder.database()), kMost);
  // The newest are there, the oldest are not.
  EXPECT_EQ(RowsOf(folder.database(), {.queue_id = "4AB399999"}).size(), 1U);
  EXPECT_EQ(RowsOf(folder.database(), {.queue_id = "4AB0"}).size(), 0U);
  EXPECT_EQ(TotalOf(folder.database(), "bounced"), 400'000U) << "sums outlive their rows";
}

TEST(HistoryWriter, LeavesATableOfAnotherProgramAlone) {
  const HistoryFolder folder;
  {
    Sqlite db(folder.database(), Sqlite::Mode::kReadWrite);
    db.Run("CREATE TABLE theirs(a); PRAGMA user_version = 77");
    ASSERT_TRUE(db.ok());
  }
  RealFileSystem fs;
  AddressVeil veil(AddressVeil::Mode::kHidden);
  const auto writer = HistoryWriter::Open(fs, folder.database(), {}, veil);
  ASSERT_FALSE(writer);
  EXPECT_THAT(writer.error().message, testing::HasSubstr("another program"));
}

}  // namespace
}  // namespace bouncesight
