#include <fcntl.h>
#include <gmock/gmock.h>

#include "tests/daemon/syslog/syslog_world.h"
#include "tests/daemon/system/captured_log.h"

namespace bouncesight {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(SyslogStreams, CarryMessagesOfEitherFraming) {
  const TemporaryFolder folder;
  SyslogWorld world;
  world.Start({"tcp://127.0.0.1:0", "unix-stream://" + folder / "stream"});
  for (const Sender& sender :
       {Sender::Tcp(world.port()), Sender(SOCK_STREAM, UnixPath(folder / "stream"))}) {
    world.lines.clear();
    sender.Send("7 <22>one9 <22>three<22>fo");
    ASSERT_TRUE(world.TurnUntilLines(2));
    sender.Send("ur\n");
    ASSERT_TRUE(world.TurnUntilLines(3));
    EXPECT_THAT(world.lines, ElementsAre("<22>one", "<22>three", "<22>four"));
  }
}

TEST(SyslogStreams, OfSeveralSendersDoNotMix) {
  SyslogWorld world;
  world.Start({"tcp://127.0.0.1:0"});
  const Sender first = Sender::Tcp(world.port());
  const Sender second = Sender::Tcp(world.port());
  first.Send("9 <2");
  second.Send("<22>a sec");
  ASSERT_TRUE(world.TurnUntil([&] { return world.Live().open_connections == 2u; }));
  first.Send("2>first");
  second.Send("ond\n");
  ASSERT_TRUE(world.TurnUntilLines(2));
  EXPECT_THAT(world.lines, testing::UnorderedElementsAre("<22>first", "<22>a second"));
}

TEST(SyslogStreams, GiveTheirLastLineWhenTheyEndAndCountAPieceOfAMessage) {
  SyslogWorld world;
  world.Start({"tcp://127.0.0.1:0"});
  for (const char* bytes : {"<22>whole\n<22>last", "20 <22>a piece"}) {
    Sender::Tcp(world.port()).Send(bytes);
  }
  ASSERT_TRUE(world.TurnUntil([&] { return world.Ended("closed") == 2; }));
  EXPECT_THAT(world.lines,
              testing::UnorderedElementsAre("<22>whole", "<22>last", "partial: <22>a piece"));
  EXPECT_EQ(world.Live().open_connections, 0u);
}

TEST(SyslogStreams, GoOnBehindACountThatIsWrongAndSaySo) {
  const CapturedLog log;
  SyslogWorld world;
  world.Start({"tcp://127.0.0.1:0"});
  const Sender sender = Sender::Tcp(world.port());
  sender.Send("7 <22>one000 <22>two7 <22>six5 <22>three9 <22>seven");
  ASSERT_TRUE(world.TurnUntil([&] { return world.Ended("bad_frame") == 2; }));
  EXPECT_THAT(world.lines,
              ElementsAre("<22>one", "000 <22>two", "<22>six", "<22>t", "hree", "<22>seven"));
  EXPECT_EQ(world.Live().open_connections, 1u);
  EXPECT_THAT(log.text(), testing::HasSubstr("octet count is wrong"));
}

TEST(SyslogStreams, OfPeersThatAreNotListedAreClosedUnread) {
  SyslogWorld world;
  world.config.allow = {"127.0.0.7"};
  world.Start({"tcp://127.0.0.1:0"});
  const Sender refused = Sender::Tcp(world.port(), 0x7f000008);
  refused.Send("refused\n");
  Sender::Tcp(world.port(), 0x7f000007).Send("taken\n");
  ASSERT_TRUE(world.TurnUntilLines(1));
  EXPECT_THAT(world.lines, ElementsAre("taken"));
  EXPECT_EQ(world.Ended("denied"), 1u);
}

// A world with room for three, all of them taken.
void FillUp(SyslogWorld& world, std::vector<Sender>& senders) {
  world.config.max_connections = 3;
  world.Start({"tcp://127.0.0.1:0"});
  for (std::size_t i = 0; i < 3; ++i) {
    senders.push_back(Sender::Tcp(world.port()));
    ASSERT_TRUE(world.TurnUntil([&] { return world.Live().open_connections == i + 1; }));
    world.clock.Advance(std::chrono::milliseconds(1));
  }
}

TEST(SyslogStreams, AtTheLimitGiveWayWhenTheyAreIdleButNotWhatTheySent) {
  SyslogWorld world;
  std::vector<Sender> senders;
  FillUp(world, senders);
  world.clock.Advance(SyslogSource::kMayGiveWay);
  senders[0].Send("the oldest, but not silent\n");
  senders.push_back(Sender::Tcp(world.port()));
  ASSERT_TRUE(world.TurnUntil([&] { return world.Ended("crowded_out") == 1; }));
  EXPECT_THAT(world.lines, ElementsAre("the oldest, but not silent"));
  EXPECT_FALSE(senders[0].SeesTheEnd());
  EXPECT_TRUE(senders[1].SeesTheEnd());
  EXPECT_FALSE(senders[2].SeesTheEnd());
  EXPECT_EQ(world.Live().open_connections, 3u);
}

TEST(SyslogStreams, AtTheLimitWaitWhileNoneIsIdleAndLoseNothing) {
  SyslogWorld world;
  std::vector<Sender> senders;
  FillUp(world, senders);
  senders.push_back(Sender::Tcp(world.port()));
  senders[3].Send("waits\n");
  for (int turn = 0; turn < 50; ++turn) {
    world.clock.Advance(std::chrono::milliseconds(100));
    for (int i = 0; i < 3; ++i) senders[static_cast<std::size_t>(i)].Send("busy\n");
    world.source->Turn();
  }
  EXPECT_EQ(world.Ended("crowded_out"), 0u);
  EXPECT_THAT(world.lines, testing::Not(testing::Contains("waits")));
  senders.erase(senders.begin());
  ASSERT_TRUE(world.TurnUntil([&] {
    world.clock.Advance(std::chrono::milliseconds(100));
    return std::count(world.lines.begin(), world.lines.end(), "waits") == 1;
  }));
}

TEST(SyslogStreams, EndWhenTheyAreSilentForAnHour) {
  SyslogWorld world;
  world.Start({"tcp://127.0.0.1:0"});
  const Sender sender = Sender::Tcp(world.port());
  sender.Send("<22>unfinished");
  ASSERT_TRUE(world.TurnUntil([&] { return world.Live().open_connections == 1u; }));
  world.source->Turn();
  world.clock.Advance(SyslogSource::kIdleTime);
  world.source->Turn();
  EXPECT_EQ(world.Ended("idle"), 0u);
  world.clock.Advance(seconds(1));
  world.source->Turn();
  EXPECT_EQ(world.Ended("idle"), 1u);
  EXPECT_THAT(world.lines, ElementsAre("<22>unfinished"));
  EXPECT_TRUE(sender.SeesTheEnd());
}

TEST(SyslogStreams, ThatAreBusyLeaveTheOthersTheirTurn) {
  SyslogWorld world;
  world.Start({"tcp://127.0.0.1:0"});
  const Sender busy = Sender::Tcp(world.port());
  const Sender quiet = Sender::Tcp(world.port());
  ASSERT_TRUE(world.TurnUntil([&] { return world.Live().open_connections == 2u; }));
  ::fcntl(busy.fd(), F_SETFL, O_NONBLOCK);
  const std::string text(64 * 1024, '\n');
  while (::send(busy.fd(), text.data(), text.size(), MSG_NOSIGNAL) > 0) {
  }
  quiet.Send("quiet\n");
  world.source->Turn();
  EXPECT_THAT(world.lines, testing::Contains("quiet"));
  EXPECT_LE(world.lines.size(), Source::kTurnBytes + SyslogEndpoint::kSliceBytes);
}

TEST(SyslogStreams, OverTheRateAreReadLaterAndLoseNothing) {
  SyslogWorld world;
  world.config.rate_limit = 1000;
  world.Start({"tcp://127.0.0.1:0"});
  const Sender sender = Sender::Tcp(world.port());
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "<22>a line of the flood\n";
  sender.Send(text);
  sender.Send("<22>the last\n");
  for (int second = 0; second < 30; ++second) {
    for (int i = 0; i < 100; ++i) world.source->Turn();
    const auto most = static_cast<std::size_t>(second + 1) * 1000 + 1000;
    EXPECT_LE(world.lines.size(), most) << "a second's lines, and the debt of a slice";
    world.clock.Advance(seconds(1));
  }
  EXPECT_THAT(world.lines, SizeIs(20'001));
}

TEST(SyslogStreams, AreReadToTheirEndBeforeTheDaemonEnds) {
  SyslogWorld world;
  world.Start({"tcp://127.0.0.1:0"});
  const Sender sender = Sender::Tcp(world.port());
  sender.Send("<22>one\n<22>two");
  world.source->Farewell();
  EXPECT_THAT(world.lines, ElementsAre("<22>one", "<22>two"));
  EXPECT_EQ(world.Ended("closed"), 1u);
  EXPECT_TRUE(sender.SeesTheEnd());
}

}  // namespace
}  // namespace bouncesight
