// Every call of a life of the daemon's counting half fails once, in every way: its log is written,
// rotated, cut and compressed, its state is written, folded and read again, and it is killed
// between. Whatever fails, no line is lost or counted twice, no figure falls, and a restart
// restores at least what was shown.
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "daemon/count/committer.h"
#include "daemon/files/file_source.h"
#include "tests/daemon/count/counting_world.h"
#include "tests/daemon/files/gzip.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/daemon/system/fault_walk.h"
#include "tests/daemon/system/memory_fs.h"
#include "tests/daemon/system/nth_fault.h"

namespace bouncesight {
namespace {

using std::chrono::seconds;

const std::string kLog = "/log/mail.log";

// From a start to a death.
class Life {
 public:
  // None: the state could not be read, and the daemon has not started.
  static std::unique_ptr<Life> Begin(MemoryFs& fs, FakeClock& clock) {
    std::unique_ptr<Life> life(new Life(fs, clock));
    const auto load = life->store_.Load();
    if (!load) return nullptr;
    StateRecord restored;
    if (load->record) restored = DecodeState(*load->record, load->changes).value();
    life->Follow(restored);
    return life;
  }

  void Commit() {
    clock_.Advance(seconds(1));
    while (worker_.TurnOnce()) {
    }
    std::vector<WorkerAnswer> answers(1);
    answers[0].over = worker_.CollectNow(committer_->wants_whole_tables());
    const LiveSource& live = answers[0].over->live.at(0);
    tells_loss_ = live.lost_bytes.value_or(0) + live.gaps.value_or(0) > 0;
    committer_->Commit(std::move(answers));
  }
  std::uint64_t shown() const { return Counted(*box_.Get()->snapshot); }
  bool tells_loss() const { return tells_loss_; }

 private:
  Life(MemoryFs& fs, FakeClock& clock)
      : fs_(fs), clock_(clock), store_(fs, "/state"), worker_(Rules(), NamesOf(*Rules())) {}

  static const std::shared_ptr<const RuleSet>& Rules() {
    static const auto kRules = SmallRules();
    return kRules;
  }

  void Follow(const StateRecord& restored) {
    config_.name = "mail";
    config_.paths = {kLog};
    config_.start = FirstSight::kBeginning;
    const Worker::SourceMaker maker = [this](StreamFactory& streams, boost::asio::io_context&) {
      return std::make_unique<FileSource>(config_, fs_, clock_, streams);
    };
    worker_.AddSource("mail", Format::kAuto, maker, restored);
    committer_ =
        std::make_unique<Committer>(store_, Totals(restored.snapshot, {}), clock_, box_, restored);
  }

  MemoryFs& fs_;
  FakeClock& clock_;
  StateStore store_;
  SourceConfig config_;
  Worker worker_;
  PublishedBox box_;
  std::unique_ptr<Committer> committer_;
  bool tells_loss_ = false;
};

// One run of the same program with a fault in it. `broken` says what did not hold.
class FaultyRun {
 public:
  // `may_lose`: what is lost must be told.
  FaultyRun(std::size_t nth, int value, int times, bool may_lose = false)
      : fault_(nth, value, times), may_lose_(may_lose) {
    fs_.fault = [this](const std::string& call, const std::string& path) {
      return fault_(call, path);
    };
    Live();
  }

  const std::vector<std::string>& calls() const { return fault_.calls(); }
  const std::string& broken() const { return broken_; }
  std::size_t packed_at() const { return packed_at_; }  // calls before it is packed unread

 private:
  void Live() {
    Write(3);
    Start();
    Commit(3);
    WritePart();
    Commit(1);
    WriteRest();
    Rotate();
    Commit(2);
    WriteLate();
    Commit(1);
    Restart();
    Commit(2);
    CutAfterCopy();
    Write(2);
    Commit(2);
    life_.reset();  // killed, and while it is down
    Write(2);
    Rotate();
    Write(3);
    Start();
    Commit(1);
    Pack();
    Commit(1);
    Restart();
    CatchUp();
    life_.reset();  // and what it has not read is packed
    Write(2);
    Rotate();
    PackUnread();
    Write(1);
    Start();
    CatchUp();
    Commit(3);
    if (shown_ != written_ && !(may_lose_ && life_ && life_->tells_loss())) {
      Break("counted, not written");
    }
  }

