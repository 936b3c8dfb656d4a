// What happens to a log between two looks, before anything of it was read. Each was found by a
// random program (log_program.h).
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/files/gzip.h"
#include "tests/daemon/files/log_world.h"
#include "tests/daemon/system/captured_log.h"

namespace bouncesight {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

const std::string kLog = "/log/mail.log";

// Another inode with the log's content and `more` behind it takes its place.
void ReplaceByCopy(LogWorld& world, const std::string& more = "") {
  world.fs.Copy(kLog, "/tmp/copy");
  world.fs.Append("/tmp/copy", more);
  world.fs.Rename("/tmp/copy", kLog);
}

TEST(FileSource, CountsALogOnceThatItsCopyReplacesUnread) {
  LogWorld world;
  world.fs.Create(kLog);
  world.Start();
  world.PollFor(seconds(2));
  world.fs.Append(kLog, "1\n2\n");
  ReplaceByCopy(world, "3\n");
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3"));
}

TEST(FileSource, CountsALogOnceThatWasCutAndReplacedByItsCopyUnread) {
  const std::string long_line(2000, 'x');
  for (const std::string& line : {std::string("a longer line than the first one"), long_line}) {
    LogWorld world;
    world.fs.Append(kLog, "first\n");
    world.Start();
    world.PollFor(seconds(2));
    world.fs.Truncate(kLog);
    world.fs.Append(kLog, line + "\n");
    ReplaceByCopy(world, "last\n");
    world.PollFor(seconds(30));
    EXPECT_THAT(world.lines, UnorderedElementsAre("first", line, "last"));
  }
}

TEST(FileSource, CountsWhatIsInACopyThatWasPutAsideUnread) {
  LogWorld world;
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  ReplaceByCopy(world, "2\n");
  RotateLog(world, kLog);
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, ElementsAre("1", "2"));
}

TEST(FileSource, CountsTwoCopiesThatAPatternFindsAtOnceUnreadOnce) {
  LogWorld world({"/log/*.log"});
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  ReplaceByCopy(world, "2\n3\n");
  world.fs.Copy(kLog, "/log/copy.log");
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, ElementsAre("1", "2", "3"));
}

TEST(FileSource, FindsTheRestOfALogThatAPatternDoesNotFindAtTheStart) {
  LogWorld world({"/log/*.log"});
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  world.Stop();
  world.fs.Append(kLog, "2\n");
  world.fs.Rename(kLog, kLog + ".1");
  world.Start();
  world.PollFor(seconds(15));
  EXPECT_THAT(world.lines, ElementsAre("1", "2")) << "its next one may be long in coming";
  EXPECT_EQ(world.Live().gaps, 0u);
}

TEST(FileSource, FindsTheRestOfALogWhoseNextOneAnotherPathReads) {
  LogWorld world({"/log/*.log"});
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  world.Stop();
  world.fs.Append(kLog, "2\n");
  RotateLog(world, kLog);
  world.fs.Append(kLog, "3\n");
  world.fs.Link(kLog, "/log/hard.log");
  world.Start();
  world.PollFor(seconds(15));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3"));
}

TEST(FileSource, CountsACopyOnceThatIsCutOrReplacedBeforeItIsOpened) {
  for (const bool cut : {true, false}) {
    LogWorld world;
    world.fs.Append(kLog, "1\n");
    world.Start();
    world.PollFor(seconds(2));
    world.fs.Append(kLog, "2\n");
    ReplaceByCopy(world);
    world.Poll();
    world.fs.Append(kLog, "3\n");
    world.fs.Copy(kLog, kLog + ".1");
    if (!cut) world.fs.Remove(kLog);
    if (!cut) world.fs.Create(kLog);  // the same inode
    world.fs.Truncate(kLog);
    world.fs.Append(kLog, "4\n5\n6\n");
    world.PollFor(seconds(30));
    EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3", "4", "5", "6")) << cut;
  }
}

TEST(FileSource, LeavesTheTornLineOfACopyToItsOriginal) {
  for (const std::string before : {"", "1\n"}) {
    LogWorld world({"/log/*.log"});
    world.fs.Append(kLog, before);
    world.Start();
    world.PollFor(seconds(2));
    world.fs.Append(kLog, "torn");
    world.fs.Copy(kLog, "/log/copy.log");
    world.PollFor(seconds(5));
    world.fs.Remove("/log/copy.log");
    world.PollFor(seconds(30));
    world.fs.Append(kLog, " no more\n");
    world.PollFor(seconds(5));
    EXPECT_EQ(world.lines.back(), "torn no more");
    EXPECT_EQ(world.lines.size(), before.empty() ? 1u : 2u);
  }
}

