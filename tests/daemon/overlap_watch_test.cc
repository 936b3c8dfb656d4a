#include "daemon/overlap_watch.h"

#include <atomic>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "tests/daemon/system/captured_log.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/daemon/system/no_threads.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;
using testing::Not;

// The real one, of which each stat hangs until it is let go.
class HungFs final : public RealFileSystem {
 public:
  int Stat(const std::string& path, FileInfo& info) override {
    ++stats;
    go_.wait();
    return RealFileSystem::Stat(path, info);
  }
  void LetGo() { gate_.set_value(); }

  std::atomic<int> stats{0};

 private:
  std::promise<void> gate_;
  std::shared_future<void> go_ = gate_.get_future().share();
};

std::vector<SourceConfig> TwoOf(const std::string& path) {
  std::vector<SourceConfig> sources(2);
  sources[0].name = "one";
  sources[1].name = "two";
  for (SourceConfig& source : sources) source.paths = {path};
  return sources;
}

TEST(OverlapWatch, HoldsUpNobodyWhileALookHangs) {
  const CapturedLog log;
  FakeClock clock;
  const auto fs = std::make_shared<HungFs>();
  OverlapWatch watch(fs, clock);
  watch.Watch(TwoOf("/proc/self/status"));
  watch.Watch(TwoOf("/proc/self/status"));  // a reload
  clock.Advance(OverlapWatch::kPatience);
  watch.Tick();
  EXPECT_TRUE(watch.busy());
  EXPECT_LE(fs->stats, 1) << "one look at a time, however often the configuration is read again";
  fs->LetGo();
  watch.Wait();
  EXPECT_THAT(log.text(), HasSubstr("sources one and two both follow /proc/self/status"));
}

TEST(OverlapWatch, LooksLaterWhereTheSystemGivesNoThreadNow) {
  const CapturedLog log;
  FakeClock clock;
  OverlapWatch watch(std::make_shared<RealFileSystem>(), clock);
  {
    const NoThreads none;
    watch.Watch(TwoOf("/proc/self/status"));
    EXPECT_EQ(none.refused(), 1);
  }
  EXPECT_EQ(log.text(), "");
  watch.Tick();
  watch.Wait();
  EXPECT_THAT(log.text(), HasSubstr("sources one and two both follow /proc/self/status"));
}

TEST(OverlapWatch, MayEndWhileALookHangs) {
  const auto fs = std::make_shared<HungFs>();
  FakeClock clock;
  { OverlapWatch(fs, clock).Watch(TwoOf("/nowhere")); }
  fs->LetGo();
}

TEST(OverlapWatch, LooksForFilesThatAreAlikeAMinuteLater) {
  const CapturedLog log;
  FakeClock clock;
  OverlapWatch watch(std::make_shared<RealFileSystem>(), clock);
  const std::string folder = testing::TempDir() + "overlap_watch/";
  std::filesystem::create_directories(folder);
  std::vector<SourceConfig> sources = TwoOf("");
  for (SourceConfig& source : sources) {
    source.paths = {folder + source.name};
    std::ofstream(source.paths.front()) << "a line\nand another\n";
  }
  watch.Watch(sources);
  watch.Wait();
  watch.Tick();
  watch.Wait();
  EXPECT_THAT(log.text(), Not(HasSubstr("end alike")));
  clock.Advance(OverlapWatch::kPatience);
  for (int i = 0; i < 3; ++i) {
    watch.Tick();
    watch.Wait();
  }
  const std::string text = log.text();
  EXPECT_THAT(text, HasSubstr("sources one and two: "));
  EXPECT_EQ(text.find("end alike"), text.rfind("end alike")) << "said once";
}

}  // namespace
}  // namespace bouncesight
