#include <gmock/gmock.h>

#include "tests/daemon/syslog/syslog_world.h"
#include "tests/daemon/system/captured_log.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(SyslogDatagrams, T30BecomeLinesWhateverTheirForm) {
  SyslogWorld world;
  world.Start({"udp://127.0.0.1:0"});
  const Sender sender = Sender::Udp(world.port());
  const std::string largest(65'507, 'x');
  for (const std::string& datagram :
       {std::string("<22>one"), std::string("<22>two\n"), std::string("<22>three\0", 10),
        std::string("<22>four\n<22>five\nsix"), std::string(), std::string("no priority"),
        std::string("9 <22>seven"), std::string("\n"), std::string("<22>8\0<22>9\0", 12),
        largest}) {
    sender.Send(datagram);
  }
  ASSERT_TRUE(world.TurnUntilLines(11));
  world.lines[10].resize(5);
  EXPECT_THAT(world.lines,
              ElementsAre("<22>one", "<22>two", "<22>three", "<22>four", "<22>five", "six",
                          "no priority", "<22>seven", "<22>8", "<22>9", "xxxxx"));
  EXPECT_EQ(world.Datagrams("accepted"), 8u);
  EXPECT_EQ(world.Datagrams("empty"), 2u);
}

TEST(SyslogDatagrams, EndTheirLastLineThemselves) {
  SyslogWorld world;
  world.Start({"udp://127.0.0.1:0"});
  const Sender sender = Sender::Udp(world.port());
  sender.Send("first half");
  sender.Send("second half\n");
  ASSERT_TRUE(world.TurnUntilLines(2));
  EXPECT_THAT(world.lines, ElementsAre("first half", "second half"));
}

TEST(SyslogDatagrams, ComeByEitherFamilyOfTheInternet) {
  SyslogWorld world;
  world.Start({"udp://[::]:0"});
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(world.port());
  v6.sin6_addr = in6addr_loopback;
  Sender::Udp(world.port()).Send("by IPv4");
  Sender(SOCK_DGRAM, v6).Send("by IPv6");
  ASSERT_TRUE(world.TurnUntilLines(2));
  EXPECT_THAT(world.lines, ElementsAre("by IPv4", "by IPv6"));
}

