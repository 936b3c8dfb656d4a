// Every call of a directory source's life fails once, and several times in a row, in every way:
// files come whole, in parts and packed, change their names and go, and it is killed between.
// Whatever fails, each line is counted once.

#include <gtest/gtest.h>

#include "tests/daemon/files/drop_world.h"
#include "tests/daemon/files/gzip.h"
#include "tests/daemon/system/captured_log.h"
#include "tests/daemon/system/fault_walk.h"
#include "tests/daemon/system/nth_fault.h"

namespace bouncesight {
namespace {

// One run of the same program with a fault in it.
class FaultyDrop {
 public:
  FaultyDrop(std::size_t nth, int value, int times) : fault_(nth, value, times) {
    fs_.fault = [this](const std::string& call, const std::string& path) {
      return fault_(call, path);
    };
    Live();
  }

  const std::vector<std::string>& calls() const { return fault_.calls(); }
  std::vector<int> counted() const { return world_.Counted(); }
  std::uint64_t abandoned() {
    LiveSource live;
    world_.source().Describe(live);
    return live.files_abandoned.value_or(0);
  }

 private:
  void Live() {
    fs_.Append("/in/a.log", Numbers(1, 5));
    fs_.Append("/in/b.log.gz", Gzip(Numbers(6, 1000)));
    world_.Start();
    world_.Poll();
    fs_.Append("/in/c.log", "1001\n1002\n10");  // being copied
    world_.Poll();
    fs_.Append("/in/c.log", "03\n1004\n");
    world_.Poll();
    world_.Commit();
    world_.KillAndStart();
    world_.Poll();
    fs_.Rename("/in/b.log.gz", "/in/e.log.gz");
    const std::string whole = Gzip(Numbers(1005, 1200));
    fs_.Append("/in/d.gz", whole.substr(0, 200));
    world_.Poll();
    world_.Commit();
    world_.KillAndStart();
    world_.Poll();
    fs_.Append("/in/d.gz", whole.substr(200));
    fs_.Rename("/in/a.log", "/in/z.log");
    fs_.Append("/in/z.log", "1201\n");
    world_.PollFor(12 * DirectorySource::kPatience);  // each try that fails waits so long
    fs_.Remove("/in/c.log");
    world_.PollFor(std::chrono::seconds(3));
  }

  NthFault fault_;
  MemoryFs fs_;
  DropWorld world_{fs_};
};

class DirectoryFaults : public testing::TestWithParam<int> {};

TEST_P(DirectoryFaults, T24CountsEachLineOnceAndGivesNoFileUp) {
  FaultyDrop well(0, 0, 0);
  std::vector<int> all;
  for (int i = 1; i <= 1201; ++i) all.push_back(i);
  ASSERT_EQ(well.counted(), all);
  ForEachFault(well.calls(), 29, FaultsOf, [&](std::size_t nth, int way, const auto& site) {
    FaultyDrop faulty(nth, way, GetParam());
    EXPECT_TRUE(faulty.counted() == all && faulty.abandoned() == 0)
        << "call " << nth << ", " << site << ", fails with " << way << ": "
        << faulty.counted().size() << " lines, " << faulty.abandoned() << " files given up";
  });
}

INSTANTIATE_TEST_SUITE_P(InARow, DirectoryFaults, testing::Values(1, 2, 5));

}  // namespace
}  // namespace bouncesight
