#include "daemon/count/committer.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/files/file_source.h"
#include "tests/daemon/count/counting_world.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {
namespace {

using std::chrono::seconds;

const std::string kLog = "/log/mail.log";

// The process dies in the middle of a call.
struct Death {};

// The counting half of the daemon, from its start to its death, over a disk in memory.
class Life {
 public:
  Life(MemoryFs& fs, FakeClock& clock, std::shared_ptr<const RuleSet> rules)
      : clock_(clock), store_(fs, "/state"), worker_(rules, NamesOf(*rules)) {
    StateRecord restored;
    const auto load = store_.Load();
    EXPECT_TRUE(load);
    if (load->record) restored = *DecodeState(*load->record, load->changes);
    restored_ = Counted(restored.snapshot);
    config_.name = "mail";
    config_.paths = {kLog};
    config_.start = FirstSight::kBeginning;
    const Worker::SourceMaker maker = [&](StreamFactory& streams, boost::asio::io_context&) {
      return std::make_unique<FileSource>(config_, fs, clock, streams);
    };
    worker_.AddSource("mail", Format::kAuto, maker, restored);
    TotalsLimits limits;
    limits.all_rules = true;
    Totals totals(restored.snapshot, limits);
    committer_ = std::make_unique<Committer>(store_, std::move(totals), clock, box_);
  }

  void Commit() {
    clock_.Advance(seconds(1));
    while (worker_.TurnOnce()) {
    }
    std::vector<WorkerAnswer> answers(1);
    answers[0].over = worker_.CollectNow(committer_->wants_whole_tables());
    committer_->Commit(std::move(answers));
  }

  Published published() const { return *box_.Get(); }
  std::uint64_t shown() const { return Counted(*box_.Get()->snapshot); }
  std::uint64_t restored() const { return restored_; }
  Committer& committer() { return *committer_; }

 private:
  FakeClock& clock_;
  StateStore store_;
  SourceConfig config_;
  Worker worker_;
  PublishedBox box_;
  std::unique_ptr<Committer> committer_;
  std::uint64_t restored_ = 0;
};

void LosePower(MemoryFs& fs) {
  for (const char* file :
       {"/state/state.0", "/state/state.1", "/state/state.0.log", "/state/state.1.log"}) {
    if (fs.Exists(file)) fs.Find(file)->bytes = fs.Find(file)->synced;
  }
}

class CommitterTest : public testing::Test {
 protected:
  std::unique_ptr<Life> Start() { return std::make_unique<Life>(fs_, clock_, rules_); }
  void Write(int lines) {
    for (int i = 0; i < lines; ++i) fs_.Append(kLog, BouncedLine(++written_));
  }
  std::uint64_t written() const { return static_cast<std::uint64_t>(written_); }

