// What lies between two files of a log that patterns, links and copies name, too. Each was found by
// a random program (log_program.h).
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

// copytruncate: what was there stands in a copy, and the log begins anew.
void Cut(LogWorld& world) {
  world.fs.Copy(kLog, kLog + ".1");
  world.fs.Truncate(kLog);
}

// What a pattern found is looked for when it is gone, too, as long as its writer may come back.
TEST(FileSource, FindsWhatCameAndWasPutAsideUnreadOfALogThatAPatternHasFoundBefore) {
  LogWorld world({"/log/*.log"});
  world.SetRotated({"/archive/*"});
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  world.fs.Rename(kLog, "/archive/mail.log.1");
  world.PollFor(seconds(60));
  world.fs.Append(kLog, "2\n");
  world.fs.Rename(kLog, "/archive/mail.log.2");
  world.PollFor(seconds(2));
  EXPECT_THAT(world.lines, ElementsAre("1", "2"));
  EXPECT_EQ(world.Live().files->missing, 1u) << "the pattern, not what it found";
}

TEST(FileSource, FindsAfterAKillWhatWasPutAsideOfALogThatIsKnownByItsCopyAlone) {
  LogWorld world({"/log/*.log"});
  world.SetRotated({"/archive/*"});
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  world.fs.Copy(kLog, "/archive/mail.log.1");
  world.fs.Remove(kLog);
  world.Poll(seconds(8));
  world.fs.Append(kLog, "2\n");
  RotateLog(world, kLog);
  world.fs.Append(kLog, "3\n");
  world.fs.Copy(kLog, "/log/copy.log");  // it is opened first
  world.Poll();
  world.Commit();
  world.fs.Remove("/log/copy.log");
  world.KillAndStart();
  world.Poll();  // the copy's path goes on in its original
  world.Stop();
  world.Start();
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3"));
}

TEST(FileSource, FindsWhatACutPutAsideOfALogThatIsBackUnderTwoNames) {
  LogWorld world({"/log/*.log"});
  world.SetRotated({"/archive/*"});
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(std::chrono::milliseconds(1750));
  world.fs.Copy(kLog, "/archive/mail.log.1");
  world.fs.Remove(kLog);
  world.Poll();  // the next one looks for names, too
  world.fs.Append(kLog, "2\n");
  world.fs.Link(kLog, "/log/a.log");
  Cut(world);
  world.Poll();
  world.Commit();
  world.fs.Append(kLog, "3\n");
  world.KillAndStart();
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3"));
}

// The copy ends in the line's middle, and its original goes on: nobody needs to wait.
TEST(FileSource, ReadsAnOriginalAtOnceThatGoesOnWhereItsTornCopyEnds) {
  const std::string torn(1500, 'x');
  LogWorld world({"/log/*.log"});
  world.fs.Append("/log/copy.log", torn);
  world.Start();
  world.PollFor(seconds(2));
  world.fs.Append(kLog, torn + " no more\n");
  world.fs.Remove("/log/copy.log");
  world.PollFor(seconds(2));
  EXPECT_THAT(world.lines, ElementsAre(torn + " no more"));
  world.fs.Remove(kLog);
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, ElementsAre(torn + " no more"));
}

// The original is deleted, and both are quiet at the same time.
TEST(FileSource, GivesALineOnceThatACopyBeginsWhereverItsOriginalIsClosedFirst) {
  for (const std::string copy : {"/log/a.log", "/log/z.log"}) {
    LogWorld world({"/log/*.log"});
    world.fs.Append(kLog, "1\ntorn");
    world.Start();
    world.PollFor(seconds(2));
    world.fs.Copy(kLog, copy);
    world.PollFor(seconds(4));
    world.fs.Append(kLog, " no more\n2\n");
    world.fs.Remove(copy);
    world.Poll();
    world.fs.Remove(kLog);
    world.Poll();
    world.clock.Advance(seconds(20));
    world.PollFor(seconds(30));
    EXPECT_THAT(world.lines, ElementsAre("1", "torn no more", "2")) << copy;
  }
}

