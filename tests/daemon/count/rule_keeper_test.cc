#include "daemon/count/rule_keeper.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include <gtest/gtest.h>

#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {
namespace {

using std::chrono::seconds;

std::string RuleText(const std::string& id, const std::string& example) {
  return "rules:\n  - id: " + id +
         "\n    cause: user_unknown\n    match: no such person\n    examples: ['" + example +
         "']\n    source: this test\n";
}

// A folder with a catalogue of one rule, and a keeper that tells what it does.
class RuleKeeperTest : public testing::Test {
 protected:
  RuleKeeperTest() {
    char name[] = "/tmp/bouncesight-rules-XXXXXX";
    folder_ = ::mkdtemp(name);
    Put(RuleText("first", "550 no such person"));
    keeper_ = std::make_unique<RuleKeeper>(RuleLocations{{}, folder_.string()}, clock_);
  }
  ~RuleKeeperTest() override {
    keeper_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Put(const std::string& text) { std::ofstream(folder_ / "rules.yaml") << text; }
  // Reloads and waits for the outcome; true: other rules are in force.
  bool Reload() {
    keeper_->Start([this](auto rules, auto names) {
      replaced_ = rules;
      replaced_names_ = names;
    });
    keeper_->Reload();
    while (!Attempted()) std::this_thread::yield();
    keeper_->Stop();
    return replaced_ != nullptr;
  }
  bool Attempted() const {
    const Live live = Described();
    return !live.config_last_reload_successful ||
           live.config_last_reload_success_timestamp_seconds > loaded_at_;
  }
  Live Described() const {
    Live live;
    keeper_->Describe(live);
    return live;
  }
  void Load() {
    ASSERT_TRUE(keeper_->Load());
    loaded_at_ = Described().config_last_reload_success_timestamp_seconds;
    clock_.Advance(seconds(60));
  }

  FakeClock clock_;
  std::filesystem::path folder_;
  std::unique_ptr<RuleKeeper> keeper_;
  double loaded_at_ = 0;
  std::shared_ptr<const RuleSet> replaced_;
  std::shared_ptr<const RuleNames> replaced_names_;
};

TEST_F(RuleKeeperTest, PutsGoodRulesInForce) {
  Load();
  const std::string hash = Described().rules_hash;
  Put(RuleText("second", "550 no such person"));
  ASSERT_TRUE(Reload());
  EXPECT_EQ(keeper_->rules(), replaced_);
  EXPECT_EQ(keeper_->names(), replaced_names_);
  EXPECT_EQ(replaced_names_->rules.back(), "second");
  EXPECT_TRUE(Described().config_last_reload_successful);
  EXPECT_EQ(Described().config_last_reload_success_timestamp_seconds, loaded_at_ + 60);
  EXPECT_NE(Described().rules_hash, hash);
}

TEST_F(RuleKeeperTest, T27KeepsTheOldRulesWhenTheNewOnesAreBad) {
  const std::string bad[] = {
      "rules: [",                                      // no YAML
      "rules:\n  - id: x\n    surprise: 1\n",          // an unknown key
      RuleText("second", "550 the example is false"),  // its own example says otherwise
      "",
  };
  for (const std::string& text : bad) {
    replaced_ = nullptr;
    keeper_ = std::make_unique<RuleKeeper>(RuleLocations{{}, folder_.string()}, clock_);
    Put(RuleText("first", "550 no such person"));
    Load();
    const auto before = keeper_->rules();
    Put(text);
    if (text.empty()) std::filesystem::remove(folder_ / "rules.yaml");
    EXPECT_FALSE(Reload()) << text;
    EXPECT_EQ(keeper_->rules(), before);
    EXPECT_FALSE(Described().config_last_reload_successful);
    EXPECT_EQ(Described().config_last_reload_success_timestamp_seconds, loaded_at_);
  }
}

TEST_F(RuleKeeperTest, SaysAtTheFirstLoadThatThereAreNone) {
  std::filesystem::remove(folder_ / "rules.yaml");
  EXPECT_FALSE(keeper_->Load());
}

TEST_F(RuleKeeperTest, DoesWhatWasAskedBeforeItCouldListen) {
  Load();
  keeper_->Reload();  // as by a SIGHUP while the daemon starts
  std::promise<void> replaced;
  keeper_->Start([&](auto, auto) { replaced.set_value(); });
  EXPECT_EQ(replaced.get_future().wait_for(seconds(20)), std::future_status::ready);
}

TEST_F(RuleKeeperTest, TellsWhoWaitsWhichKeysNeedARestart) {
  Load();
  keeper_->Start([](auto, auto) {},
                 [this]() -> Result<RuleKeeper::Prepared> {
                   return RuleKeeper::Prepared{{{}, folder_.string()}, {"workers", "log.level"}};
                 });
  const auto keys = keeper_->ReloadNow(seconds(20));
  ASSERT_TRUE(keys);
  EXPECT_EQ(*keys, (std::vector<std::string>{"workers", "log.level"}));
}

TEST_F(RuleKeeperTest, T27GivesUpWhatWasPreparedWhenTheRulesAreBad) {
  Load();
  int given_up = 0;
  keeper_->Start([](auto, auto) {},
                 [this]() -> Result<RuleKeeper::Prepared> {
                   return RuleKeeper::Prepared{{{}, folder_.string()}, {}};
                 },
                 [&given_up] { ++given_up; });
  ASSERT_TRUE(keeper_->ReloadNow(seconds(20)));
  EXPECT_EQ(given_up, 0);
  Put("rules: [");
  ASSERT_FALSE(keeper_->ReloadNow(seconds(20)));
  EXPECT_EQ(given_up, 1);
}

TEST_F(RuleKeeperTest, TellsWhoWaitsWhyNothingWasReloaded) {
  Load();
  keeper_->Start([](auto, auto) {},
                 []() -> Result<RuleKeeper::Prepared> { return Error{"line 3: no such key"}; });
  const auto keys = keeper_->ReloadNow(seconds(20));
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().message, "line 3: no such key");
}

}  // namespace
}  // namespace bouncesight
