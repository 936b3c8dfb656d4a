#include "daemon/count/commit_loop.h"

#include <future>

#include <gtest/gtest.h>

#include "tests/daemon/count/counting_world.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A loop over one worker with one source.
class CommitLoopTest : public testing::Test {
 protected:
  CommitLoopTest() {
    workers_.push_back(std::make_unique<Worker>(rules_, NamesOf(*rules_)));
    Totals totals;
    committer_ = std::make_unique<Committer>(store_, std::move(totals), clock_, box_);
  }
  ~CommitLoopTest() override { workers_[0]->Stop(); }

  void Follow(const Worker::SourceMaker& maker) {
    workers_[0]->AddSource("mail", Format::kAuto, maker, {});
    workers_[0]->Start();
  }
  std::uint64_t Shown() const {
    const auto& sources = box_.Get()->snapshot->sources;
    return sources.empty() ? 0 : sources[0].counted;
  }
  std::uint64_t Stored() {
    StateStore store(fs_, "/state");
    const auto load = store.Load();
    if (!load || !load->payload) return 0;
    const auto record = DecodeState(*load->payload);
    return record && !record->snapshot.sources.empty() ? record->snapshot.sources[0].counted : 0;
  }

  MemoryFs fs_;
  FakeClock clock_;
  PublishedBox box_;
  StateStore store_{fs_, "/state"};
  std::shared_ptr<const RuleSet> rules_ = SmallRules();
  CommitLoop::Workers workers_;
  std::unique_ptr<Committer> committer_;
};

TEST_F(CommitLoopTest, CommitsAgainAndAgain) {
  TellingSource::Told told;
  told.wanted = 10;
  Follow(Telling(told));
  std::promise<void> all;
  bool done = false;
  CommitLoop loop(*committer_, workers_, milliseconds(1), [&] {
    if (done || Shown() < 10) return;
    done = true;
    all.set_value();
  });
  loop.Start();
  EXPECT_EQ(all.get_future().wait_for(seconds(20)), std::future_status::ready);
  loop.Stop(seconds(5));
  EXPECT_EQ(Stored(), 10u);
}

TEST_F(CommitLoopTest, T28CommitsALastTimeWhenItIsStopped) {
  TellingSource::Told told;
  told.wanted = 1;
  Follow(Telling(told));
  std::promise<void> first;
  bool done = false;
  CommitLoop loop(*committer_, workers_, hours(1), [&] {
    if (done || !committer_->caught_up()) return;
    done = true;
    first.set_value();
  });
  loop.Start();
  ASSERT_EQ(first.get_future().wait_for(seconds(20)), std::future_status::ready);
  told.wanted = 3;
  while (told.given < 3) std::this_thread::yield();
  loop.Stop(seconds(5));
  EXPECT_EQ(Stored(), 3u) << "an hour has not passed: this is the last commit";
}

// A record without that worker's positions would lose them, so there is none.
TEST_F(CommitLoopTest, T28EndsWithoutAWorkerThatDoesNotAnswer) {
  class Stuck final : public Source {
   public:
    Stuck(std::promise<void>& stuck, std::shared_future<void> free)
        : stuck_(stuck), free_(std::move(free)) {}
    bool Turn() override {
      if (!told_) stuck_.set_value();
      told_ = true;
      free_.wait();
      return false;
    }
    bool caught_up() const override { return false; }
    std::string SaveState() override { return {}; }
    bool RestoreState(std::string_view) override { return true; }
    void Describe(LiveSource&) override {}

   private:
    std::promise<void>& stuck_;
    std::shared_future<void> free_;
    bool told_ = false;
  };
  std::promise<void> stuck;
  std::promise<void> free;
  Follow([&, waits = free.get_future().share()](StreamFactory&, boost::asio::io_context&) {
    return std::make_unique<Stuck>(stuck, waits);
  });
  stuck.get_future().wait();
  int commits = 0;
  CommitLoop loop(*committer_, workers_, milliseconds(1), [&] { ++commits; });
  loop.Start();
  loop.Stop(milliseconds(20));
  EXPECT_EQ(commits, 0);
  EXPECT_EQ(box_.Get()->commits, 0u);
  free.set_value();
}

}  // namespace
}  // namespace bouncesight
