// Every call of a directory source's life fails once, and several times in a row, in every way:
// files come whole, in parts and packed, change their names and go, and it is killed between.
// Whatever fails, each line is counted once.
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "tests/daemon/files/drop_world.h"
#include "tests/daemon/files/gzip.h"
#include "tests/daemon/system/captured_log.h"
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

// BOUNCESIGHT_FAULT_STEP=1 tries every call in every way; without it, one in 29 of these.
TEST_P(DirectoryFaults, T24CountsEachLineOnceAndGivesNoFileUp) {
  const char* text = std::getenv("BOUNCESIGHT_FAULT_STEP");
  const std::size_t step = text ? std::strtoul(text, nullptr, 10) : 29;
  FaultyDrop well(0, 0, 0);
  std::vector<int> all;
  for (int i = 1; i <= 1201; ++i) all.push_back(i);
  ASSERT_EQ(well.counted(), all);
  std::size_t runs = 0;
  std::set<std::string> sites;
  for (std::size_t nth = 1; nth <= well.calls().size(); ++nth) {
    const std::string& site = well.calls()[nth - 1];
    sites.insert(site);
    const auto& faults = FaultsOf(site.substr(0, site.find(' ')));
    for (std::size_t way = 0; way < faults.size(); ++way) {
      if ((nth + way) % step != 0) continue;
      ++runs;
      FaultyDrop faulty(nth, faults[way], GetParam());
      EXPECT_TRUE(faulty.counted() == all && faulty.abandoned() == 0)
          << "call " << nth << ", " << site << ", fails with " << faults[way] << ": "
          << faulty.counted().size() << " lines, " << faulty.abandoned() << " files given up";
    }
  }
  std::printf("%zu calls of %zu kinds, %zu faults\n", well.calls().size(), sites.size(), runs);
}

INSTANTIATE_TEST_SUITE_P(InARow, DirectoryFaults, testing::Values(1, 2, 5));

}  // namespace
}  // namespace bouncesight
