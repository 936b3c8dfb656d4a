// Every call that `report --history` and `events --history` make of the database fails once, and
// several times in a row, in every way, while a daemon has it open and after it has ended. Either
// nothing of it shows, or the command says so and its exit status tells: a part never passes for
// the whole.

#include <fstream>

#include <gtest/gtest.h>

#include "tests/daemon/batch/command_faults.h"
#include "tests/daemon/history/failing_vfs.h"
#include "tests/daemon/history/history_world.h"
#include "tests/daemon/system/temporary_folder.h"

namespace bouncesight {
namespace {

// What a daemon kept: more rows than a page of the database holds, refusals, and what was sent.
std::vector<Happening> Kept() {
  std::vector<Happening> kept;
  for (int i = 0; i < 120; ++i) {
    kept.push_back({.time = kNoon + i,
                    .domain = "d" + std::to_string(i) + ".example",
                    .queue_id = "4F1A2B" + std::to_string(i)});
  }
  kept.push_back({.outcome = Outcome::kRejected, .cause = CauseId::kUnclassified});
  kept.push_back({.outcome = Outcome::kDelivered, .reply = "250 2.0.0 ok"});
  return kept;
}

struct Case {
  const char* name;
  std::vector<std::string> words;
  bool followed;  // a daemon has the database open, and its last commit in the log beside it
};

class HistoryCommandFaults : public testing::TestWithParam<Case> {
 protected:
  HistoryCommandFaults() {
    writer_ = OpenWriter(folder_ / "history.db");
    EXPECT_TRUE(writer_->Write(1, BatchOf(Kept()), kNoon + 200));
    if (!GetParam().followed) writer_.reset();
    std::ofstream(folder_ / "config.yaml")
        << "state: {path: " << (folder_ / "") << "}\nhistory: {enabled: true}\n";
    words_ = GetParam().words;
    words_.push_back("--config.file=" + (folder_ / "config.yaml"));
  }

  CommandRun Run() const {
    FailingFileCalls none(folder_ / "", 0, 0);
    return RunCommand(words_, "", none);
  }

  TemporaryFolder folder_;
  std::unique_ptr<HistoryWriter> writer_;
  std::vector<std::string> words_;
};

TEST_P(HistoryCommandFaults, AreToldOrDoNotShow) {
  FailingVfs counted(0, 0);
  const CommandRun well = Run();
  ASSERT_EQ(well.code, 0) << well.err;
  ASSERT_NE(well.out.find(GetParam().words[0] == "report" ? "121" : "d119.example"),
            std::string::npos)
      << well.out;
  for (const int times : {1, 2, 5}) {
    ForEachFault(counted.calls(), 7, VfsFaultsOf, [&](std::size_t nth, int way, const auto& site) {
      const FailingVfs vfs(nth, way, times);
      const CommandRun run = Run();
      const bool told = run.code == 1 && run.err.find("bouncesight: error: ") != std::string::npos;
      EXPECT_TRUE(run.code == 0 ? Lasting(run.out) == Lasting(well.out) && run.err == well.err
                                : told)
          << "call " << nth << ", " << site << ", fails with " << way << ", " << times
          << " times: exit " << run.code << "\n"
          << run.err << run.out;
    });
  }
}

INSTANTIATE_TEST_SUITE_P(
    Of, HistoryCommandFaults,
    testing::Values(Case{"Report", {"report", "--history"}, true},
                    Case{"ReportOfOneThatEnded", {"report", "--history"}, false},
                    Case{"ReportSince", {"report", "--history=2026-11-27"}, true},
                    Case{"Events", {"events", "--history", "--format=csv"}, true},
                    Case{"EventsOfOneThatEnded", {"events", "--history"}, false}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace bouncesight
