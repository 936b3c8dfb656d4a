// Every call that a reload which takes up sources makes, and those before and after it, fails once,
// and several times in a row, in every way: on files, and on sockets. Sources are changed, added
// and removed; a reload that fails changes nothing and is asked for again; then the daemon is
// killed. No line is lost or counted twice.
#include <map>

#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include "daemon/count/committer.h"
#include "daemon/source_keeper.h"
#include "tests/daemon/count/counting_world.h"
#include "tests/daemon/syslog/syslog_world.h"
#include "tests/daemon/system/captured_log.h"
#include "tests/daemon/system/failing_calls.h"
#include "tests/daemon/system/fault_walk.h"
#include "tests/daemon/system/memory_fs.h"
#include "tests/daemon/system/nth_fault.h"

namespace bouncesight {
namespace {

constexpr const char* kUdp = "udp://127.0.0.1:0";

using Sources = std::vector<SourceConfig>;

SourceConfig Files(const std::string& name, std::vector<std::string> paths) {
  SourceConfig source;
  source.name = name;
  source.paths = std::move(paths);
  source.start = FirstSight::kBeginning;
  return source;
}

SourceConfig Syslog(const std::string& name, std::vector<std::string> listen) {
  SourceConfig source;
  source.name = name;
  source.type = SourceType::kSyslog;
  source.listen = std::move(listen);
  return source;
}

// From a start to a death.
class Life {
 public:
  Life(FileSystem& fs, MemoryFs& disk, FakeClock& clock, SocketPool& pool)
      : fs_(fs), clock_(clock), pool_(pool), store_(disk, "/state") {
    workers_.push_back(std::make_unique<Worker>(Rules(), NamesOf(*Rules())));
  }

  bool Open(const Sources& sources) {
    auto load = store_.Load();
    StateRecord restored;
    if (load->record) restored = DecodeState(*load->record, load->changes).value();
    const Status opened = keeper_.Open(sources, restored);
    if (!opened) {
      EXPECT_NE(opened.error().message, "");
      return false;
    }
    committer_ =
        std::make_unique<Committer>(store_, Totals(restored.snapshot, {}), clock_, box_, restored);
    return true;
  }
  bool Reload(const Sources& sources) {
    const Status prepared = keeper_.Prepare(sources);
    if (!prepared) {
      EXPECT_NE(prepared.error().message, "");
    }
    keeper_.ApplyNow();
    return prepared.has_value();
  }
  void Turn() {
    while (workers_[0]->TurnOnce()) {
    }
  }
  std::vector<std::string> Followed() {
    std::vector<std::string> names;
    for (const LiveSource& live : Commit()) names.push_back(live.name);
    return names;
  }
  std::vector<LiveSource> Commit() {
    std::vector<WorkerAnswer> answers(1);
    answers[0].over = workers_[0]->CollectNow(committer_->wants_whole_tables());
    std::vector<LiveSource> live = answers[0].over->live;
    committer_->Commit(std::move(answers));
    return live;
  }
  std::map<std::string, std::uint64_t> counted() const {
    std::map<std::string, std::uint64_t> lines;
    const auto published = box_.Get();
    for (const auto& source : published->snapshot->sources) lines[source.name] = source.counted;
    return lines;
  }

 private:
  static const std::shared_ptr<const RuleSet>& Rules() {
    static const auto kRules = SmallRules();
    return kRules;
  }

  FileSystem& fs_;
  FakeClock& clock_;
  SocketPool& pool_;
  StateStore store_;
  PublishedBox box_;
  CommitLoop::Workers workers_;
  SourceKeeper keeper_{workers_, [this](const SourceConfig& source) -> Result<Worker::SourceMaker> {
                         if (source.name == "bad") return Error{"source bad: no"};
                         return MakerOf(source, {fs_, clock_, pool_});
                       }};
  std::unique_ptr<Committer> committer_;
};

class FaultyReload {
 public:
  FaultyReload(NthFault files, FailingCalls sockets)
      : files_(std::move(files)), sockets_(std::move(sockets)) {
    logs_.fault = [this](const std::string& call, const std::string& path) {
      return files_(call, path);
    };
    Live();
    life_.reset();
  }

  const std::vector<std::string>& file_calls() const { return files_.calls(); }
  const std::vector<std::string>& socket_calls() const { return sockets_.calls(); }
  const std::map<std::string, std::uint64_t>& counted() const { return counted_; }
  const std::map<std::string, std::uint64_t>& written() const { return written_; }

