// A file is what it holds, not what it is called: copies, moves, links, packed forms, and changed
// configurations, while the source runs and over its restarts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/files/gzip.h"
#include "tests/daemon/files/log_world.h"

namespace bouncesight {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

const std::string kLog = "/log/mail.log";

// A copy of `from` with `more` behind it takes the place of `to`, under another inode.
void Replace(LogWorld& world, const std::string& from, const std::string& to,
             const std::string& more = "") {
  world.fs.Copy(from, "/tmp/copy");
  world.fs.Append("/tmp/copy", more);
  world.fs.Rename("/tmp/copy", to);
}

TEST(FileSource, GoesOnInALongerCopyThatTakesTheLogsPlace) {
  for (const seconds pause : {seconds(1), seconds(60)}) {
    for (const bool restart : {false, true}) {
      LogWorld world;
      world.fs.Append(kLog, "1\n2\n");
      world.Start();
      world.PollFor(pause);
      for (const char* more : {"3\n", "4\n", "5\n"}) {
        if (restart) world.Stop();
        Replace(world, kLog, kLog, more);
        if (restart) world.Start();
        world.PollFor(pause);
      }
      EXPECT_THAT(world.lines, ElementsAre("1", "2", "3", "4", "5")) << restart;
      EXPECT_EQ(world.Live().rotations, 0u);
      EXPECT_EQ(world.Live().gaps, 0u);
    }
  }
}

TEST(FileSource, CountsALogThatIsRestoredWhileItsOldWriterWritesOn) {
  LogWorld world;
  world.fs.Append(kLog, "1\n2\n");
  world.Start();
  world.PollFor(seconds(2));
  const auto old = world.fs.Find(kLog);
  world.fs.Copy(kLog, "/tmp/copy");
  world.fs.AppendTo(old, "late\n");
  world.fs.Append("/tmp/copy", "3\n");
  world.fs.Rename("/tmp/copy", kLog);
  world.PollFor(seconds(15));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "late", "3"));
}

// Logs begin alike: a stamp, a host. What is on the disk of a new one may be less than its first
// line, and rotation may put it aside before there is more.
TEST(FileSource, TakesLessThanALineForNoCopy) {
  for (const char* begin : {"N", "Nov 28", "Nov 28 01:00:00 mx1"}) {
    LogWorld world;
    world.fs.Append(kLog, "Nov 28 01:00:00 mx1 first\n");
    world.Start();
    world.PollFor(seconds(2));
    world.fs.Rename(kLog, kLog + ".1");
    const auto next = world.fs.Create(kLog);
    world.PollFor(seconds(2));
    world.fs.AppendTo(next, begin);
    world.PollFor(seconds(1));
    world.fs.Rename(kLog, kLog + ".2");
    world.fs.AppendTo(next, " second\nthird\n");
    world.PollFor(seconds(30));
    EXPECT_THAT(world.lines,
                ElementsAre("Nov 28 01:00:00 mx1 first", std::string(begin) + " second", "third"));
  }
}

TEST(FileSource, CountsNothingOfAShorterCopyAgain) {
  LogWorld world;
  world.fs.Append(kLog, "1\n2\n");
  world.Start();
  world.Poll();
  world.fs.Copy(kLog, "/backup/mail.log");
  world.fs.Append(kLog, "3\n");
  world.PollFor(seconds(2));
  Replace(world, "/backup/mail.log", kLog);
  world.PollFor(seconds(4));
  world.fs.Append(kLog, "4\n");
  world.PollFor(seconds(4));
  EXPECT_THAT(world.lines, ElementsAre("1", "2", "3", "4"));
}

TEST(FileSource, CountsACopyThatAPatternNamesOnce) {
  for (const bool cut : {false, true}) {
    LogWorld world({"/log/mail*"});
    world.fs.Append(kLog, "1\n2\n");
    world.Start();
    world.PollFor(seconds(2));
    world.fs.Append(kLog, "3\n");
    world.fs.Copy(kLog, "/log/mail.bak");
    if (cut) world.fs.Truncate(kLog);
    world.fs.Append(kLog, "4\n");
    world.PollFor(seconds(20));
    EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3", "4")) << cut;
    EXPECT_EQ(world.Live().lost_bytes, 0u);
  }
}

