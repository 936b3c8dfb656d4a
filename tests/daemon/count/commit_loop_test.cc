#include "daemon/count/commit_loop.h"

#include <algorithm>
#include <atomic>
#include <future>

#include <gtest/gtest.h>

#include "daemon/files/file_source.h"
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
  ~CommitLoopTest() override {
    for (auto& worker : workers_) worker->Stop();
  }

  CommitLoop LoopOf(
      milliseconds interval, std::function<void()> committed, std::function<void()> alive = [] {}) {
    return CommitLoop(*committer_, workers_, clock_, {interval, milliseconds(1)},
                      {std::move(committed), std::move(alive)});
  }
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
    if (!load || !load->record) return 0;
    const auto record = DecodeState(*load->record, load->changes);
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
  CommitLoop loop = LoopOf(milliseconds(1), [&] {
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
  CommitLoop loop = LoopOf(hours(1), [&] {
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

// A disk, one of whose files stops answering until it is let go.
class HangingFs {
 public:
  HangingFs() {
    fs.fault = [this, waits = free_.get_future().share()](const std::string& call,
                                                          const std::string& path) {
      if (hangs && call == "read" && path == "/log/dead") {
        if (!told_.exchange(true)) stuck_.set_value();
        waits.wait();
      }
      return 0;
    };
  }
  void WaitUntilStuck() { stuck_.get_future().wait(); }
  void LetGo() {
    if (!free_told_.exchange(true)) free_.set_value();
  }

  MemoryFs fs;
  std::atomic<bool> hangs{true};

 private:
  std::promise<void> stuck_, free_;
  std::atomic<bool> told_{false}, free_told_{false};
};

Worker::SourceMaker Following(const std::string& path, FileSystem& fs, const Clock& clock) {
  SourceConfig config;
  config.name = path;
  config.paths = {path};
  config.start = FirstSight::kBeginning;
  return [config, &fs, &clock](StreamFactory& streams, boost::asio::io_context&) {
    return std::make_unique<FileSource>(config, fs, clock, streams);
  };
}

// Two workers, one with a log that cannot be read to its end, one with a log that can.
class HungReadTest : public CommitLoopTest {
 protected:
  HungReadTest() {
    workers_.push_back(std::make_unique<Worker>(rules_, NamesOf(*rules_)));
    disk_.fs.Append("/log/dead", BouncedLine(1));
    live_disk_.Append("/log/alive", BouncedLine(2) + BouncedLine(3));
    workers_[0]->AddSource("dead", Format::kAuto, Following("/log/dead", disk_.fs, clock_), {});
    workers_[1]->AddSource("alive", Format::kAuto, Following("/log/alive", live_disk_, clock_), {});
  }
  ~HungReadTest() override {
    disk_.LetGo();
    workers_.clear();  // before the disks that their sources read
  }

  void Start() {
    for (auto& worker : workers_) worker->Start();
    disk_.WaitUntilStuck();
  }
  std::uint64_t CountedOf(const std::string& name) const {
    const auto published = box_.Get();  // a loop would not hold it
    for (const auto& source : published->snapshot->sources) {
      if (source.name == name) return source.counted;
    }
    return 0;
  }
  std::uint64_t Hung(const std::string& name) const {
    const auto published = box_.Get();
    for (const auto& source : published->sources) {
      if (source.name == name && source.files) return source.files->hung;
    }
    return 0;
  }
  // Moves the clock until it is so.
  template <typename Condition>
  void RunUntil(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + seconds(20);
    while (!condition() && std::chrono::steady_clock::now() < end) {
      clock_.Advance(milliseconds(100));
      std::this_thread::yield();
    }
    EXPECT_TRUE(condition());
  }

  HangingFs disk_;
  MemoryFs live_disk_;
};

TEST_F(HungReadTest, HoldsUpNeitherTheOthersNorReadinessNorTheWatchdog) {
  Start();
  std::atomic<int> pulses{0};
  CommitLoop loop = LoopOf(
      milliseconds(1), [] {}, [&] { ++pulses; });
  loop.Start();
  RunUntil([&] { return CountedOf("alive") == 2 && Hung("dead") == 1 && box_.Get()->caught_up; });
  const int before = pulses;
  RunUntil([&] { return pulses > before + 3; });
  EXPECT_EQ(CountedOf("dead"), 0u);
  EXPECT_EQ(Hung("alive"), 0u);
  disk_.LetGo();
  RunUntil([&] { return CountedOf("dead") == 1 && Hung("dead") == 0; });
  loop.Stop(seconds(5));
  EXPECT_FALSE(loop.has_hung_worker());
}

TEST_F(HungReadTest, T28IsNotWaitedForAtTheEndAndKeepsItsPlaceInTheState) {
  StateRecord restored;
  restored.blobs = {{"source:dead", "where it stood"}};
  restored.tables = {{"messages:dead", {"what it knew", "and more"}}};
  committer_ = std::make_unique<Committer>(store_, Totals(), clock_, box_, restored);
  Start();
  CommitLoop loop = LoopOf(milliseconds(1), [] {});
  loop.Start();
  RunUntil([&] { return CountedOf("alive") == 2; });
  loop.Stop(milliseconds(0));
  EXPECT_TRUE(loop.has_hung_worker());
  StateStore store(fs_, "/state");
  const auto load = store.Load();
  const auto record = DecodeState(*load->record, load->changes);
  ASSERT_TRUE(record);
  const auto place = std::find_if(record->blobs.begin(), record->blobs.end(),
                                  [](const StateBlob& blob) { return blob.key == "source:dead"; });
  ASSERT_NE(place, record->blobs.end());
  EXPECT_EQ(place->bytes, "where it stood");
  const auto table = std::find_if(record->tables.begin(), record->tables.end(),
                                  [](const StateTable& one) { return one.key == "messages:dead"; });
  ASSERT_NE(table, record->tables.end());
  EXPECT_EQ(table->pieces, (std::vector<std::string>{"what it knew", "and more"}));
  disk_.LetGo();
}

TEST(PulseOf, FeedsAWatchdogThreeTimesAnIntervalWhateverTheCommitsDo) {
  EXPECT_EQ(PulseOf(milliseconds(1000), seconds(30)), milliseconds(1000));
  EXPECT_EQ(PulseOf(milliseconds(60'000), seconds(30)), milliseconds(10'000));
  EXPECT_EQ(PulseOf(milliseconds(60'000), seconds(0)), milliseconds(60'000));
  EXPECT_EQ(PulseOf(milliseconds(100), std::chrono::microseconds(1)), milliseconds(1));
}

}  // namespace
}  // namespace bouncesight