 private:
  void Live() {
    const SourceConfig a = Files("a", {"/log/a"}), b = Files("b", {"/log/b"});
    Write("a", "/log/a", 3);
    Write("b", "/log/b", 2);
    Start({a, b, Syslog("s", {kUdp})});
    Send(2);
    Turn();
    Write("a", "/log/a", 2);
    Write("b", "/log/b", 1);
    Turn();
    Write("a", "/log/a", 1);  // and is not read yet
    Send(2);
    SourceConfig more = Files("a", {"/log/a", "/log/c"});
    more.lines = FormatOf(Mta::kPostfix);
    const SourceConfig d = Files("d", {"/log/d"});
    const SourceConfig s = Syslog("s", {kUdp, "tcp://127.0.0.1:0"});
    Write("d", "/log/d", 2);
    Reload({more, d, s});
    Send(1);
    Write("a", "/log/c", 2);
    Write("a", "/log/a", 1);
    Turn();
    Write("d", "/log/d", 1);
    EXPECT_FALSE(life_->Reload({more, Files("d", {"/log/e"}), Files("bad", {"/log/b"})}));
    Turn();
    Reload({a, d, Files("e", {"/log/e"})});
    Write("a", "/log/a", 2);
    Write("d", "/log/d", 1);
    Write("e", "/log/e", 2);
    Turn();
    life_.reset();
    Write("a", "/log/a", 1);
    Start({a, d, Files("e", {"/log/e"})});
    Turn();
    counted_ = life_->counted();
  }

  void Write(const std::string& source, const std::string& log, int lines) {
    for (int i = 0; i < lines; ++i) logs_.Append(log, BouncedLine(++number_));
    written_[source] += static_cast<std::uint64_t>(lines);
  }
  void Send(int lines) {
    // The same socket as the source has.
    const auto sockets = pool_.Open(*ParseListenAddress(kUdp));
    ASSERT_TRUE(sockets);
    const Sender sender = Sender::Udp(sockets->front()->port());
    for (int i = 0; i < lines; ++i) {
      const std::string line = BouncedLine(++number_);
      sender.Send("<22>Nov 21 17:00:00 mx1 " + line.substr(line.find("postfix")));
    }
    written_["s"] += static_cast<std::uint64_t>(lines);
  }

  // As systemd does it, which starts again what has not started.
  void Start(const Sources& sources) {
    for (int tries = 0; tries < 20; ++tries) {
      life_ = std::make_unique<Life>(logs_, state_, clock_, pool_);
      const FailingCalls::Armed armed(sockets_);
      if (life_->Open(sources)) return;
    }
    FAIL() << "it does not start";
  }
  // As an operator does it, who reads why it was refused.
  void Reload(const Sources& sources) {
    for (int tries = 0; tries < 20; ++tries) {
      const auto before = life_->Followed();
      {
        const FailingCalls::Armed armed(sockets_);
        if (life_->Reload(sources)) return;
      }
      EXPECT_EQ(life_->Followed(), before);
    }
    FAIL() << "it does not take up the sources";
  }
  void Turn() {
    for (int i = 0; i < 40; ++i) {
      {
        const FailingCalls::Armed armed(sockets_);
        life_->Turn();
      }
      clock_.Advance(std::chrono::seconds(1));
    }
    life_->Commit();
  }

  CapturedLog log_;
  NthFault files_;
  FailingCalls sockets_;
  MemoryFs logs_, state_;
  FakeClock clock_;
  SocketPool pool_;
  std::unique_ptr<Life> life_;
  int number_ = 0;
  std::map<std::string, std::uint64_t> written_, counted_;
};

class ReloadFaults : public testing::TestWithParam<int> {};

TEST_P(ReloadFaults, T27LoseNoLineOfFiles) {
  const FaultyReload well({0, 0}, {0, 0});
  ASSERT_EQ(well.counted(), well.written());
  ForEachFault(well.file_calls(), 73, FaultsOf, [&](std::size_t nth, int way, const auto& site) {
    const FaultyReload faulty({nth, way, GetParam()}, {0, 0});
    EXPECT_EQ(faulty.counted(), faulty.written())
        << "call " << nth << ", " << site << ", fails with " << way;
  });
}

TEST_P(ReloadFaults, T27LoseNoLineOfSockets) {
  const FaultyReload well({0, 0}, {0, 0});
  ForEachFault(well.socket_calls(), 17, CallFaultsOf,
               [&](std::size_t nth, int way, const auto& site) {
                 const FaultyReload faulty({0, 0}, {nth, way, GetParam()});
                 EXPECT_EQ(faulty.counted(), faulty.written())
                     << "call " << nth << ", " << site << ", fails with " << way;
               });
}

INSTANTIATE_TEST_SUITE_P(InARow, ReloadFaults, testing::Values(1, 2, 5));

}  // namespace
}  // namespace bouncesight