// The log that was cut has the inode of before under a name that is not this one's.
TEST(FileSource, FindsWhatWasWrittenToACutLogBehindALinkThatIsGone) {
  LogWorld world({"/log/*.log"});
  world.fs.Append(kLog, "a longer line than the next one\n");
  world.fs.Link(kLog, "/log/a.log");
  world.Start();
  world.PollFor(seconds(2));
  world.Commit();
  Cut(world);
  world.fs.Append(kLog, "2\n");
  RotateLog(world, kLog);
  while (world.Live().truncations == 0) world.Poll();
  world.fs.Remove("/log/a.log");
  world.KillAndStart();
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, UnorderedElementsAre("a longer line than the next one", "2"));
}

// Nothing was counted of what had that inode, so that it proves nothing.
TEST(FileSource, TakesNoStrangerForItsEmptyLogByAnInodeThatWasGivenAnew) {
  LogWorld world;
  world.fs.Create(kLog);
  world.Start();
  world.PollFor(seconds(2));
  world.Stop();
  const auto inode = world.fs.Find(kLog)->inode;
  world.fs.Remove(kLog);
  world.fs.Append("/log/auth.log", "of another log\n");
  ASSERT_EQ(world.fs.Find("/log/auth.log")->inode, inode);
  world.Start();
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, ElementsAre());
}

// The link leads nowhere at the start; where it led to before tells where rotated files lie.
TEST(FileSource, FindsWhatWasPutAsideUnreadBehindALinkWhoseLogWasDeletedBefore) {
  LogWorld world({"/link/mail.log"});
  world.fs.SymbolicLink(kLog, "/link/mail.log");
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  world.fs.Remove(kLog);
  world.PollFor(seconds(20));
  world.Stop();
  world.fs.Append(kLog, "2\n");
  world.fs.Rename(kLog, kLog + ".1");
  world.Start();
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, ElementsAre("1", "2"));
}

// logrotate ends the packing of a file between our two looks at it: when we have opened the file,
// unread yet, and come to its packed form, which stands alone by then.
TEST(FileSource, T05CountsOnceWhatIsPackedBetweenTwoLooksAtIt) {
  for (const std::string& unread : {std::string("2\n"), "2 " + std::string(2000, 'x') + "\n"}) {
    for (const bool known : {false, true}) {
      LogWorld world;
      world.fs.Append(kLog, "1\n");
      world.Start();
      world.PollFor(seconds(2));
      if (known) world.Stop();
      RotateLog(world, kLog);
      world.fs.Append(kLog, unread);
      RotateLog(world, kLog);
      world.fs.Append(kLog, "3\n");
      world.fs.Create(kLog + ".1.gz")->bytes = Gzip(unread);
      world.fs.fault = [&](const std::string& call, const std::string& path) {
        const bool packed = call == "open" && path == kLog + ".1.gz";
        if (packed && world.fs.Exists(kLog + ".1")) world.fs.Remove(kLog + ".1");
        return 0;
      };
      if (known) world.Start();
      world.PollFor(seconds(30));
      EXPECT_FALSE(world.fs.Exists(kLog + ".1")) << "else this proves nothing";
      EXPECT_THAT(world.lines, UnorderedElementsAre("1", unread.substr(0, unread.size() - 1), "3"));
    }
  }
}

// A reader that is held up has the log open, empty, and finds it packed when it looks again.
TEST(FileSource, T05CountsOnceWhatWasOpenedEmptyAndIsPackedByTheNextLook) {
  LogWorld world;
  world.fs.Append(kLog, "1\n");
  world.Start();
  world.PollFor(seconds(2));
  RotateLog(world, kLog);
  world.PollFor(seconds(2));
  world.fs.Append(kLog, "2\n");
  RotateLog(world, kLog);
  world.fs.Append(kLog, "3\n");
  RotateLog(world, kLog);
  world.fs.Append(kLog, "4\n");
  world.fs.Remove(kLog + ".2");
  world.fs.Create(kLog + ".2.gz")->bytes = Gzip("2\n");
  world.PollFor(seconds(30));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3", "4"));
}

}  // namespace
}  // namespace bouncesight
