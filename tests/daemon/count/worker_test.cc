#include "daemon/count/worker.h"

#include <thread>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include "metrics/totals.h"
#include "tests/daemon/count/counting_world.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

std::uint64_t LinesOf(const HandOver& over) {
  std::uint64_t lines = 0;
  for (const auto& tally : over.tallies) {
    for (const auto& source : tally->sources()) lines += source.counted;
  }
  return lines;
}

std::string BlobOf(const HandOver& over, const std::string& key) {
  for (const auto& blob : over.blobs) {
    if (blob.key == key) return blob.bytes;
  }
  return "none";
}

TEST(Worker, HandsOverPositionsAndCountersOfTheSameMoment) {
  const auto rules = SmallRules();
  Worker worker(rules, NamesOf(*rules));
  TellingSource::Told told;
  worker.AddSource("mail", Format::kAuto, Telling(told), {});
  HandOver over = worker.CollectNow();
  EXPECT_EQ(LinesOf(over), 0u);
  EXPECT_FALSE(over.caught_up);
  told.wanted = 3;
  while (worker.TurnOnce()) {
  }
  over = worker.CollectNow();
  EXPECT_EQ(LinesOf(over), 3u);
  EXPECT_EQ(BlobOf(over, "source:mail"), "3");
  EXPECT_TRUE(over.caught_up);
  ASSERT_THAT(over.live, SizeIs(1));
  EXPECT_EQ(over.live[0].name, "mail");
  EXPECT_EQ(over.live[0].lag_bytes, 7u);
  EXPECT_EQ(LinesOf(worker.CollectNow()), 0u) << "handed over twice";
}

TEST(Worker, TurnsToEachOfItsSources) {
  const auto rules = SmallRules();
  Worker worker(rules, NamesOf(*rules));
  TellingSource::Told busy;
  TellingSource::Told quiet;
  worker.AddSource("busy", Format::kAuto, Telling(busy), {});
  worker.AddSource("quiet", Format::kAuto, Telling(quiet), {});
  busy.wanted = 1000;
  quiet.wanted = 1;
  EXPECT_TRUE(worker.TurnOnce());
  EXPECT_EQ(busy.given, 1);
  EXPECT_EQ(quiet.given, 1);
}

TEST(Worker, TurnsSoonWhenASourceHasNewsOnAnyThread) {
  class Waking final : public Source {
   public:
    explicit Waking(std::atomic<int>& turns) : turns_(turns) {}
    bool Turn() override {
      ++turns_;
      std::thread([this] { wake_(); }).join();
      return false;
    }
    bool caught_up() const override { return true; }
    std::string SaveState() override { return {}; }
    bool RestoreState(std::string_view) override { return true; }
    void OnNews(const std::function<void()>& wake) override { wake_ = wake; }
    void Describe(LiveSource&) override {}

   private:
    std::atomic<int>& turns_;
    std::function<void()> wake_;
  };
  const auto rules = SmallRules();
  Worker worker(rules, NamesOf(*rules));
  std::atomic<int> turns{0};
  worker.AddSource(
      "waking", {},
      [&](StreamFactory&, boost::asio::io_context&) { return std::make_unique<Waking>(turns); },
      {});
  const auto start = std::chrono::steady_clock::now();
  worker.Start();
  while (turns < 100) worker.Collect().get();
  worker.Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(12))
      << "a hundred rests without news take 25 s";
}

// A file that grows faster than it is read never gets two turns before another source has one.
TEST(Worker, LetsAnEndlessSourceStarveNobody) {
  class Endless final : public Source {
   public:
    explicit Endless(StreamFactory& streams) : stream_(streams.NewStream(0)) {
      while (chunk_.size() + 500 < kTurnBytes) chunk_ += BouncedLine(1);
    }
    bool Turn() override {
      stream_->Feed(chunk_);
      return true;
    }
    bool caught_up() const override { return false; }
    std::string SaveState() override { return {}; }
    bool RestoreState(std::string_view) override { return true; }
    void Describe(LiveSource&) override {}

   private:
    std::unique_ptr<LineStream> stream_;
    std::string chunk_;
  };
  const auto rules = SmallRules();
  Worker worker(rules, NamesOf(*rules));
  TellingSource::Told quiet;
  worker.AddSource("busy", Format::kAuto,
                   [](StreamFactory& streams, boost::asio::io_context&) {
                     return std::make_unique<Endless>(streams);
                   },
                   {});
  worker.AddSource("quiet", Format::kAuto, Telling(quiet), {});
  quiet.wanted = 100;
  for (int turn = 0; turn < 100; ++turn) EXPECT_TRUE(worker.TurnOnce());
  const HandOver over = worker.CollectNow();
  for (const auto& source : over.tallies[0]->sources()) {
    if (source.name == "quiet") {
      EXPECT_EQ(source.counted, 100u) << "a line each turn";
    }
  }
  EXPECT_EQ(quiet.given, 100);
}

TEST(Worker, GivesEachSourceItsOwnState) {
  class Restored final : public Source {
   public:
    explicit Restored(std::vector<std::string>& seen) : seen_(seen) {}
    bool Turn() override { return false; }
    bool caught_up() const override { return true; }
    std::string SaveState() override { return {}; }
    bool RestoreState(std::string_view state) override {
      seen_.emplace_back(state);
      return true;
    }
    void Describe(LiveSource&) override {}

   private:
    std::vector<std::string>& seen_;
  };
  const auto rules = SmallRules();
  Worker worker(rules, NamesOf(*rules));
  std::vector<std::string> seen;
  const Worker::SourceMaker maker = [&](StreamFactory&, boost::asio::io_context&) {
    return std::make_unique<Restored>(seen);
  };
  StateRecord restored;
  restored.blobs = {{"source:a", "state of a"}, {"source:ab", "state of ab"}};
  worker.AddSource("ab", Format::kAuto, maker, restored);
  worker.AddSource("new", Format::kAuto, maker, restored);
  EXPECT_THAT(seen, ElementsAre("state of ab"));
}

TEST(Worker, T27NeitherLosesNorDoublesALineWhenRulesAreReplaced) {
  const auto first = SmallRules("first");
  const auto second = SmallRules("second");
  Worker worker(first, NamesOf(*first));
  TellingSource::Told told;
  worker.AddSource("mail", Format::kAuto, Telling(told), {});
  told.wanted = 20'000;
  worker.Start();
  Totals totals;
  HandOver over;
  for (int reload = 0; told.given < told.wanted; ++reload) {
    const auto& rules = reload % 2 == 0 ? second : first;
    worker.SetRules(rules, NamesOf(*rules));
    if (reload % 3 == 0) continue;
    over = worker.Collect().get();
    for (const auto& tally : over.tallies) totals.Merge(*tally);
  }
  over = worker.Collect().get();
  worker.Stop();
  for (const auto& tally : over.tallies) totals.Merge(*tally);
  const auto snapshot = totals.Publish();
  ASSERT_THAT(snapshot->sources, SizeIs(1));
  EXPECT_EQ(snapshot->sources[0].counted, 20'000u);
  std::uint64_t hits = 0;
  for (const std::uint64_t rule : snapshot->rule_hits) hits += rule;
  EXPECT_EQ(hits, 20'000u);
  EXPECT_EQ(BlobOf(over, "source:mail"), "20000");
}

}  // namespace
}  // namespace bouncesight