TEST(SyslogDatagrams, ThatAreLongerThanTheirBufferAreCutAndSaidToBe) {
  const TemporaryFolder folder;
  SyslogWorld world;
  world.Start({"unix://" + folder / "log"});
  Sender(SOCK_DGRAM, UnixPath(folder / "log")).Send("<22>" + std::string(100'000, 'x'));
  ASSERT_TRUE(world.TurnUntilLines(1));
  EXPECT_EQ(world.lines[0].size(), LineSplitter::kMaxLineBytes);
  EXPECT_EQ(world.Datagrams("truncated"), 1u);
  EXPECT_EQ(world.Datagrams("accepted"), 0u);
}

TEST(SyslogDatagrams, ComeAgainAfterTheFileOfTheirSocketWasTakenAway) {
  const TemporaryFolder folder;
  const std::string path = folder / "log";
  SyslogWorld world;
  world.Start({"unix://" + path});
  const Sender old(SOCK_DGRAM, UnixPath(path));
  ASSERT_EQ(::unlink(path.c_str()), 0);
  old.Send("to the old one");
  world.clock.Advance(std::chrono::seconds(2));
  ASSERT_TRUE(world.TurnUntilLines(1));
  Sender(SOCK_DGRAM, UnixPath(path)).Send("to the new one");
  ASSERT_TRUE(world.TurnUntilLines(2));
  EXPECT_THAT(world.lines, ElementsAre("to the old one", "to the new one"));
}

TEST(SyslogDatagrams, WaitForAProgramThatHasTakenTheirSocketToGo) {
  const TemporaryFolder folder;
  const std::string path = folder / "log";
  SyslogWorld world;
  world.Start({"unix://" + path});
  ASSERT_EQ(::unlink(path.c_str()), 0);
  auto thief = ListenSocket::Open(*ParseListenAddress("unix://" + path));
  ASSERT_TRUE(thief);
  world.clock.Advance(std::chrono::seconds(2));
  world.source->Turn();
  Sender(SOCK_DGRAM, UnixPath(path)).Send("to the thief");
  thief->reset();
  world.clock.Advance(std::chrono::seconds(2));
  world.source->Turn();
  Sender(SOCK_DGRAM, UnixPath(path)).Send("to us");
  ASSERT_TRUE(world.TurnUntilLines(1));
  EXPECT_THAT(world.lines, ElementsAre("to us"));
}

TEST(SyslogDatagrams, T31OfPeersThatAreNotListedAreCountedAndNotRead) {
  SyslogWorld world;
  world.config.allow = {"127.0.0.7"};
  world.Start({"udp://127.0.0.1:0"});
  Sender::Udp(world.port(), 0x7f000008).Send("refused");
  Sender::Udp(world.port(), 0x7f000007).Send("taken");
  ASSERT_TRUE(world.TurnUntilLines(1));
  EXPECT_THAT(world.lines, ElementsAre("taken"));
  EXPECT_EQ(world.Datagrams("denied"), 1u);
}

TEST(SyslogDatagrams, T32OverTheRateAreRefusedToWhoFloodsAndToNobodyElse) {
  SyslogWorld world;
  world.config.rate_limit = 10;
  world.Start({"udp://127.0.0.1:0"});
  const Sender flood = Sender::Udp(world.port(), 0x7f000002);
  const Sender other = Sender::Udp(world.port(), 0x7f000003);
  for (int second = 0; second < 20; ++second) {
    for (int i = 0; i < 100; ++i) flood.Send("flood");
    for (int i = 0; i < 10; ++i) other.Send("other");
    ASSERT_TRUE(world.TurnUntil([&] {
      return world.Datagrams("accepted") + world.Datagrams("rate_limited") ==
             static_cast<std::uint64_t>(second + 1) * 110;
    }));
    world.clock.Advance(std::chrono::seconds(1));
  }
  EXPECT_EQ(std::count(world.lines.begin(), world.lines.end(), "other"), 200);
  EXPECT_EQ(std::count(world.lines.begin(), world.lines.end(), "flood"), 200);
}

TEST(SyslogDatagrams, CostAsManyTokensAsTheyHaveLines) {
  SyslogWorld world;
  world.config.rate_limit = 5;
  world.Start({"udp://127.0.0.1:0"});
  const Sender sender = Sender::Udp(world.port());
  sender.Send("a\nb\nc\n");
  sender.Send("d\ne\nf\n");
  sender.Send("g\nh\n");
  ASSERT_TRUE(world.TurnUntilLines(5));
  EXPECT_THAT(world.lines, ElementsAre("a", "b", "c", "g", "h"));
  EXPECT_EQ(world.Datagrams("rate_limited"), 1u);
}

TEST(SyslogDatagrams, T29AreReceivedOrCountedAsDroppedByTheKernel) {
  SyslogWorld world;
  world.Start({"udp://127.0.0.1:0"});
  const Sender sender = Sender::Udp(world.port());
  const std::string datagram(8000, 'x');
  constexpr std::uint64_t kSent = 5000;  // more than any buffer of the kernel holds
  for (std::uint64_t i = 0; i < kSent; ++i) sender.Send(datagram);
  ASSERT_TRUE(world.TurnUntil([&] {
    return world.Datagrams("accepted") + world.Live().kernel_drops.value_or(0) == kSent;
  }));
  EXPECT_GT(world.Live().kernel_drops, 0u);
  EXPECT_THAT(world.lines, SizeIs(world.Datagrams("accepted")));
}

TEST(SyslogDatagrams, OfOneTurnAreBounded) {
  SyslogWorld world;
  world.Start({"udp://127.0.0.1:0"});
  const Sender sender = Sender::Udp(world.port());
  for (int i = 0; i < 400; ++i) sender.Send(std::string(1000, 'x'));
  EXPECT_TRUE(world.source->Turn());
  EXPECT_GE(world.lines.size() * 1000, Source::kTurnBytes);
  EXPECT_LE(world.lines.size() * 1000, Source::kTurnBytes + DatagramBatch::kDatagrams * 1000);
}

TEST(SyslogDatagrams, ThatTheKernelHoldsAreReadBeforeTheEnd) {
  SyslogWorld world;
  world.Start({"udp://127.0.0.1:0"});
  const Sender sender = Sender::Udp(world.port());
  for (int i = 0; i < 400; ++i) sender.Send(std::string(1000, 'x'));
  world.source->Farewell();
  EXPECT_THAT(world.lines, SizeIs(400));
  EXPECT_FALSE(world.source->Turn());
}

TEST(SyslogDatagrams, WakeAWorkerThatIsIdle) {
  SyslogWorld world;
  world.Start({"udp://127.0.0.1:0"});
  int woken = 0;
  world.source->OnNews([&] { ++woken; });
  EXPECT_FALSE(world.source->Turn());
  world.io.poll();
  EXPECT_EQ(woken, 0);
  const Sender sender = Sender::Udp(world.port());
  sender.Send("<22>one");
  world.io.run();
  EXPECT_EQ(woken, 1);
  ASSERT_TRUE(world.TurnUntilLines(1));
  EXPECT_FALSE(world.source->Turn());
  sender.Send("<22>two");
  world.io.restart();
  world.io.run();
  EXPECT_EQ(woken, 2) << "and again";
}

TEST(SyslogDatagrams, GoToTheSourceThatTakesTheSocketOver) {
  SyslogWorld world;
  world.Start({"udp://127.0.0.1:0"});
  const Sender sender = Sender::Udp(world.port());
  sender.Send("<22>one");
  const auto before = std::move(world.source);
  world.Start();
  ASSERT_TRUE(world.TurnUntilLines(1));
  before->Farewell();
  sender.Send("<22>two");
  ASSERT_TRUE(world.TurnUntilLines(2));
}

// Each look at it comes a second after the one before: nothing is done in time.
class HurriedClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::seconds(++looks_));
  }
  std::chrono::system_clock::time_point Wall() const override { return {}; }

 private:
  mutable int looks_ = 0;
};

