// A source that reads nothing says so.
#include <gmock/gmock.h>

#include "tests/daemon/files/gzip.h"
#include "tests/daemon/files/log_world.h"
#include "tests/daemon/system/captured_log.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;

constexpr const char* kMail =
    "Nov 21 18:00:00 mx1 postfix/smtp[9]: 4F1A2B3C4D: to=<ann@example.org>, "
    "relay=mx.example.org[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 "
    "ok)\n";

std::size_t Warnings(const std::string& log) {
  std::size_t count = 0;
  for (std::size_t at = log.find("warning:"); at != std::string::npos;
       at = log.find("warning:", at + 1)) {
    ++count;
  }
  return count;
}

TEST(Silence, IsBrokenOnceAMinuteAfterTheStart) {
  const CapturedLog log;
  LogWorld world({"/log/mial.log"});
  world.fs.Append("/log/mail.log", "x\n");
  world.Start();
  world.PollFor(std::chrono::seconds(59));
  EXPECT_EQ(Warnings(log.text()), 0u) << log.text();
  world.PollFor(std::chrono::seconds(600));
  EXPECT_EQ(Warnings(log.text()), 1u) << log.text();
  EXPECT_THAT(log.text(), HasSubstr("source mail: a minute after the start: /log/mial.log is not "
                                    "there; the nearest is /log/mail.log"));
}

TEST(Silence, IsBrokenWhereALogIsEmptyOrHasNoMail) {
  struct Case {
    const char* lines;
    const char* words;
  };
  const Case cases[] = {
      {"", "/log/mail.log is empty: if mail was sent meanwhile, the mail server logs elsewhere"},
      {"Nov 21 18:00:00 host kernel: usb 1-1: new device\n",
       "the only line of /log/mail.log is not of a mail server, as of `kernel`; is this the mail "
       "log?"},
      {"first\rsecond\rthird\r", "the lines of /log/mail.log end with CR alone"},
      {"x\ny\nz",
       "none of the last 3 lines of /log/mail.log is of a mail server; is this the mail"},
  };
  for (const Case& each : cases) {
    const CapturedLog log;
    LogWorld world({"/log/mail.log"});
    world.fs.Append("/log/mail.log", each.lines);
    world.Start();
    world.PollFor(std::chrono::seconds(600));
    EXPECT_EQ(Warnings(log.text()), 1u) << log.text();
    EXPECT_THAT(log.text(), HasSubstr(each.words));
  }
}

TEST(Silence, IsKeptWhereAnEmptyLogHasJustBegunAnew) {
  const CapturedLog log;
  LogWorld world({"/log/mail.log"});
  world.fs.Append("/log/mail.log", "");
  world.fs.Append("/log/mail.log.1", kMail);
  world.Start();
  world.PollFor(std::chrono::seconds(600));
  EXPECT_EQ(Warnings(log.text()), 0u) << log.text();
}

TEST(Silence, IsBrokenWhereNobodyHasWrittenForADay) {
  for (const FirstSight start : {FirstSight::kEnd, FirstSight::kBeginning}) {
    const CapturedLog log;
    LogWorld world({"/log/mail.log"}, start);
    world.fs.Append("/log/mail.log", kMail);
    world.clock.Advance(std::chrono::hours(50));
    world.Start();
    world.PollFor(std::chrono::seconds(100));
    const bool told = log.text().find("nobody has written to /log/mail.log for 2 days: if mail") !=
                      std::string::npos;
    EXPECT_EQ(told, start == FirstSight::kEnd) << log.text();
  }
}

TEST(Silence, IsBrokenWhereAFileIsNamedThatIsPackedOrPutAside) {
  for (const std::string path : {"/log/mail.log.1", "/log/mail.log.2.gz"}) {
    const CapturedLog log;
    LogWorld world({path}, FirstSight::kEnd);
    world.fs.Append("/log/mail.log", kMail);
    world.fs.Append(path, kMail);
    world.Start();
    world.PollFor(std::chrono::seconds(100));
    EXPECT_THAT(log.text(), HasSubstr("nobody writes to it: follow /log/mail.log; `bouncesight "
                                      "report " +
                                      path + "` reads what is in it"));
  }
}

TEST(Silence, IsBrokenWhereALogIsPackedUnderAPlainName) {
  const CapturedLog log;
  LogWorld world({"/log/mail.log"}, FirstSight::kEnd);
  world.fs.Create("/log/mail.log")->bytes = Gzip(kMail);
  world.Start();
  world.PollFor(std::chrono::seconds(100));
  EXPECT_THAT(log.text(), HasSubstr("/log/mail.log is packed, and nobody writes to it"));
}

TEST(Silence, IsBrokenWhereAPackedLogIsWrittenOnInPlainText) {
  for (const bool before : {true, false}) {
    for (const FirstSight start : {FirstSight::kBeginning, FirstSight::kEnd}) {
      const CapturedLog log;
      LogWorld world({"/log/mail.log"}, start);
      world.fs.Create("/log/mail.log")->bytes = Gzip(kMail);
      if (before) world.fs.Append("/log/mail.log", kMail);
      world.Start();
      world.PollFor(std::chrono::seconds(30));
      if (!before) world.fs.Append("/log/mail.log", kMail);
      world.PollFor(std::chrono::seconds(20));
      EXPECT_EQ(Warnings(log.text()), 1u) << log.text();
      EXPECT_THAT(log.text(), HasSubstr("/log/mail.log is packed, and what is written behind the"));
      EXPECT_EQ(world.Live().files->denied, 1u);
      world.fs.Append("/log/mail.log", kMail);
      world.PollFor(std::chrono::seconds(5));
      EXPECT_EQ(Warnings(log.text()), 1u) << "said once";
    }
  }
}

TEST(Silence, IsKeptWhereTheLogComesInTime) {
  const CapturedLog log;
  LogWorld world({"/log/mail.log", "/log/*.log"});
  world.Start();
  world.PollFor(std::chrono::seconds(30));
  world.fs.Append("/log/mail.log", kMail);
  world.PollFor(std::chrono::seconds(60));
  EXPECT_EQ(Warnings(log.text()), 0u) << log.text();
}

TEST(Silence, ShowsInTheStatesOfTheFiles) {
  LogWorld world({"/log/mail.log", "/log/nowhere.log", "/log/old/*.log"});
  world.fs.Append("/log/mail.log", "x\n");
  world.Start();
  world.Poll();
  world.Poll();
  ASSERT_TRUE(world.Live().files);
  EXPECT_EQ(world.Live().files->open, 1u);
  EXPECT_EQ(world.Live().files->missing, 2u);
  world.fs.Append("/log/old/a.log", "x\n");
  world.PollFor(std::chrono::seconds(2));
  EXPECT_EQ(world.Live().files->open, 2u);
  EXPECT_EQ(world.Live().files->missing, 1u);
}

}  // namespace
}  // namespace bouncesight