  void Write(int lines) {
    for (int i = 0; i < lines; ++i) fs_.Append(kLog, BouncedLine(++number_));
    written_ += static_cast<std::uint64_t>(lines);
  }
  void WritePart() {
    const std::string line = BouncedLine(++number_);
    fs_.Append(kLog, line.substr(0, 70));
    rest_ = line.substr(70);
    ++written_;
  }
  void WriteRest() { fs_.Append(kLog, rest_); }
  void Rotate() {
    for (int i = 3; i > 0; --i) {
      const std::string from = kLog + "." + std::to_string(i);
      if (fs_.Exists(from)) fs_.Rename(from, kLog + "." + std::to_string(i + 1));
    }
    fs_.Rename(kLog, kLog + ".1");
    fs_.Create(kLog);
  }
  // By a writer that was not told yet.
  void WriteLate() {
    fs_.AppendTo(fs_.Find(kLog + ".1"), BouncedLine(++number_));
    ++written_;
  }
  void CutAfterCopy() {
    CatchUp();
    fs_.Copy(kLog, kLog + ".copy");
    fs_.Truncate(kLog);
    Commit(60);  // it sees the cut, whatever fails
  }
  void Pack() {
    CatchUp();
    PackFile(kLog + ".2");
  }
  void PackUnread() {
    packed_at_ = calls().size();
    PackFile(kLog + ".1");
  }
  void PackFile(const std::string& from) {
    fs_.Create(from + ".gz")->bytes = Gzip(fs_.Find(from)->bytes);
    fs_.Remove(from);
  }

  // As systemd does it, which starts again what has not started.
  void Start() {
    for (int tries = 0; !life_ && tries < 30; ++tries) life_ = Life::Begin(fs_, clock_);
    if (!life_) return Break("it does not start");
    if (life_->shown() < shown_) Break("restored less than was shown");
    shown_ = life_->shown();
  }
  void Restart() {
    life_.reset();
    Start();
  }
  // Whatever failed: a retry comes within half a minute.
  void CatchUp() {
    for (int i = 0; i < 90 && shown_ != written_; ++i) Commit(1);
    Commit(1);
  }
  void Commit(int times) {
    for (int i = 0; life_ && i < times; ++i) {
      life_->Commit();
      if (life_->shown() < shown_) Break("a figure fell");
      if (life_->shown() > written_) Break("more was counted than was written");
      shown_ = life_->shown();
    }
  }
  void Break(const std::string& what) {
    if (!broken_.empty()) return;
    broken_ = what + ": " + std::to_string(shown_) + " shown of " + std::to_string(written_);
  }

  NthFault fault_;
  bool may_lose_;
  std::size_t packed_at_ = 0;
  MemoryFs fs_;
  FakeClock clock_;
  std::unique_ptr<Life> life_;
  std::uint64_t written_ = 0, shown_ = 0;
  int number_ = 0;
  std::string rest_, broken_;
};

// How often one after the other.
class FaultSweep : public testing::TestWithParam<int> {};

TEST_P(FaultSweep, T24LosesAndDoublesNoLineAndTakesBackNoFigure) {
  const FaultyRun well(0, 0, 0);
  ASSERT_EQ(well.broken(), "");
  ForEachFault(well.calls(), 29, FaultsOf, [&](std::size_t nth, int way, const auto& site) {
    // A rotated file that we may not read is none that we have read: it is not waited for.
    const bool may_lose = way == -EACCES && nth + 5 > well.packed_at();
    EXPECT_EQ(FaultyRun(nth, way, GetParam(), may_lose).broken(), "")
        << "call " << nth << ", " << site << ", fails with " << way;
  });
}

INSTANTIATE_TEST_SUITE_P(InARow, FaultSweep, testing::Values(1, 2, 5));

}  // namespace
}  // namespace bouncesight
