// Every call that a journal source makes of libsystemd fails once, and several times in a row, in
// every way: it starts at the end, entries come, files rotate, it is killed and goes on. No entry
// is lost or counted twice, and none counts that was there before.
#include <gtest/gtest.h>

#include "tests/daemon/journal/failing_journal.h"
#include "tests/daemon/journal/journal_world.h"
#include "tests/daemon/system/fault_walk.h"

namespace bouncesight {
namespace {

// The files of one program of events, written once and copied for each run: to write them takes a
// program of systemd's.
class Stage {
 public:
  explicit Stage(JournalWorld& world) : world_(world) {
    world_.Write({PostfixEntry("old 1"), PostfixEntry("old 2")});
    Keep("start");
    world_.Write({PostfixEntry("one"), PostfixEntry("two")});
    Keep("grown");
    world_.Rename("system.journal", "system@0.journal");
    world_.Write({PostfixEntry("three"), PostfixEntry("four")});
    Keep("rotated");
    world_.Write({PostfixEntry("five")});
    Keep("grown again");
  }

  // The journal as it was then. Files grow in their place, as journald writes them.
  void Show(const std::string& name) const {
    for (const auto& item : std::filesystem::directory_iterator(Kept(name))) {
      const std::filesystem::path live =
          std::filesystem::path(world_.config.directory) / item.path().filename();
      std::ifstream from(item.path(), std::ios::binary);
      if (!std::filesystem::exists(live)) std::ofstream(live).close();
      std::fstream(live, std::ios::binary | std::ios::in | std::ios::out) << from.rdbuf();
    }
  }

 private:
  void Keep(const std::string& name) const {
    std::filesystem::copy(world_.config.directory, Kept(name));
  }
  std::string Kept(const std::string& name) const { return world_.config.directory + "." + name; }

  JournalWorld& world_;
};

class JournalFaults : public testing::TestWithParam<int> {};

// The texts that are counted, while `calls` fail as they are told to.
std::vector<std::string> Live(JournalWorld& world, const Stage& stage, FailingJournal& calls) {
  world.Forget();
  world.lines.clear();
  const auto poll = [&] {
    for (int i = 0; i < 12; ++i) {  // it waits some seconds after each of five faults
      const FailingJournal::Armed armed(calls);
      world.Poll();
      world.clock.Advance(std::chrono::seconds(5));
    }
  };
  stage.Show("start");
  world.Start();
  poll();
  stage.Show("grown");
  poll();
  world.Commit();
  world.KillAndStart();
  world.Rename("system.journal", "system@0.journal");
  stage.Show("rotated");
  poll();
  stage.Show("grown again");
  poll();
  std::vector<std::string> messages = world.Messages();
  world.Forget();
  return messages;
}

TEST_P(JournalFaults, T24LoseNoEntry) {
  if (!std::filesystem::exists(JournalWorld::Writer())) {
    GTEST_SKIP() << "systemd-journal-remote is not installed";
  }
  JournalWorld world;
  world.config.start = FirstSight::kEnd;
  const Stage stage(world);
  const std::vector<std::string> all = {"one", "two", "three", "four", "five"};
  FailingJournal counted(0, 0);
  ASSERT_EQ(Live(world, stage, counted), all);
  ForEachFault(counted.calls(), 23, JournalFaultsOf,
               [&](std::size_t nth, int way, const auto& site) {
                 FailingJournal calls(nth, way, GetParam());
                 EXPECT_EQ(Live(world, stage, calls), all)
                     << "call " << nth << ", " << site << ", fails with " << way;
               });
}

INSTANTIATE_TEST_SUITE_P(InARow, JournalFaults, testing::Values(1, 2, 5));

}  // namespace
}  // namespace bouncesight
