#include "daemon/system/pattern_cache_dir.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "rules/classifier.h"
#include "rules/rule_set.h"

namespace bouncesight {
namespace {

namespace fs = std::filesystem;

class PatternCacheDir : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "patterns-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string OnlyFile() const {
    std::string found;
    for (const fs::directory_entry& file : fs::directory_iterator(folder_)) {
      EXPECT_TRUE(found.empty()) << "more than one file";
      found = file.path();
    }
    return found;
  }

  static std::string Verdict(PatternCache* cache) {
    RuleSources sources;
    sources.cache = cache;
    sources.catalog = {{"a.yaml",
                        "rules: [{id: a, cause: virus, match: 'some (bad|ill) thi[^x]g', examples: "
                        "[some ill thing]}]"}};
    const Result<std::shared_ptr<const RuleSet>> rules = RuleSet::Load(sources);
    if (!rules) return rules.error().message;
    const Reply reply = ParseReply("554 some bad thing");
    return std::string((*rules)->rule_name(Classifier(*rules).Classify({reply, "", "", ""}).rule));
  }

  std::string folder_;
};

TEST_F(PatternCacheDir, GivesBackWhatItWasGiven) {
  const auto cache = MakePatternCache(folder_ + "/deep/er");
  EXPECT_EQ(cache->Find(7), "");
  cache->Store(7, "seven");
  EXPECT_EQ(cache->Find(7), "seven");
  EXPECT_EQ(cache->Find(8), "");
}

TEST_F(PatternCacheDir, TakesNoFileThatOthersMayWrite) {
  const auto cache = MakePatternCache(folder_);
  cache->Store(7, "seven");
  chmod(OnlyFile().c_str(), 0666);
  EXPECT_EQ(cache->Find(7), "");
}

TEST_F(PatternCacheDir, KeepsEightFilesAtMost) {
  const auto cache = MakePatternCache(folder_);
  for (std::uint64_t key = 0; key < 20; ++key) cache->Store(key, "x");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 8);
}

TEST_F(PatternCacheDir, ServesRulesThatWereCompiledBefore) {
  const auto cache = MakePatternCache(folder_);
  EXPECT_EQ(Verdict(cache.get()), "a");
  const std::string file = OnlyFile();
  const auto written = fs::last_write_time(file);
  fs::last_write_time(file, written - std::chrono::hours(1));
  EXPECT_EQ(Verdict(cache.get()), "a");
  EXPECT_EQ(fs::last_write_time(file), written - std::chrono::hours(1)) << "compiled again";
}

TEST_F(PatternCacheDir, CompilesAnewWhatIsDamaged) {
  const auto cache = MakePatternCache(folder_);
  EXPECT_EQ(Verdict(cache.get()), "a");
  for (const std::string damage : {"", "garbage", "\0\0\0"}) {
    std::ofstream(OnlyFile(), std::ios::trunc) << damage;
    EXPECT_EQ(Verdict(cache.get()), "a");
  }
  const std::string file = OnlyFile();
  fs::resize_file(file, fs::file_size(file) / 2);
  EXPECT_EQ(Verdict(cache.get()), "a");
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(200) << "flipped";
  EXPECT_EQ(Verdict(cache.get()), "a");
}

TEST_F(PatternCacheDir, DoesWithoutAFolder) {
  EXPECT_EQ(MakePatternCache(""), nullptr);
  EXPECT_EQ(Verdict(nullptr), "a");
  const auto cache = MakePatternCache("/proc/nowhere");
  EXPECT_EQ(Verdict(cache.get()), "a");
}

}  // namespace
}  // namespace bouncesight
