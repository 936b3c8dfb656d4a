#include "daemon/daemon.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

// Runs a daemon that is told to end while it reads its configuration anew, which takes for ever,
// and ends the process with 40, and 1 more if Run has said that nothing is left.
[[noreturn]] void RunToTheEnd() {
  char folder[] = "/tmp/bouncesight-daemon-XXXXXX";
  Config config;
  config.state.path = std::string(::mkdtemp(folder)) + "/state";
  config.web.listen_addresses = {"127.0.0.1:0"};
  config.rules.files.clear();
  config.sources.resize(1);
  config.sources[0].name = "mail";
  config.sources[0].paths = {std::string(folder) + "/mail.log"};
  std::promise<void> never;
  Daemon daemon(config, [&]() -> Result<Config> {
    std::raise(SIGTERM);
    never.get_future().wait();
    return Config{};
  });
  if (!daemon.LoadRules() || !daemon.LoadWeb() || !daemon.Open()) std::_Exit(1);
  std::raise(SIGHUP);
  const bool clean = daemon.Run();
  std::filesystem::remove_all(folder);
  std::_Exit(clean ? 41 : 40);
}

TEST(DaemonDeathTest, RunReturnsThoughAReloadDoesNot) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(RunToTheEnd(), testing::ExitedWithCode(40), "");
}

}  // namespace
}  // namespace bouncesight