  MemoryFs fs_;
  FakeClock clock_;
  std::shared_ptr<const RuleSet> rules_ = SmallRules();
  int written_ = 0;
};

// Every call that a commit makes on its slot is a place to die: before it, and after it.
TEST_F(CommitterTest, T19ShowsWhatARestartRestoresWhereverItDies) {
  int deaths = 0;
  for (const bool power : {false, true}) {
    for (int fatal = 1;; ++fatal) {
      fs_ = MemoryFs();
      written_ = 0;
      auto life = Start();
      int calls = 0;
      fs_.fault = [&](const std::string& call, const std::string& path) {
        if (path.starts_with("/state/") && call != "read" && ++calls == fatal) throw Death();
        return 0;
      };
      bool died = false;
      std::uint64_t shown = 0;
      try {
        for (int i = 0; i < 4; ++i) {
          Write(3);
          life->Commit();
          EXPECT_EQ(life->shown(), written());
          shown = life->shown();
        }
      } catch (const Death&) {
        died = true;
        EXPECT_EQ(life->shown(), shown) << "shown before it was safe, at call " << fatal;
      }
      fs_.fault = nullptr;
      life.reset();
      if (power) LosePower(fs_);
      Write(2);
      life = Start();
      EXPECT_GE(life->restored(), shown) << "a counter fell, at call " << fatal << power;
      life->Commit();
      EXPECT_EQ(life->shown(), written()) << "at call " << fatal << power;
      if (!died) break;
      ++deaths;
    }
  }
  EXPECT_GE(deaths, 2 * 4 * 2) << "four commits write and sync at least";
}

TEST_F(CommitterTest, T21HoldsItsFiguresWhileTheStateCannotBeWritten) {
  auto life = Start();
  Write(3);
  life->Commit();
  fs_.fault = [](const std::string& call, const std::string&) {
    return call == "write" ? -ENOSPC : 0;
  };
  const auto before = life->published();
  for (int i = 0; i < 5; ++i) {
    Write(2);
    life->Commit();
    EXPECT_EQ(life->shown(), 3u);
  }
  EXPECT_EQ(life->published().failures, 5u);
  EXPECT_EQ(life->published().commits, before.commits);
  EXPECT_EQ(life->published().committed, before.committed) << "the age of the state grows";
  fs_.fault = nullptr;
  life->Commit();
  EXPECT_EQ(life->shown(), 13u) << "without a gap";
  EXPECT_EQ(life->published().committed, clock_.Steady());
}

TEST_F(CommitterTest, WritesNothingWhileNothingIsNewAndStaysYoung) {
  auto life = Start();
  for (int i = 0; i < 2; ++i) {  // each into one of the slots
    Write(1);
    life->Commit();
  }
  int writes = 0;
  fs_.fault = [&](const std::string& call, const std::string&) {
    writes += call == "write" ? 1 : 0;
    return 0;
  };
  const std::uint64_t commits = life->published().commits;
  for (int i = 0; i < 30; ++i) life->Commit();
  EXPECT_EQ(writes, 0);
  EXPECT_EQ(life->published().commits, commits);
  EXPECT_EQ(life->published().committed, clock_.Steady());
  for (int i = 0; i < 60; ++i) life->Commit();
  EXPECT_EQ(writes, 1) << "once a minute";
  Write(1);
  life->Commit();
  EXPECT_EQ(writes, 2);
  EXPECT_EQ(life->shown(), 3u);
}

TEST_F(CommitterTest, WritesWhatChangedAndNowAndThenAllOfIt) {
  auto life = Start();
  for (int i = 0; i < 2; ++i) {  // each into one of the slots
    Write(5);
    life->Commit();
  }
  const std::uint64_t whole = life->published().bytes_written;
  EXPECT_GT(whole, 1000u);
  std::map<std::string, int> writes;
  fs_.fault = [&](const std::string& call, const std::string& path) {
    if (call == "write") ++writes[path];
    return 0;
  };
  for (int i = 0; i < 10; ++i) {
    Write(1);
    life->Commit();
  }
  EXPECT_EQ(writes, (std::map<std::string, int>{{"/state/state.1.log", 10}}));
  EXPECT_EQ(life->published().bytes_written - whole, 10u * kLogPage);
  for (int i = 0; i < 1100; ++i) {  // more than the log may hold
    Write(1);
    life->Commit();
  }
  EXPECT_EQ(writes["/state/state.0"], 2) << "the header of a record, and the record";
  EXPECT_EQ(life->shown(), written());
  life = Start();
  EXPECT_EQ(life->restored(), written());
}

// A page of the log that the disk has spoilt costs the commits from there on, and no more.
TEST_F(CommitterTest, T20CountsAgainFromTheLastWholeRecordOfTheLog) {
  auto life = Start();
  for (int i = 0; i < 5; ++i) {
    Write(2);
    life->Commit();
  }
  fs_.Find("/state/state.1.log")->bytes[2 * kLogPage + 50] ^= 1;
  life = Start();
  EXPECT_EQ(life->restored(), 8u) << "of the record of two commits and two changes";
  life->Commit();
  EXPECT_EQ(life->shown(), written());
}

// What the newest slot held stands in the older one and in its log, too: tables included.
TEST_F(CommitterTest, T20LosesNothingWhenTheCurrentSlotIsDamaged) {
  auto life = Start();
  for (int i = 0; i < 1500; ++i) {  // more than a log may hold
    Write(1);
    life->Commit();
  }
  for (const char* slot : {"/state/state.0", "/state/state.1"}) {
    std::string& bytes = fs_.Find(slot)->bytes;
    const std::string whole = bytes;
    bytes[60] = static_cast<char>(bytes[60] ^ 1);
    life = Start();
    EXPECT_EQ(life->restored(), written()) << slot;
    fs_.Find(slot)->bytes = whole;
  }
  life->Commit();
  EXPECT_EQ(life->shown(), written());
}

TEST_F(CommitterTest, ShowsTheNamesOfNewRulesThoughNoLineCame) {
  auto life = Start();
  Write(1);
  for (int i = 0; i < 3; ++i) life->Commit();
  const auto rules = SmallRules("brand-new");
  life->committer().AddNames(NamesOf(*rules));
  life->Commit();
  const auto published = life->published();
  const auto& shown = published.snapshot->rules;
  EXPECT_TRUE(std::find(shown.begin(), shown.end(), "brand-new") != shown.end());
}

}  // namespace
}  // namespace bouncesight
