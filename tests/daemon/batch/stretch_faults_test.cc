// Every call of `report` on a log that several jobs read in stretches fails, as in
// command_faults_test.cc. The system gives no threads: so one job reads all stretches, in the same
// order each time.
#include <fstream>

#include <gtest/gtest.h>

#include "tests/daemon/batch/command_faults.h"
#include "tests/daemon/system/no_threads.h"
#include "tests/daemon/system/temporary_folder.h"

namespace bouncesight {
namespace {

// Large enough to be cut in two. A message is put off in the first half; in the second it is put
// off again, and its expiry names nobody.
class LargeLog {
 public:
  LargeLog() {
    std::ofstream(folder_ / "config.yaml")
        << "rules: {files: [" << (folder_ / "none/*.yaml") << "]}\n";
    std::ofstream log(folder_ / "mail.log", std::ios::binary);
    log << Line("cleanup", "message-id=<1@example.com>")
        << Line("qmgr", "from=<ann@example.com>, size=1, nrcpt=1 (queue active)") << PutOff();
    // What lies between is of another program, and quickly passed over.
    const std::string other = "Jan  2 10:00:01 mx1 cron[1]: " + std::string(60'000, '.') + "\n";
    for (int i = 0; i < 142; ++i) log << other;
    log << PutOff() << Line("qmgr", "from=<ann@example.com>, status=expired, returned to sender");
  }

  std::vector<std::string> Words(const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"report", "--config.file=" + (folder_ / "config.yaml")};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back(folder_ / "mail.log");
    return words;
  }
  std::string path() const { return folder_ / ""; }

 private:
  static std::string Line(const std::string& program, const std::string& text) {
    return "Jan  2 10:00:00 mx1 postfix/" + program + "[9]: 4F1A2B3C4D: " + text + "\n";
  }
  static std::string PutOff() {
    return Line("smtp",
                "to=<bob@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, dsn=4.7.1, "
                "status=deferred (host mx.example.org[192.0.2.1] said: 451 4.7.1 Greylisted (in "
                "reply to RCPT TO command))");
  }

  TemporaryFolder folder_;
};

class StretchFaults : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(StretchFaults, AreToldOrDoNotShow) {
  const LargeLog log;
  std::vector<std::string> words = GetParam();
  words.emplace_back("--jobs=1");
  FailingFileCalls calls(log.path(), 0, 0);
  const CommandRun whole = RunCommand(log.Words(words), "", calls);
  words.back() = "--jobs=2";
  const NoThreads none;
  const std::string out = FailEachCall({log.path(), log.Words(words)}, 61);
  EXPECT_EQ(Lasting(out), Lasting(whole.out));
  EXPECT_GT(none.refused(), 0) << "the log was not cut";
}

INSTANTIATE_TEST_SUITE_P(Of, StretchFaults,
                         testing::Values(std::vector<std::string>{},
                                         std::vector<std::string>{"--since=2020-01-01"}));

}  // namespace
}  // namespace bouncesight
