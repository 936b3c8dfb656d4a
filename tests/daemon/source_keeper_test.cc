#include "daemon/source_keeper.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include <gmock/gmock.h>

#include "daemon/config/config_changes.h"
#include "daemon/count/committer.h"
#include "tests/daemon/count/counting_world.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

SourceConfig SourceOf(const std::string& name, std::vector<std::string> paths = {"/log"}) {
  SourceConfig source;
  source.name = name;
  source.paths = std::move(paths);
  source.start = FirstSight::kBeginning;
  return source;
}

// Workers whose sources only tell what becomes of them.
class SourceKeeperTest : public testing::Test {
 protected:
  SourceKeeperTest() {
    const auto rules = SmallRules();
    for (int i = 0; i < 2; ++i)
      workers_.push_back(std::make_unique<Worker>(rules, NamesOf(*rules)));
  }
  ~SourceKeeperTest() override {
    for (auto& worker : workers_) worker->Stop();
  }

  // Written by the threads of all workers.
  class Log {
   public:
    void Add(std::string what) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(std::move(what));
    }
    std::vector<std::string> Take() {
      const std::lock_guard lock(mutex_);
      return std::exchange(lines_, {});
    }

   private:
    std::mutex mutex_;
    std::vector<std::string> lines_;
  };

  class Telling final : public Source {
   public:
    Telling(Log& log, std::string name) : log_(log), name_(std::move(name)) {
      log_.Add("+" + name_);
    }
    ~Telling() override { log_.Add("-" + name_); }
    bool Turn() override { return false; }
    bool caught_up() const override { return true; }
    std::string SaveState() override { return name_ + "'s"; }
    bool RestoreState(std::string_view state) override {
      log_.Add(name_ + " has " + std::string(state));
      return true;
    }
    void Describe(LiveSource&) override {}

   private:
    Log& log_;
    std::string name_;
  };

  Result<Worker::SourceMaker> MakerFor(const SourceConfig& source) {
    if (source.name == "bad") return Error{"source bad: no"};
    return Worker::SourceMaker([this, name = source.name, held = held_](auto&, auto&) {
      return std::make_unique<Telling>(log_, name);
    });
  }
  std::size_t Reload(const std::vector<SourceConfig>& sources) {
    log_.Take();
    EXPECT_TRUE(keeper_.Prepare(sources));
    return keeper_.Apply();
  }
  // What each worker would write of its sources.
  std::vector<std::string> Names(std::size_t worker) {
    std::vector<std::string> names;
    for (const auto& live : workers_[worker]->Collect().get().live) names.push_back(live.name);
    return names;
  }
  void Start(const std::vector<SourceConfig>& sources, const std::vector<StateBlob>& blobs = {}) {
    StateRecord restored;
    restored.blobs = blobs;
    ASSERT_TRUE(keeper_.Open(sources, restored));
    for (auto& worker : workers_) worker->Start();
  }

  Log log_;
  std::shared_ptr<int> held_;  // by what is made, as sockets are
  CommitLoop::Workers workers_;
  SourceKeeper keeper_{workers_, [this](const SourceConfig& source) { return MakerFor(source); }};
};

TEST_F(SourceKeeperTest, SpreadsSourcesOverTheWorkers) {
  Start({SourceOf("a"), SourceOf("b"), SourceOf("c")}, {{"source:b", "b's"}});
  EXPECT_THAT(log_.Take(), ElementsAre("+a", "+b", "b has b's", "+c"));
  EXPECT_THAT(Names(0), ElementsAre("a", "c"));
  EXPECT_THAT(Names(1), ElementsAre("b"));
}

