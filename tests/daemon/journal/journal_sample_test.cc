#include "daemon/journal/journal_sample.h"

#include <gmock/gmock.h>

#include "tests/daemon/journal/journal_world.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kSent =
    "4F1A2B3C4D: to=<ann@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, "
    "delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)";

class JournalSampleTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(JournalWorld::Writer())) {
      GTEST_SKIP() << "systemd-journal-remote is not installed";
    }
  }
  LogSample Sample() { return SampleJournal(world_.config, *world_.fs); }

  JournalWorld world_;
};

TEST_F(JournalSampleTest, ShowsTheFormatAndTheLastEntry) {
  world_.Write({PostfixEntry(kSent), PostfixEntry(kSent)});
  const LogSample sample = Sample();
  EXPECT_THAT(sample.formats, ElementsAre("postfix"));
  EXPECT_THAT(sample.last, StartsWith("2025-11-21T17:00:00.002"));
  EXPECT_THAT(sample.complaint, IsEmpty());
}

TEST_F(JournalSampleTest, TellsOfAUnitThatHasNoMail) {
  Fields entry =
      PostfixEntry("Accepted publickey for ann from 192.0.2.7 port 40000", "ssh.service");
  entry[1].second = "sshd";
  world_.Write({PostfixEntry(kSent), entry, entry});
  world_.config.units = {"ssh.service"};
  EXPECT_THAT(Sample().complaint, HasSubstr("none of the last 2 lines of the journal is of a mail "
                                            "server, as of `sshd`; is this the mail log?"));
}

TEST_F(JournalSampleTest, ReadsTheLastEntriesOnly) {
  std::vector<Fields> entries(kSampledEntries, PostfixEntry("warning: no mail in it"));
  entries.front() = PostfixEntry(kSent);
  world_.Write(entries);
  EXPECT_EQ(Sample().lines, kSampledEntries);
  world_.Write({PostfixEntry(kSent), PostfixEntry(kSent)});
  EXPECT_EQ(Sample().lines, kSampledEntries);
}

TEST_F(JournalSampleTest, NamesTheUnitThatHasNoEntry) {
  world_.Write({PostfixEntry(kSent)});
  world_.config.units = {"exim.service"};
  EXPECT_THAT(Sample().complaint, HasSubstr("no entry of the unit exim.service"));
}

TEST_F(JournalSampleTest, SaysNothingWhereThereIsNoJournal) {
  const LogSample sample = Sample();
  EXPECT_EQ(sample.lines, 0u);
  EXPECT_THAT(sample.complaint, IsEmpty());
}

}  // namespace
}  // namespace bouncesight