TEST(FileSource, CountsACopyThatIsStillBeingWrittenOnce) {
  LogWorld world({"/log/mail*"});
  world.fs.Append(kLog, "1\n2\n3\n");
  world.Start();
  world.PollFor(seconds(2));
  for (const char* part : {"", "1\n", "2\n", "3\n"}) {
    world.fs.Append("/log/mail.bak", part);
    world.PollFor(seconds(1));
  }
  world.PollFor(seconds(5));
  EXPECT_THAT(world.lines, ElementsAre("1", "2", "3"));
}

TEST(FileSource, KnowsThePackedFormOfADatedFile) {
  for (const bool restart : {false, true}) {
    LogWorld world({"/log/mail-*"}, FirstSight::kEnd);
    world.fs.Append("/log/mail-20261127", "long ago\n");
    world.Start();
    world.PollFor(seconds(2));
    world.fs.Append("/log/mail-20261127", "1\n2\n");
    world.PollFor(seconds(2));
    if (restart) world.Stop();
    world.fs.Append("/log/mail-20261128", "3\n");
    world.fs.Create("/log/mail-20261127.gz")->bytes =
        Gzip(world.fs.Find("/log/mail-20261127")->bytes);
    world.fs.Remove("/log/mail-20261127");
    if (restart) world.Start();
    world.PollFor(seconds(30));
    EXPECT_THAT(world.lines, ElementsAre("1", "2", "3")) << restart;
    world.Stop();
    world.Start();
    world.PollFor(seconds(30));
    EXPECT_THAT(world.lines, ElementsAre("1", "2", "3")) << restart;
  }
}

TEST(FileSource, LeavesPackedFilesAloneThatLieThereAtTheFirstStart) {
  LogWorld world({"/log/mail-*"}, FirstSight::kEnd);
  world.fs.Create("/log/mail-20261126.gz")->bytes = Gzip("long ago\n");
  world.Start();
  world.PollFor(seconds(20));
  world.Stop();
  world.Start();
  world.PollFor(seconds(20));
  EXPECT_THAT(world.lines, ElementsAre());
}

TEST(FileSource, FollowsRotatedFilesIntoAnArchiveFolderOnce) {
  LogWorld world({kLog, "/log/old/*"});
  world.fs.Append(kLog, "1\n2\n");
  world.Start();
  world.PollFor(seconds(2));
  world.fs.Rename(kLog, "/log/old/mail.log.1");
  world.fs.Append(kLog, "3\n");
  world.PollFor(seconds(30));
  world.fs.Create("/log/old/mail.log.1.gz")->bytes =
      Gzip(world.fs.Find("/log/old/mail.log.1")->bytes);
  world.fs.Remove("/log/old/mail.log.1");
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, ElementsAre("1", "2", "3"));
}

TEST(FileSource, TellsFilesWithOneHeadApartByWhatFollows) {
  const std::string head(2000, 'h');
  LogWorld world({"/log/*.log"});
  world.fs.Append("/log/a.log", head + "\na\n");
  world.Start();
  world.PollFor(seconds(2));
  world.fs.Append("/log/b.log", head + "\nb\nbb\n");
  world.PollFor(seconds(5));
  EXPECT_THAT(world.lines, ElementsAre(head, "a", head, "b", "bb"));
}

TEST(FileSource, GoesOnUnderAnotherNameInTheConfiguration) {
  const std::vector<std::vector<std::string>> ways = {
      {"/log/mail.log"}, {"/log/*.log"}, {"/link/mail.log"}};
  for (const auto& before : ways) {
    for (const auto& after : ways) {
      LogWorld world(before, FirstSight::kEnd);
      world.fs.Append(kLog, "long ago\n");
      world.fs.SymbolicLink(kLog, "/link/mail.log");
      world.Start();
      world.PollFor(seconds(2));
      world.fs.Append(kLog, "1\n");
      world.PollFor(seconds(2));
      world.Stop();
      world.fs.Append(kLog, "2\n");
      world.SetPaths(after);
      world.Start();
      world.PollFor(seconds(2));
      EXPECT_THAT(world.lines, ElementsAre("1", "2")) << before[0] << " " << after[0];
    }
  }
}

TEST(FileSource, FindsWhatWasRotatedWhereALinkLeadsTo) {
  for (const std::string name : {"0.log.20261128-020304", "anything"}) {
    LogWorld world({"/containers/x.log"});
    world.fs.Append("/pods/0.log", "1\n2\n");
    world.fs.SymbolicLink("/pods/0.log", "/containers/x.log");
    world.Start();
    world.PollFor(seconds(2));
    world.Stop();
    world.fs.Append("/pods/0.log", "3\n");
    world.fs.Rename("/pods/0.log", "/pods/" + name);
    world.fs.Append("/pods/0.log", "4\n");
    world.Start();
    world.PollFor(seconds(15));
    EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3", "4")) << name;
    EXPECT_EQ(world.Live().gaps, 0u);
  }
}