TEST(FileSource, LeavesTheTornLineOfACopyToItsOriginalThatIsPutAsideMeanwhile) {
  LogWorld world({"/log/*.log"});
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  world.fs.Append(kLog, "torn");
  world.fs.Copy(kLog, "/log/copy.log");
  world.PollFor(seconds(5));
  world.fs.Remove("/log/copy.log");
  world.fs.Append(kLog, " no more\n2\n");
  world.fs.Copy(kLog, kLog + ".1");
  world.fs.Truncate(kLog);
  world.fs.Rename(kLog, "/archive/mail.log");
  world.clock.Advance(seconds(60));
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "torn no more", "2"));
}

TEST(FileSource, LeavesTheTornFirstLineOfACopyToItsOriginalThatIsRotatedMeanwhile) {
  LogWorld world({"/log/*.log"});
  world.Start();
  world.fs.Append(kLog, std::string(1200, 'x'));
  world.fs.Copy(kLog, "/log/copy.log");  // it is opened first
  world.PollFor(seconds(4));
  world.fs.Remove("/log/copy.log");
  world.fs.Append(kLog, " no more\n");
  RotateLog(world, kLog);
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, ElementsAre(std::string(1200, 'x') + " no more"));
}

TEST(FileSource, FindsEveryFileThatMultilogRotatesBetweenTwoLooks) {
  LogWorld world({"/log/current"});
  world.fs.Append("/log/current", "1\n");
  world.Start();
  world.PollFor(seconds(2));
  for (const std::string second : {"1", "2", "3"}) {
    world.fs.Append("/log/current", "of " + second + "\n");
    world.fs.Rename("/log/current", "/log/@40000000692dd0e" + second + "2e8d9f44.s");
  }
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "of 1", "of 2", "of 3"));
}

TEST(FileSource, FindsWhatWasWrittenToAFileBehindALinkThatWasPutAsideUnread) {
  LogWorld world({"/link/mail.log"});
  world.fs.SymbolicLink(kLog, "/link/mail.log");
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  world.Commit();
  ReplaceByCopy(world, "2\n");
  world.fs.Rename(kLog, kLog + ".1");
  world.clock.Advance(seconds(12));
  world.Poll();
  world.Commit();
  world.KillAndStart();
  world.Poll();
  world.fs.Append(kLog + ".1", "3\n");
  world.Stop();
  world.Start();
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, ElementsAre("1", "2", "3"));
}

// The one that stood further is known by the file that goes on there, the other by the same file.
TEST(FileSource, GoesOnAfterAStartWhereTheFurthestOfItsPositionsStands) {
  LogWorld world;
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  ReplaceByCopy(world, "2\n");
  world.PollFor(seconds(2));
  world.Stop();
  ReplaceByCopy(world, "3\n");
  RotateLog(world, kLog);
  world.Start();
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, ElementsAre("1", "2", "3"));
}

// copytruncate: what was there stands in a copy, and the log begins anew.
void Cut(LogWorld& world) {
  if (world.fs.Exists(kLog + ".1")) world.fs.Rename(kLog + ".1", kLog + ".2");
  world.fs.Copy(kLog, kLog + ".1");
  world.fs.Truncate(kLog);
}

// The path of before is the past of the one that leads to the same place.
TEST(FileSource, FindsWhatTwoCutsPutAsideBeforeThePathWasChangedToALinkOrBack) {
  const std::string link = "/link/mail.log";
  for (const auto& [before, after] : {std::pair{kLog, link}, std::pair{link, kLog}}) {
    LogWorld world({before});
    world.fs.SymbolicLink(kLog, link);
    world.fs.Append(kLog, "a longer line than the next one\n");
    world.Start();
    world.PollFor(seconds(2));
    Cut(world);
    world.fs.Append(kLog, "2\n");
    Cut(world);
    world.Stop();
    world.SetPaths({after});
    world.Start();
    world.PollFor(seconds(30));
    EXPECT_THAT(world.lines, ElementsAre("a longer line than the next one", "2")) << before;
  }
}

TEST(FileSource, ReadsAfterAStartWhatWaitedForACopyBefore) {
  for (const std::string path : {"/log/*.log", "/log/mail.log"}) {
    LogWorld world({"/log/*.log"});
    world.fs.Append(kLog, "1\n");
    world.Start();
    world.PollFor(seconds(2));
    RotateLog(world, kLog);
    world.fs.Append(kLog, std::string(1200, 'x'));
    world.fs.Copy(kLog, "/log/copy.log");  // it is opened first
    world.PollFor(seconds(4));
    world.fs.Remove("/log/copy.log");
    world.fs.Append(kLog, " no more\n");
    RotateLog(world, kLog);
    world.PollFor(seconds(2));
    world.Stop();
    world.SetPaths({path});
    world.Start();
    world.PollFor(seconds(30));
    EXPECT_THAT(world.lines, ElementsAre("1", std::string(1200, 'x') + " no more")) << path;
  }
}