TEST_F(SourceKeeperTest, LeavesAloneWhatHasNotChanged) {
  Start({SourceOf("a"), SourceOf("b")});
  EXPECT_EQ(Reload({SourceOf("b"), SourceOf("a")}), 0u);
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(SourceKeeperTest, GivesAChangedSourceThePlaceOfTheOneBefore) {
  Start({SourceOf("a"), SourceOf("b")});
  SourceConfig changed = SourceOf("b", {"/other"});
  EXPECT_EQ(Reload({SourceOf("a"), changed}), 1u);
  EXPECT_THAT(log_.Take(), ElementsAre("-b", "+b", "b has b's"));
  changed.lines.coremail = std::make_shared<CoremailWords>();
  EXPECT_EQ(Reload({SourceOf("a"), changed}), 1u);
  SourceConfig same = changed;
  same.lines.coremail = std::make_shared<CoremailWords>();
  EXPECT_EQ(Reload({SourceOf("a"), same}), 0u) << "the same words, read anew";
}

TEST_F(SourceKeeperTest, BeginsASourceOfAnotherTypeAnew) {
  Start({SourceOf("a")});
  SourceConfig journal = SourceOf("a");
  journal.type = SourceType::kJournal;
  Reload({journal});
  EXPECT_THAT(log_.Take(), ElementsAre("-a", "+a"));
}

TEST_F(SourceKeeperTest, AddsAndRemoves) {
  Start({SourceOf("a"), SourceOf("b"), SourceOf("c")});
  Reload({SourceOf("a"), SourceOf("c"), SourceOf("d")});
  EXPECT_THAT(log_.Take(), UnorderedElementsAre("-b", "+d"));
  EXPECT_THAT(Names(0), ElementsAre("a", "c"));
  EXPECT_THAT(Names(1), ElementsAre("d"));
  Reload({});
  EXPECT_THAT(Names(0), IsEmpty());
  EXPECT_THAT(Names(1), IsEmpty());
}

TEST_F(SourceKeeperTest, T27ChangesNothingWhenOneSourceCannotBeMade) {
  Start({SourceOf("a")});
  log_.Take();
  const Status status = keeper_.Prepare({SourceOf("a", {"/other"}), SourceOf("bad")});
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("source bad: no"));
  EXPECT_EQ(keeper_.Apply(), 0u);
  EXPECT_THAT(log_.Take(), IsEmpty());
  EXPECT_EQ(Reload({SourceOf("a")}), 0u);
}

TEST_F(SourceKeeperTest, T27HoldsNothingOfWhatItForgets) {
  Start({SourceOf("a")});
  const auto held = std::make_shared<int>(0);
  held_ = held;
  ASSERT_TRUE(keeper_.Prepare({SourceOf("a"), SourceOf("b")}));
  held_.reset();
  EXPECT_GT(held.use_count(), 1);
  keeper_.Forget();
  EXPECT_EQ(held.use_count(), 1) << "an address is free again";
  EXPECT_EQ(keeper_.Apply(), 0u);
  EXPECT_THAT(Names(0), ElementsAre("a"));
}

TEST(SourceKeeper, GivesEachOfAFewSourcesAWorkerOfItsOwn) {
  EXPECT_EQ(SourceKeeper::WorkersFor(1, 0), 1u);
  EXPECT_EQ(SourceKeeper::WorkersFor(1, 1), 1u);
  EXPECT_EQ(SourceKeeper::WorkersFor(1, 5), 5u);
  EXPECT_EQ(SourceKeeper::WorkersFor(1, 500), SourceKeeper::kMostAlone);
  EXPECT_EQ(SourceKeeper::WorkersFor(16, 5), 16u);
}