TEST(FileSource, FindsWhatWasRotatedIntoTheFolderThatIsNamed) {
  LogWorld world;
  world.SetRotated({"/old/mail.log*"});
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  world.Stop();
  world.fs.Append(kLog, "2\n");
  world.fs.Copy(kLog, "/old/mail.log.2");  // another device: a copy
  world.fs.Remove(kLog);
  world.fs.Append("/old/mail.log.1", "3\n");  // a whole rotation in between
  world.fs.Append(kLog, "4\n");
  world.Start();
  world.PollFor(seconds(15));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3", "4"));
}

TEST(FileSource, CountsAGapOfUnknownSize) {
  LogWorld world;
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  world.Stop();
  world.fs.Remove(kLog);
  world.fs.Append(kLog, "9\n");
  world.Start();
  world.PollFor(seconds(5));
  EXPECT_EQ(world.Live().gaps, 1u);
  world.Stop();
  world.Start();
  world.PollFor(seconds(5));
  EXPECT_EQ(world.Live().gaps, 1u);
}

TEST(FileSource, SaysNothingOfARotatedFileThatWasReadAndIsDeletedMeanwhile) {
  LogWorld world;
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  world.fs.Rename(kLog, kLog + ".1");
  world.fs.Append(kLog, "2\n");
  world.PollFor(seconds(2));
  world.Stop();
  world.fs.Remove(kLog + ".1");
  world.Start();
  world.PollFor(seconds(5));
  EXPECT_EQ(world.Live().gaps, 0u);
  EXPECT_EQ(world.Live().lost_bytes, 0u);
  EXPECT_THAT(world.lines, ElementsAre("1", "2"));
}

TEST(FileSource, ReadsByTurnsWhereDescriptorsAreFewerThanFiles) {
  LogWorld world({"/log/*.log"});
  world.fs.max_open = 20;
  std::vector<std::string> expected;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 200; ++i) {
      expected.push_back(std::to_string(round) + "-" + std::to_string(i));
      world.fs.Append("/log/" + std::to_string(i) + ".log", expected.back() + "\n");
    }
    if (round == 0) world.Start();
    world.PollFor(seconds(20));
  }
  EXPECT_THAT(world.lines, testing::UnorderedElementsAreArray(expected));
  EXPECT_LE(world.fs.open_count(), 20u);
}

// Every log is rotated and written anew at once, over and over, also more than once between looks.
TEST(FileSource, ReadsByTurnsWhatIsRotatedWhereDescriptorsAreFewerThanFiles) {
  for (const bool late : {false, true}) {
    for (const int rotations : {1, 3}) {
      LogWorld world({"/log/*.log"});
      world.fs.max_open = 6;
      std::vector<std::string> expected;
      const auto write = [&](const std::shared_ptr<MemoryFs::Node>& node, int i) {
        expected.push_back(std::to_string(expected.size()) + "-" + std::to_string(i));
        world.fs.AppendTo(node, expected.back() + "\n");
      };
      const auto name = [](int i) { return "/log/" + std::to_string(i) + ".log"; };
      for (int i = 0; i < 20; ++i) write(world.fs.Create(name(i)), i);
      world.Start();
      world.PollFor(seconds(60));
      for (int round = 0; round < 9; ++round) {
        for (int i = 0; i < 20; ++i) {
          if (late) write(world.fs.Find(name(i)), i);
          world.fs.Rename(name(i), name(i) + "." + std::to_string(round));
          write(world.fs.Create(name(i)), i);
        }
        if (round % rotations == rotations - 1) world.PollFor(seconds(60));
      }
      EXPECT_EQ(world.lines.size(), expected.size()) << late << rotations;
      EXPECT_THAT(world.lines, testing::UnorderedElementsAreArray(expected)) << late << rotations;
      EXPECT_LE(world.fs.open_count(), 6u);
      EXPECT_EQ(world.Live().lost_bytes, 0u);
      EXPECT_EQ(world.Live().gaps, 0u);
    }
  }
}

}  // namespace
}  // namespace bouncesight
