#include "daemon/journal/journal_source.h"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>

#include "tests/daemon/journal/journal_world.h"
#include "tests/daemon/system/captured_log.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class JournalSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(JournalWorld::Writer())) {
      GTEST_SKIP() << "systemd-journal-remote is not installed";
    }
  }
  // Entries with these messages.
  static std::vector<Fields> Entries(int first, int last) {
    std::vector<Fields> entries;
    for (int i = first; i <= last; ++i) entries.push_back(PostfixEntry(std::to_string(i)));
    return entries;
  }
  // After a journal without files it waits a while before it looks again.
  void Settle() {
    world_.clock.Advance(std::chrono::seconds(31));
    world_.Poll();
    world_.Poll();
  }
  void ExpectCounted(int last) {
    std::vector<std::string> expected;
    for (int i = 1; i <= last; ++i) expected.push_back(std::to_string(i));
    const auto messages = world_.Messages();
    const auto different =
        std::mismatch(messages.begin(), messages.end(), expected.begin(), expected.end());
    EXPECT_EQ(messages, expected) << "from place " << different.first - messages.begin() << " on";
  }

  JournalWorld world_;
};

TEST_F(JournalSourceTest, MakesALineOfEachEntry) {
  world_.Write({PostfixEntry("4XyZ: removed")});
  world_.Start();
  world_.Poll();
  EXPECT_THAT(world_.lines,
              ElementsAre("2025-11-21T17:00:00.001000+00:00 mx1 postfix/smtp[9]: 4XyZ: removed"));
  EXPECT_TRUE(world_.source().caught_up());
}

TEST_F(JournalSourceTest, GivesEachEntryOnceWhileTheJournalGrows) {
  world_.Write(Entries(1, 3));
  world_.Start();
  world_.Poll();
  world_.Poll();
  world_.Write(Entries(4, 2500));  // more than one turn
  world_.Poll();
  world_.Write(Entries(2501, 2502));
  world_.Poll();
  ExpectCounted(2502);
}

