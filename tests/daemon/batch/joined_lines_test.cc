#include "daemon/batch/joined_lines.h"

#include <fstream>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "daemon/batch/log_plan.h"
#include "tests/daemon/system/temporary_folder.h"

namespace bouncesight {
namespace {

constexpr std::size_t kLarge = std::size_t{9} << 20U;

const std::string kText =
    "4F1A2B3C4D: to=<u@example.net>, relay=none, delay=1, dsn=5.1.1, status=bounced (no such user)";
const std::string kFile = "Nov 21 16:49:30 mx1 postfix/smtp[1]: " + kText;
const std::string kCri = "2026-11-21T16:49:30.123456Z stdout ";

std::string Docker(const std::string& text) {
  return R"({"log":")" + text + R"(","stream":"stdout","time":"2026-11-21T16:49:30.123Z"})" + "\n";
}

struct Log {
  std::string_view name;
  std::string record;  // the log is made of these
  bool joined;
};

const Log kLogs[] = {
    {"file", kFile + "\n", false},
    {"exim", "2026-11-21 16:49:30 1xUoNV-00005S-1i ** u@example.net: Unrouteable address\n", false},
    {"whole lines of CRI", kCri + "F " + kFile + "\n", false},
    {"whole lines of Docker", Docker(kFile + "\\n"), false},
    {"Docker without ends of lines", Docker(kFile), false},
    {"journal objects", R"({"SYSLOG_IDENTIFIER":"postfix/smtp","MESSAGE":")" + kText + "\"}\n",
     false},
    {"pieces of CRI",
     kCri + "P " + kFile.substr(0, 60) + "\n" + kCri + "F " + kFile.substr(60) + "\n", true},
    {"pieces of Docker", Docker(kFile.substr(0, 60)) + Docker(kFile.substr(60) + "\\n"), true},
    {"pieces in journal objects",
     R"({"CONTAINER_PARTIAL_MESSAGE":"true","MESSAGE":"a"})"
     "\n"
     R"({"MESSAGE":"b"})"
     "\n",
     true},
    {"journal export",
     "__CURSOR=s=1\n_HOSTNAME=mx1\nSYSLOG_IDENTIFIER=postfix/smtp\nMESSAGE=" + kText + "\n\n",
     true},
    {"qmail",
     "@400000006740b5ca1d34a3f4 starting delivery 7: msg 5 to remote u@example.net\n"
     "@400000006740b5ca1d34a3f4 delivery 7: success: ok/\n",
     true},
    {"exim -v", "   9 LOG: MAIN\n   9   1xUoNV-00005S-1i ** u@example.net: Unrouteable address\n",
     true},
};

std::string Many(const std::string& record, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += record;
  return text;
}

TEST(JoinedLines, KeepALogFromBeingCut) {
  const TemporaryFolder folder;
  const std::string path = folder / "mail.log";
  for (const Log& log : kLogs) {
    std::ofstream(path, std::ios::binary) << Many(log.record, kLarge);
    for (const unsigned jobs : {1U, 2U, 7U}) {
      const LogPlan plan = PlanLogs({{path}}, jobs, false);
      EXPECT_TRUE(plan.faults.empty());
      EXPECT_EQ(plan.ranges.size(), log.joined ? 1 : jobs) << log.name;
    }
  }
}

TEST(JoinedLines, AreSeenAtACutAndInTheLogsMidst) {
  const TemporaryFolder folder;
  const std::string path = folder / "mail.log";
  const std::string few = "@400000006740b5ca1d34a3f4 delivery 7: success: ok/\n";
  const auto joins = [&](std::uint64_t size, const std::vector<std::uint64_t>& cuts) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool joined = JoinsLines(fd, size, cuts, {});
    close(fd);
    return joined;
  };
  for (const std::size_t at : {std::size_t{0}, kLarge / 2, kLarge / 3}) {
    const std::string front = Many(kFile + "\n", at);
    const std::string all = front + few + Many(kFile + "\n", kLarge - at);
    std::ofstream(path, std::ios::binary) << all;
    EXPECT_TRUE(joins(all.size(), {front.size()})) << at;
    EXPECT_EQ(joins(all.size(), {}), at != kLarge / 3) << at;
  }
  EXPECT_FALSE(joins(0, {}));
}

TEST(JoinedLines, AreTakenForGrantedWhereTheFileCannotBeRead) {
  EXPECT_TRUE(JoinsLines(-1, kLarge, {}, {}));
}

}  // namespace
}  // namespace bouncesight
