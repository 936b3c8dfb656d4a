// How lines come out of files, and what happens when files cannot be read. Which file is which:
// file_source_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/files/file_source.h"
#include "tests/daemon/files/log_world.h"

namespace bouncesight {
namespace {

using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const std::string kLog = "/log/mail.log";
const std::string kPadding(100, 'p');

TEST(FileSource, T15CountsALineThatComesInPiecesOnce) {
  const std::string text = "the one and only line";
  for (const bool kill : {false, true}) {
    LogWorld world;
    world.fs.Append(kLog, "1\n");
    world.Start();
    for (const char c : text + "\n") {
      world.fs.Append(kLog, std::string(1, c));
      world.Poll();
      world.Commit();
      if (kill) world.KillAndStart();
    }
    world.Poll();
    EXPECT_THAT(world.lines, ElementsAre("1", text));
  }
}

TEST(FileSource, T15GivesTheLastPartialLineOfARotatedFileOnce) {
  LogWorld world;
  world.fs.Append(kLog, "1\nno newline");
  world.Start();
  world.Poll();
  EXPECT_THAT(world.lines, ElementsAre("1"));
  world.fs.Rename(kLog, kLog + ".1");
  world.fs.Append(kLog, "2\n");
  world.Poll();
  world.Commit();
  world.KillAndStart();
  world.PollFor(seconds(11));
  EXPECT_THAT(world.lines, UnorderedElementsAre("1", "no newline", "2"));
  world.Commit();
  world.KillAndStart();
  world.PollFor(seconds(11));
  EXPECT_THAT(world.lines, SizeIs(3));
}

TEST(FileSource, T16CountsLinesOfEveryLengthOnce) {
  const std::size_t most = LineSplitter::kMaxLineBytes;
  LogWorld world;
  std::vector<std::size_t> sizes = {0, 1, most - 1, most, most + 1, 1024 * 1024, 5};
  for (const std::size_t size : sizes) world.fs.Append(kLog, std::string(size, 'x') + "\n");
  world.Start();
  world.Poll();
  world.Commit();
  world.KillAndStart();
  world.Poll();
  ASSERT_THAT(world.lines, SizeIs(sizes.size()));
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    EXPECT_EQ(world.lines[i].size(), std::min(sizes[i], most));
  }
}

TEST(FileSource, T16StaysAliveOnAnEndlessLine) {
  LogWorld world;
  world.Start();
  world.Poll();
  for (int i = 0; i < 100; ++i) {
    world.fs.Append(kLog, std::string(1024 * 1024, 'x'));
    world.Poll();
  }
  world.fs.Append(kLog, "\nend\n");
  world.Poll();
  ASSERT_THAT(world.lines, SizeIs(2));
  EXPECT_EQ(world.lines[1], "end");
}

TEST(FileSource, T17TakesEndsOfLinesAsTheyCome) {
  LogWorld world;
  world.fs.Append(kLog,
                  "\xEF\xBB\xBF"
                  "bom\r\nlone\rcr\nnel\xC2\x85ls\xE2\x80\xA8.\nno end");
  world.Start();
  world.Poll();
  EXPECT_THAT(world.lines, ElementsAre("\xEF\xBB\xBF"
                                       "bom",
                                       "lone\rcr", "nel\xC2\x85ls\xE2\x80\xA8."));
  world.fs.Remove(kLog);
  world.PollFor(seconds(12));
  EXPECT_EQ(world.lines.back(), "no end");
}

TEST(FileSource, T24TriesAgainWhatFailsForAWhile) {
  for (const char* call : {"open", "stat", "read"}) {
    for (const int error : {EACCES, EMFILE, ESTALE, EIO}) {
      LogWorld world;
      world.fs.Append(kLog, "1\n");
      world.Start();
      world.Poll();
      world.fs.Append(kLog, "2\n");
      world.fs.Rename(kLog, kLog + ".1");
      world.fs.Append(kLog, "3\n");
      world.fs.fault = [&](const std::string& name, const std::string&) {
        return name == call ? -error : 0;
      };
      world.PollFor(seconds(3));
      world.fs.fault = nullptr;
      world.PollFor(seconds(5));
      EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3")) << call << " " << error;
    }
  }
}

// However long: what waits there may be what was read, so nothing is given up, and it is told.
TEST(FileSource, T24WaitsForAFolderThatItMayNotList) {
  const std::string late = kLog + ".1";
  const std::vector<std::pair<const char*, std::function<void(LogWorld&)>>> kinds = {
      {"rotated twice between two looks",
       [&](LogWorld& world) {
         RotateLog(world, kLog);
         world.fs.Append(kLog, "3\n");
         RotateLog(world, kLog);
       }},
      {"rotated twice while stopped",
       [&](LogWorld& world) {
         world.Stop();
         RotateLog(world, kLog);
         world.fs.Append(kLog, "3\n");
         RotateLog(world, kLog);
         world.Start();
       }},
      {"copied and cut",
       [&](LogWorld& world) {
         world.fs.Append(kLog, "3\n");
         world.fs.Append(late, world.fs.Find(kLog)->bytes);
         world.fs.Truncate(kLog, 0);
       }},
      {"written to when it was put aside and closed",
       [&](LogWorld& world) {
         RotateLog(world, kLog);
         world.fs.fault = nullptr;
         world.PollFor(seconds(60));
         world.Stop();
         world.fs.Append(late, "3\n");
         world.Start();
       }},
  };
  for (const auto& [kind, happen] : kinds) {
    SCOPED_TRACE(kind);
    LogWorld world;
    world.fs.Append(kLog, "1\n");
    world.Start();
    world.Poll();
    world.fs.Append(kLog, "2\n");
    const auto denied = [](const std::string& name, const std::string&) {
      return name == "list" ? -EACCES : 0;
    };
    world.fs.fault = denied;
    happen(world);
    world.fs.fault = denied;
    world.fs.Append(kLog, "4\n");
    world.PollFor(seconds(300));
    EXPECT_THAT(world.lines, Contains("4"));
    EXPECT_EQ(world.Live().files->denied, 1u);
    EXPECT_EQ(world.Live().lost_bytes, 0u);
    EXPECT_EQ(world.Live().gaps, 0u);
    world.fs.fault = nullptr;
    world.PollFor(seconds(20));
    EXPECT_THAT(world.lines, UnorderedElementsAre("1", "2", "3", "4"));
    EXPECT_EQ(world.Live().files->denied, 0u);
  }
}

TEST(FileSource, DoesNotLoopOnAnErrorThatStays) {
  LogWorld world;
  world.fs.Append(kLog, "1\n");
  int calls = 0;
  world.fs.fault = [&](const std::string& name, const std::string&) {
    calls += name == "open";
    return name == "open" ? -EACCES : 0;
  };
  world.Start();
  world.PollFor(seconds(120));
  EXPECT_LE(calls, 12);
}

TEST(FileSource, T25DoesNotCountTwiceWhenASizeGoesBackForAMoment) {
  LogWorld world;
  world.fs.Append(kLog, "1 " + kPadding + "\n2\n");
  world.Start();
  world.Poll();
  const std::string whole = world.fs.Find(kLog)->bytes;
  world.fs.Find(kLog)->bytes.resize(50);
  world.PollFor(seconds(2));
  world.fs.Find(kLog)->bytes = whole + "3\n";
  world.PollFor(seconds(5));
  EXPECT_THAT(world.lines, ElementsAre("1 " + kPadding, "2", "3"));
}

TEST(FileSource, T26FollowsManyFilesThatComeAndGo) {
  LogWorld world({"/log/*/mail-*.log"});
  for (int i = 0; i < 500; ++i) {
    world.fs.Append("/log/d/mail-x" + std::to_string(i) + ".log", std::to_string(i) + "\n");
  }
  world.fs.Append("/log/d", "");
  world.Start();
  world.PollFor(seconds(2));
  EXPECT_THAT(world.lines, SizeIs(500));
  for (int i = 0; i < 500; ++i) world.fs.Remove("/log/d/mail-x" + std::to_string(i) + ".log");
  world.PollFor(seconds(15));
  EXPECT_EQ(world.fs.open_count(), 0u);
}

TEST(FileSource, DoesNotFollowRotatedFilesThatAGlobMatches) {
  LogWorld world({"/log/mail*"});
  for (const char* name : {"mail.log.1", "mail.log.2.gz", "mail-20261120.log", "mail.log"}) {
    world.fs.Append("/log/" + std::string(name), std::string(name) + "\n");
  }
  world.Start();
  world.PollFor(seconds(2));
  EXPECT_THAT(world.lines, ElementsAre("mail.log"));
  world.fs.Rename("/log/mail.log", "/log/mail.log.3");
  world.PollFor(seconds(15));
  EXPECT_THAT(world.lines, ElementsAre("mail.log"));
}

TEST(FileSource, StarvesNoFileWhileAnotherIsBusy) {
  LogWorld world({"/log/a.log", "/log/b.log"});
  world.fs.Append("/log/a.log", std::string(10'000'000, '\n'));
  world.fs.Append("/log/b.log", "b\n");
  world.Start();
  EXPECT_TRUE(world.source().Turn());
  EXPECT_TRUE(world.source().Turn());
  EXPECT_THAT(world.lines, testing::Contains("b"));
  EXPECT_LE(world.lines.size(), 200'000u);
}

TEST(FileSource, TellsItsLag) {
  LogWorld world;
  world.fs.Append(kLog, std::string(200'000, '\n'));
  world.Start();
  world.source().Turn();
  EXPECT_FALSE(world.source().caught_up());
  EXPECT_EQ(world.Live().lag_bytes, 200'000u - 65536u);
  world.Poll();
  EXPECT_EQ(world.Live().lag_bytes, 0u);
  EXPECT_TRUE(world.source().caught_up());
}

TEST(FileSource, RefusesAStateThatIsNotItsOwn) {
  LogWorld world;
  world.Start();
  EXPECT_FALSE(world.source().RestoreState("nonsense"));
  std::string state = world.source().SaveState();
  state.pop_back();
  EXPECT_FALSE(world.source().RestoreState(state));
}

}  // namespace
}  // namespace bouncesight