TEST(SyslogDatagrams, T28AreNamedWhereTheEndLeavesNoTimeToReadThem) {
  for (const int sent : {1, 400}) {
    const CapturedLog log;
    SyslogWorld world;
    world.config.listen = {"udp://127.0.0.1:0"};
    auto setup = SetUpSyslog(world.config, world.pool, world.fs);
    ASSERT_TRUE(setup) << setup.error().message;
    const Sender sender = Sender::Udp(setup->sockets[0]->port());
    const HurriedClock clock;
    RecordingStreams streams(world.lines);
    SyslogSource source(std::move(*setup), clock, streams, world.io);
    for (int i = 0; i < sent; ++i) sender.Send("<22>" + std::string(1000, 'x'));
    source.Farewell();
    const bool all = world.lines.size() == static_cast<std::size_t>(sent);
    EXPECT_EQ(all, sent == 1) << world.lines.size();
    const bool told = log.text().find("source relay: its sockets hold more") != std::string::npos;
    EXPECT_EQ(told, !all) << log.text();
  }
}

TEST(SyslogSource, NeedsNoPositionAndHasAlwaysCaughtUp) {
  SyslogWorld world;
  world.Start({"udp://127.0.0.1:0"});
  EXPECT_TRUE(world.source->caught_up());
  EXPECT_EQ(world.source->SaveState(), "");
  EXPECT_TRUE(world.source->RestoreState(""));
}

TEST(SyslogSource, TellsWhenALineWasReadLast) {
  SyslogWorld world;
  world.Start({"udp://127.0.0.1:0"});
  world.source->Turn();
  EXPECT_EQ(world.Live().last_line_timestamp_seconds, 0);
  Sender::Udp(world.port()).Send("<22>one");
  ASSERT_TRUE(world.TurnUntilLines(1));
  EXPECT_EQ(world.Live().last_line_timestamp_seconds, 500'000.0 * 3600);
}

TEST(SyslogDatagrams, TellOnceWhereNothingCame) {
  for (const bool comes : {false, true}) {
    const CapturedLog log;
    SyslogWorld world;
    world.Start({"udp://127.0.0.1:0", "tcp://127.0.0.1:0"});
    const Sender sender = Sender::Udp(world.port());
    if (comes) {
      sender.Send("<22>mail\n");
      ASSERT_TRUE(world.TurnUntilLines(1));
    }
    for (int minute = 0; minute < 3; ++minute) {
      world.source->Turn();
      world.clock.Advance(std::chrono::seconds(61));
    }
    world.source->Turn();
    const std::string words = "a minute after the start: nothing has come by udp://127.0.0.1:" +
                              std::to_string(world.port()) + ", tcp://127.0.0.1:";
    const std::size_t at = log.text().find(words);
    EXPECT_EQ(at != std::string::npos, !comes) << log.text();
    EXPECT_EQ(log.text().find(words, at + 1), std::string::npos) << log.text();
  }
}

}  // namespace
}  // namespace bouncesight