// Real files, a writer, two workers' threads and a committer.
class SourceReload : public testing::Test {
 protected:
  SourceReload() {
    char name[] = "/tmp/bouncesight-reload-XXXXXX";
    folder_ = ::mkdtemp(name);
    const auto rules = SmallRules();
    for (int i = 0; i < 2; ++i) {
      workers_.push_back(std::make_unique<Worker>(rules, NamesOf(*rules)));
    }
  }
  ~SourceReload() override {
    for (auto& worker : workers_) worker->Stop();
    std::filesystem::remove_all(folder_);
  }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  void Commit() {
    std::vector<WorkerAnswer> answers;
    for (auto& worker : workers_) answers.push_back({worker->Collect().get(), ""});
    committer_.Commit(std::move(answers));
  }
  // Lines in pieces, into both logs, until told to end.
  void Write() {
    std::mt19937 random(7);
    std::ofstream out[] = {std::ofstream(Path("a.log")), std::ofstream(Path("b.log"))};
    for (int number = 0; !ended_; ++number) {
      const std::string line = BouncedLine(number % 900'000);
      const std::size_t cut = random() % line.size();
      const std::size_t to = random() % 2;
      out[to] << line.substr(0, cut) << std::flush << line.substr(cut) << std::flush;
      ++written_[to == 0 ? "a" : "b"];
    }
  }
  std::map<std::string, std::uint64_t> Counted() const {
    std::map<std::string, std::uint64_t> lines;
    const auto published = box_.Get();  // a loop would not hold it
    for (const auto& source : published->snapshot->sources) {
      if (source.counted > 0) lines[source.name] = source.counted;
    }
    return lines;
  }

  std::filesystem::path folder_;
  RealFileSystem fs_;
  SystemClock clock_;
  SocketPool sockets_;
  MemoryFs state_fs_;
  StateStore store_{state_fs_, "/state"};
  PublishedBox box_;
  CommitLoop::Workers workers_;
  Committer committer_{store_, Totals(), clock_, box_};
  SourceKeeper keeper_{workers_, [this](const SourceConfig& source) -> Result<Worker::SourceMaker> {
                         if (source.name == "bad") return Error{"no"};
                         return MakerOf(source, {fs_, clock_, sockets_});
                       }};
  std::atomic<bool> ended_{false};
  std::map<std::string, std::uint64_t> written_;  // the writer's, until it has ended
};

TEST_F(SourceReload, T27LosesAndDoublesNothingIn200ReloadsHalfOfThemBroken) {
  std::vector<SourceConfig> sources = {SourceOf("a", {Path("a.log")}),
                                       SourceOf("b", {Path("b.log")})};
  ASSERT_TRUE(keeper_.Open(sources, {}));
  for (auto& worker : workers_) worker->Start();
  std::thread writer([this] { Write(); });
  std::mt19937 random(8);
  for (int reload = 0; reload < 200; ++reload) {
    std::vector<SourceConfig> next = sources;
    SourceConfig& one = next[random() % 2];
    one.lines = one.lines.format == Format::kAuto ? FormatOf(Mta::kPostfix) : Format::kAuto;
    if (random() % 2 == 0) one.paths = {one.paths.front(), Path("none")};
    if (random() % 3 == 0) next.push_back(SourceOf("c", {Path("c")}));
    if (reload % 2 == 1) next.push_back(SourceOf("bad"));
    const bool good = keeper_.Prepare(next).has_value();
    EXPECT_EQ(good, reload % 2 == 0);
    keeper_.Apply();
    if (good) sources = {next[0], next[1]};
    if (random() % 3 == 0) Commit();
  }
  ended_ = true;
  writer.join();
  const auto deadline = clock_.Steady() + std::chrono::seconds(20);
  while (Counted() != written_ && clock_.Steady() < deadline) {
    Commit();
    std::this_thread::yield();
  }
  EXPECT_GT(written_["a"], 200u);
  EXPECT_EQ(Counted(), written_);
}

TEST(ConfigChanges, NamesWhatNeedsARestart) {
  Config running;
  Config next = running;
  next.sources.push_back(SourceOf("a"));
  next.rules.files.clear();
  EXPECT_THAT(KeysForRestart(running, next), IsEmpty());
  next.web.listen_addresses = {"127.0.0.1:1"};
  next.state.path = "/elsewhere";
  next.workers = 2;
  EXPECT_THAT(KeysForRestart(running, next),
              ElementsAre("web.listen_address", "state.path", "workers"));
}

}  // namespace
}  // namespace bouncesight
