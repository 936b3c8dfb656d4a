// The whole way, from the socket to the counters: what was read is counted or skipped.
#include <gtest/gtest.h>

#include "daemon/source_maker.h"
#include "tests/daemon/count/counting_world.h"
#include "tests/daemon/syslog/syslog_world.h"

namespace bouncesight {
namespace {

constexpr const char* kText =
    "4XyZ0000: to=<user@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, "
    "delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: 550 5.1.1 "
    "no such person (in reply to RCPT TO command))";

struct Sums {
  std::uint64_t counted = 0, skipped = 0, partial = 0;

  void Add(const SourceTally& source) {
    counted += source.counted;
    for (const std::uint64_t lines : source.skipped) skipped += lines;
    partial += source.skipped[static_cast<std::size_t>(SkipReason::kPartial)];
  }
};

// Turns until so many lines are counted or skipped, but not for ever.
Sums Take(Worker& worker, std::uint64_t lines) {
  Sums sums;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (sums.counted + sums.skipped < lines && std::chrono::steady_clock::now() < end) {
    worker.TurnOnce();
    const HandOver over = worker.CollectNow();
    for (const auto& tally : over.tallies) {
      for (const SourceTally& source : tally->sources()) sums.Add(source);
    }
  }
  return sums;
}

class SyslogCounting : public testing::Test {
 protected:
  void SetUp() override {
    world.config.type = SourceType::kSyslog;
    world.config.listen = {"udp://127.0.0.1:0", "tcp://127.0.0.1:0"};
    const auto setup = SetUpSyslog(world.config, world.pool, world.fs);
    ASSERT_TRUE(setup) << setup.error().message;
    udp_port = setup->sockets[0]->port();
    tcp_port = setup->sockets[1]->port();
    // Gets the same sockets: the setup still holds them.
    auto maker = MakerOf(world.config, {world.fs, world.clock, world.pool});
    ASSERT_TRUE(maker) << maker.error().message;
    worker.AddSource("relay", world.config.lines, *maker, {});
  }

  SyslogWorld world;
  std::shared_ptr<const RuleSet> rules = SmallRules();
  Worker worker{rules, NamesOf(*rules)};
  std::uint16_t udp_port = 0, tcp_port = 0;
};

TEST_F(SyslogCounting, HoldsTheLawOverEveryFormOfMessage) {
  const Sender udp = Sender::Udp(udp_port);
  const Sender tcp = Sender::Tcp(tcp_port);
  std::uint64_t expected = 0;
  for (const std::string header : {
           "<22>Nov 21 18:00:00 mx1 postfix/smtp[9]: ",
           "<22>Nov 21 18:00:00 postfix/smtp[9]: ",  // by /dev/log: no host
           "<22>1 2026-11-21T18:00:00.123456+00:00 mx1 postfix/smtp 9 - - ",
           "<22>2026-11-21T18:00:00+00:00 mx1 postfix/smtp[9]: ",
           "Nov 21 18:00:00 mx1 postfix/smtp[9]: ",
       }) {
    const std::string event = header + kText;
    udp.Send(event);
    udp.Send(event + "\n" + event + std::string(1, '\0'));
    tcp.Send(event + "\n");
    expected += 4;
    if (!event.starts_with('<')) continue;  // no octet count goes without a priority
    tcp.Send(std::to_string(event.size()) + " " + event);
    ++expected;
  }
  udp.Send("<22>Nov 21 18:00:00 mx1 CRON[1]: (root) CMD (true)");
  tcp.Send("nothing that anybody knows\n");
  tcp.Send("100 <22>cut");
  ::shutdown(tcp.fd(), SHUT_WR);
  const Sums sums = Take(worker, expected + 3);
  EXPECT_EQ(sums.counted, expected);
  EXPECT_EQ(sums.skipped, 3u);
  EXPECT_EQ(sums.partial, 1u);
}

}  // namespace
}  // namespace bouncesight