TEST_F(JournalSourceTest, BoundsATurn) {
  world_.Write(Entries(1, 1500));
  world_.Start();
  EXPECT_TRUE(world_.source().Turn());
  EXPECT_THAT(world_.lines, SizeIs(JournalSource::kTurnEntries));
  EXPECT_FALSE(world_.source().caught_up());
  EXPECT_FALSE(world_.source().Turn());
  ExpectCounted(1500);
  const std::vector<Fields> large(10, PostfixEntry(std::string(20'000, 'x')));
  world_.Write(large);
  world_.clock.Advance(JournalSource::kCheckInterval);
  EXPECT_TRUE(world_.source().Turn());
  EXPECT_THAT(world_.lines, SizeIs(1504)) << "64 KiB are four of these";
}

TEST_F(JournalSourceTest, BeginsAtTheEndWhereItIsToldSo) {
  world_.config.start = FirstSight::kEnd;
  world_.Write(Entries(-5, 0));
  world_.Start();
  world_.Poll();
  EXPECT_THAT(world_.lines, IsEmpty());
  world_.Commit();
  world_.Write(Entries(1, 1));
  world_.KillAndStart();
  world_.Poll();
  world_.Write(Entries(2, 2));
  world_.Poll();
  ExpectCounted(2);
}

TEST_F(JournalSourceTest, TakesAllThatComesIntoAnEmptyJournal) {
  world_.config.start = FirstSight::kEnd;
  world_.config.units = {"postfix@-.service"};
  world_.Write({PostfixEntry("another's", "ssh.service")});
  world_.Start();
  world_.Poll();
  world_.Commit();
  world_.KillAndStart();
  world_.Write(Entries(1, 2));
  world_.Poll();
  ExpectCounted(2);
}

TEST_F(JournalSourceTest, GoesOnFromItsCursorAfterAKill) {
  world_.Write(Entries(1, 100));
  world_.Start();
  world_.Poll();
  world_.Commit();
  world_.Write(Entries(101, 150));
  world_.Poll();
  world_.KillAndStart();  // 101 to 150 were counted and not committed
  ExpectCounted(100);
  world_.Poll();
  ExpectCounted(150);
}

TEST_F(JournalSourceTest, ReadsThroughRotatedFiles) {
  world_.Write(Entries(1, 10));
  world_.Start();
  world_.Poll();
  world_.Write(Entries(11, 20));
  world_.Rename("system.journal", "system@1.journal");
  world_.Write(Entries(21, 30));
  world_.Poll();
  ExpectCounted(30);
  world_.Commit();
  world_.Rename("system.journal", "system@2.journal");
  world_.Write(Entries(31, 40));
  world_.KillAndStart();
  world_.Poll();
  ExpectCounted(40);
}

TEST_F(JournalSourceTest, GoesOnWithTheNextNewerEntryWhenItsOwnWasVacuumed) {
  world_.Write(Entries(1, 10));
  world_.Start();
  world_.Poll();
  world_.Commit();
  world_.Rename("system.journal", "system@1.journal");
  world_.Write(Entries(11, 20));
  world_.Remove("system@1.journal");
  const CapturedLog log;
  world_.KillAndStart();
  world_.Poll();
  ExpectCounted(20);
  EXPECT_THAT(log.text(), HasSubstr("vacuumed"));
  world_.Commit();
  world_.KillAndStart();
  world_.Poll();
  LiveSource live;
  world_.source().Describe(live);
  EXPECT_EQ(live.gaps, 1u) << "it is counted once, and the state keeps it";
}

TEST_F(JournalSourceTest, SaysNothingOfAPlaceThatIsStillThere) {
  world_.Write(Entries(1, 10));
  world_.Start();
  world_.Poll();
  world_.Commit();
  world_.Write({PostfixEntry("another's", "ssh.service")});
  world_.Write(Entries(11, 12));
  world_.config.units = {"postfix@-.service"};
  const CapturedLog log;
  world_.KillAndStart();
  world_.Poll();
  EXPECT_THAT(log.text(), testing::Not(HasSubstr("vacuumed")));
}

TEST_F(JournalSourceTest, IsNotMovedByVacuumingWhileItRuns) {
  world_.Write(Entries(1, 10));
  world_.Rename("system.journal", "system@1.journal");
  world_.Write(Entries(11, 20));
  world_.Start();
  world_.Poll();
  world_.Remove("system@1.journal");
  world_.Poll();
  world_.Rename("system.journal", "system@2.journal");
  world_.Poll();
  world_.Remove("system@2.journal");
  world_.Write(Entries(21, 30));
  world_.Poll();
  world_.Poll();
  ExpectCounted(30);
}

TEST_F(JournalSourceTest, GoesOnAfterAReboot) {
  world_.Write(Entries(1, 10));
  world_.Start();
  world_.Poll();
  world_.Commit();
  world_.boot = "fedcba9876543210fedcba9876543210";
  world_.Write(Entries(11, 20));
  world_.KillAndStart();
  world_.Poll();
  ExpectCounted(20);
}

TEST_F(JournalSourceTest, FiltersByUnitAndIdentifier) {
  const std::vector<Fields> entries = {
      PostfixEntry("main"), PostfixEntry("second", "postfix@second.service"),
      PostfixEntry("other", "ssh.service"),
      Fields{
          {"SYSLOG_IDENTIFIER", "exim4"}, {"_SYSTEMD_UNIT", "exim4.service"}, {"MESSAGE", "exim"}},
      Fields{{"_COMM", "x"}, {"MESSAGE", "neither"}}};
  struct Case {
    std::vector<std::string> units, identifiers, expected;
  };
  const std::vector<Case> cases = {
      {{}, {}, {"main", "second", "other", "exim", "neither"}},
      {{"postfix@-.service"}, {}, {"main"}},
      {{"postfix@*"}, {}, {"main", "second"}},
      {{"exim4", "ssh"}, {}, {"other", "exim"}},
      {{}, {"exim4"}, {"exim"}},
      {{}, {"postfix/*", "exim?"}, {"main", "second", "other", "exim"}},
      {{"postfix@*"}, {"exim4"}, {}},
      {{"ssh.service", "exim4.service"}, {"postfix/smtp"}, {"other"}},
  };
  world_.Write(entries);
  for (const Case& each : cases) {
    world_.lines.clear();
    world_.config.units = each.units;
    world_.config.identifiers = each.identifiers;
    world_.Start();
    world_.Poll();
    EXPECT_EQ(world_.Messages(), each.expected)
        << testing::PrintToString(each.units) << testing::PrintToString(each.identifiers);
  }
}

TEST_F(JournalSourceTest, MakesOneLineOfAnEntryThatHoldsNewlines) {
  world_.Write(
      {PostfixEntry("one\ntwo\r\n2026-11-21T17:00:00+00:00 mx1 postfix/smtp[9]: three\n")});
  world_.Start();
  world_.Poll();
  EXPECT_THAT(world_.Messages(),
              ElementsAre("one two  2026-11-21T17:00:00+00:00 mx1 postfix/smtp[9]: three"));
}

TEST_F(JournalSourceTest, CutsAnEntryThatIsTooLong) {
  world_.Write({PostfixEntry(std::string(300'000, 'x')), PostfixEntry("next")});
  world_.Start();
  world_.Poll();
  ASSERT_THAT(world_.lines, SizeIs(2));
  EXPECT_EQ(world_.lines[0].size(), LineSplitter::kMaxLineBytes);
  EXPECT_EQ(world_.Messages()[1], "next");
}

TEST_F(JournalSourceTest, WaitsForAJournalThatIsNotThere) {
  std::filesystem::remove(world_.config.directory);
  world_.Start();
  world_.Poll();
  EXPECT_TRUE(world_.source().caught_up()) << "there is nothing to wait for";
  std::filesystem::create_directory(world_.config.directory);
  world_.Write(Entries(1, 2));
  world_.Poll();
  world_.Poll();
  ExpectCounted(2);
}

TEST_F(JournalSourceTest, TakesAnotherFolderForAnotherJournal) {
  world_.config.start = FirstSight::kEnd;
  world_.Write(Entries(1, 1));
  world_.Start();
  world_.Poll();
  world_.Commit();
  world_.config.directory += "/";
  world_.Write(Entries(2, 2));
  world_.KillAndStart();
  world_.Poll();
  EXPECT_THAT(world_.lines, IsEmpty());
}

// As a log host collects them.
TEST_F(JournalSourceTest, ReadsWhatOneOfSeveralHostsSendsLate) {
  const std::string b_in_a_folder = "0123456789abcdef0123456789abcdef/system.journal";
  std::filesystem::create_directory(world_.config.directory + "/" + DirectoryOf(b_in_a_folder));
  for (const std::string& b : {std::string("remote-b.journal"), b_in_a_folder}) {
    for (const bool restart : {false, true}) {
      world_.lines.clear();
      world_.Write(Entries(1, 8), "remote-a.journal");
      world_.Write(Entries(9, 15), b);
      world_.Start();
      Settle();
      world_.GoOn(60'000);
      world_.Write(Entries(16, 20), "remote-a.journal");
      world_.Poll();
      world_.Commit();
      world_.GoOn(-50'000);
      world_.Write(Entries(21, 22), b);
      if (restart) world_.KillAndStart();
      world_.Poll();
      world_.Rename(b, b.substr(0, b.size() - 8) + "@1.journal");
      world_.Write(Entries(23, 25), b);
      world_.Poll();
      world_.Poll();
      std::vector<std::string> expected;
      for (int i = 1; i <= 25; ++i) expected.push_back(std::to_string(i));
      EXPECT_THAT(world_.Messages(), testing::UnorderedElementsAreArray(expected)) << b << restart;
      world_.GoOn(60'000);
      world_.Forget();
    }
  }
}

TEST_F(JournalSourceTest, KeepsThePlaceOfAHostWhoseFolderIsAwayForAWhile) {
  world_.Write(Entries(1, 3), "remote-a.journal");
  world_.Write(Entries(4, 6), "remote-b.journal");
  world_.Start();
  world_.Poll();
  world_.Rename("remote-b.journal", "away");
  world_.Poll();
  world_.Commit();
  const CapturedLog log;
  world_.KillAndStart();
  world_.Poll();
  world_.Rename("away", "remote-b.journal");
  world_.Poll();
  world_.Write(Entries(7, 8), "remote-b.journal");
  world_.Poll();
  ExpectCounted(8);
  EXPECT_THAT(log.text(), testing::Not(HasSubstr("vacuumed")));
}

TEST_F(JournalSourceTest, ReadsTheOtherFilesWhereOneIsDamaged) {
  world_.Write(Entries(1, 3));
  const auto whole = std::filesystem::path(world_.config.directory) / "system.journal";
  const auto torn = std::filesystem::path(world_.config.directory) / "system@1.journal";
  std::filesystem::copy_file(whole, torn);
  std::filesystem::resize_file(torn, 300);
  world_.Start();
  world_.Poll();
  ExpectCounted(3);
}

TEST_F(JournalSourceTest, RefusesAStateThatIsNotItsOwn) {
  world_.Start();
  const std::string good = world_.source().SaveState();
  for (const std::string& bad :
       {std::string(), std::string("\2\0\0", 3), good.substr(0, good.size() - 1), good + "x"}) {
    EXPECT_FALSE(world_.source().RestoreState(bad)) << testing::PrintToString(bad);
  }
  EXPECT_TRUE(world_.source().RestoreState(good));
}

// The journal under writes, rotations, vacuuming of what is counted, kills.
TEST_F(JournalSourceTest, T18LosesAndDoublesNothingInRandomPrograms) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  int written = 0;
  int file = 0;
  std::vector<std::string> rotated;
  world_.Start();
  for (int step = 0; step < 150 && !HasFailure(); ++step) {
    switch (random() % 6) {
      case 0:
      case 1: {
        const int more = 1 + static_cast<int>(random() % 40);
        world_.Write(Entries(written + 1, written + more));
        written += more;
        break;
      }
      case 2:
        world_.Poll();
        world_.Commit();
        break;
      case 3:
        world_.KillAndStart();
        break;
      case 4:
        if (!std::filesystem::exists(world_.config.directory + "/system.journal")) break;
        rotated.push_back("system@" + std::to_string(++file) + ".journal");
        world_.Rename("system.journal", rotated.back());
        break;
      default:
        if (rotated.empty()) break;
        Settle();
        world_.Commit();
        world_.Remove(rotated.front());
        rotated.erase(rotated.begin());
    }
  }
  Settle();
  SCOPED_TRACE("seed " + std::to_string(seed));
  ExpectCounted(written);
}

}  // namespace
}  // namespace bouncesight