TEST(FileSource, ReadsARestOnceThatIsFoundByItsInodeAndInACopy) {
  LogWorld world;
  world.SetRotated({"/archive/*"});
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  ReplaceByCopy(world);
  world.PollFor(seconds(2));
  world.Commit();
  world.fs.Append(kLog, "2\n");
  world.fs.Link(kLog, "/log/kept");
  world.fs.Copy(kLog, "/archive/mail.log.1");
  world.fs.Remove(kLog);
  world.fs.Append(kLog, "3\n");
  world.KillAndStart();
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3"));
}

// A hard link has the log's file; what follows bears the log's name alone.
TEST(FileSource, FindsWhatRotationsPutAsideOfALogThatAnotherPathHasOpen) {
  for (const bool down : {false, true}) {
    for (const bool created : {false, true}) {
      LogWorld world({"/log/*.log"});
      world.fs.Append(kLog, "1\n");
      world.fs.Link(kLog, "/log/a.log");
      world.Start();
      world.PollFor(seconds(2));
      if (down) world.Stop();
      world.fs.Rename(kLog, kLog + ".1");
      if (down) world.Start();
      if (down) world.PollFor(seconds(2));
      world.fs.Append(kLog, "2\n");
      RotateLog(world, kLog);
      if (!created) world.fs.Remove(kLog);
      world.PollFor(seconds(30));
      EXPECT_THAT(world.lines, ElementsAre("1", "2")) << down << created;
    }
  }
}

TEST(FileSource, FindsWhatCutsAndARotationPutAsideOfALogThatAnotherPathHasOpen) {
  LogWorld world({"/log/*.log"});
  world.fs.Append(kLog, "a longer line than the next one\n");
  world.fs.Link(kLog, "/log/a.log");
  world.Start();
  world.PollFor(seconds(2));
  Cut(world);
  world.fs.Append(kLog, "2\n");
  Cut(world);
  world.fs.Rename(kLog + ".2", kLog + ".3");
  RotateLog(world, kLog);
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, ElementsAre("a longer line than the next one", "2"));
}

// Packed while nobody looked: what was read of it is known by its content.
void PackFirst(LogWorld& world, const std::string& packed) {
  world.Stop();
  RotateLog(world, kLog);
  world.fs.Remove(kLog + ".1");
  world.fs.Create(kLog + ".1.gz")->bytes = packed;
  world.fs.Append(kLog, "9\n");
  world.Start();
}

TEST(FileSource, T24ReadsAPackedFileAgainThatTheDiskDidNotGive) {
  LogWorld world;
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  int left = 5;
  world.fs.fault = [&](const std::string& call, const std::string& path) {
    return call == "read" && path.ends_with(".gz") && left-- > 0 ? -EIO : 0;
  };
  PackFirst(world, Gzip("1\n2\n3\n"));
  world.PollFor(seconds(60));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3", "9"));
  EXPECT_EQ(world.Live().files_abandoned, 0u);
}

TEST(FileSource, SaysWhatIsWrongWithAPackedFileThatItGivesUp) {
  struct Case {
    std::string packed;
    const char* says;
  };
  const std::string asks_for_1_gib("\x28\xb5\x2f\xfd\x00\xa0", 6);  // a frame of zstd
  const Case cases[] = {
      {Gzip("1\n2\n") + asks_for_1_gib, "asks for more than 128 MiB of memory to be unpacked"},
      {Gzip("1\n2\n").substr(0, 20), "is torn (cut short)"},
      {asks_for_1_gib, "cannot be unpacked (asks for more than 128 MiB of memory"},
  };
  for (const auto& [packed, says] : cases) {
    LogWorld world;
    CapturedLog log;
    world.fs.Append(kLog, "1\n");
    world.Start();
    world.PollFor(seconds(2));
    PackFirst(world, packed);
    world.PollFor(seconds(60));
    EXPECT_THAT(log.text(), testing::HasSubstr(says));
    EXPECT_EQ(world.Live().files_abandoned, 1u) << says;
    EXPECT_EQ(world.lines.back(), "9") << says;
  }
}

}  // namespace
}  // namespace bouncesight
