// Every call of the commands on the files that they read, and on standard input and output, fails
// once, and several times in a row, in every way. Either nothing of it shows, or the command says
// what failed and its exit status tells: a part never passes for the whole.
#include "tests/daemon/batch/command_faults.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/daemon/files/gzip.h"
#include "tests/daemon/system/temporary_folder.h"

namespace bouncesight {
namespace {

constexpr std::string_view kReply = "550 5.1.1 <ann@example.org>: user unknown";

std::string ResultLine(std::string_view day, std::string_view id, std::string_view status) {
  return std::string(day) + " 10:00:00 mx1 postfix/smtp[9]: " + std::string(id) +
         ": to=<ann@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, dsn=5.1.1, status=" +
         std::string(status) + " (host mx.example.org[192.0.2.1] said: " + std::string(kReply) +
         " (in reply to RCPT TO command))\n";
}

// Logs of which two hold the same lines, in whole or in part, and the year turns; rules of the
// operator's; a bounce.
class Desk {
 public:
  Desk() {
    const std::string december = ResultLine("Dec 30", "4F1A2B3C4D", "deferred");
    const std::string january = ResultLine("Jan  2", "4F1A2B3C4D", "bounced");
    // Two turns of the year, so that its lines' years cannot be told from the present one.
    Put("mail.log", december + january + ResultLine("Dec 20", "4F1A2B3C4E", "deferred") +
                        ResultLine("Jan  1", "4F1A2B3C4E", "bounced"));
    Put("mail.log.1.gz", Gzip(ResultLine("Dec 28", "4F1A2B3C4C", "bounced")));
    Put("copy.log.gz", Gzip(december + january));
    Put("mail.warn", january);
    Put("config.yaml", "rules: {files: [" + (folder_ / "none/*.yaml") + "]}\n");
    Put("own.yaml", "rules: {files: [" + (folder_ / "rules.d/*.yaml") + "]}\n");
    std::filesystem::create_directory(folder_ / "rules.d");
    Put("rules.d/own.yaml",
        "rules:\n  - id: own\n    cause: mailbox_full\n    match: user unknown\n"
        "    examples: ['550 user unknown']\n    source: this test\n");
    Put("bounce.eml",
        "From: MAILER-DAEMON@example.com\nSubject: Undelivered\n\n<ann@example.org>: host "
        "mx.example.org[192.0.2.1] said: " +
            std::string(kReply) + "\n");
  }

  // `words` with FOLDER in them.
  std::vector<std::string> Here(std::vector<std::string> words) const {
    for (std::string& word : words) {
      const std::size_t at = word.find("FOLDER");
      if (at != std::string::npos) word.replace(at, 7, folder_ / "");
    }
    return words;
  }
  std::string path() const { return folder_ / ""; }

 private:
  void Put(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  TemporaryFolder folder_;
};

struct Case {
  const char* name;
  std::vector<std::string> words;
  std::string_view input;  // by itself: of standard input
};

const std::vector<Case>& Cases() {
  static const std::vector<std::string> kLogs = {"FOLDER/mail.log", "FOLDER/mail.log.1.gz",
                                                 "FOLDER/copy.log.gz", "FOLDER/mail.warn"};
  const auto with_logs = [](std::vector<std::string> words) {
    words.emplace_back("--config.file=FOLDER/config.yaml");
    words.insert(words.end(), kLogs.begin(), kLogs.end());
    return words;
  };
  static const std::vector<Case> kCases = {
      {"report", with_logs({"report", "--jobs=1"}), ""},
      {"report_since", with_logs({"report", "--jobs=1", "--since=2020-01-01"}), ""},
      {"events", with_logs({"events"}), ""},
      {"events_since", with_logs({"events", "--format=csv", "--since=2020-01-01"}), ""},
      {"trace", with_logs({"trace", "4F1A2B3C4D"}), ""},
      {"explain",
       {"explain", "--config.file=FOLDER/config.yaml", "FOLDER/bounce.eml", "FOLDER/bounce.eml"},
       ""},
      {"explain_stdin", {"explain", "--config.file=FOLDER/config.yaml", "-"}, kReply},
      {"report_stdin", {"report", "--config.file=FOLDER/config.yaml", "-"}, kReply},
      {"own_rules", {"explain", "--config.file=FOLDER/own.yaml", std::string(kReply)}, ""},
  };
  return kCases;
}

class CommandFaults : public testing::TestWithParam<Case> {};

TEST_P(CommandFaults, AreToldOrDoNotShow) {
  const Desk desk;
  const std::vector<std::string> words = desk.Here(GetParam().words);
  const std::string input(GetParam().input);
  FailEachCall({desk.path(), words, input}, 11);
}

INSTANTIATE_TEST_SUITE_P(Of, CommandFaults, testing::ValuesIn(Cases()),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace bouncesight
