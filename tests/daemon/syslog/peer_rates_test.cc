#include "daemon/syslog/peer_rates.h"

#include <gtest/gtest.h>

#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

PeerAddress Peer(unsigned number) {
  PeerAddress peer;
  peer.bytes = {0x20, 0x01, 0x0d, 0xb8};
  peer.bytes[14] = static_cast<std::uint8_t>(number >> 8);
  peer.bytes[15] = static_cast<std::uint8_t>(number);
  return peer;
}

int Taken(PeerRates& rates, unsigned peer, int offered, PeerRates::Time now) {
  int taken = 0;
  for (int i = 0; i < offered; ++i) taken += rates.Take(Peer(peer), 1, now) ? 1 : 0;
  return taken;
}

TEST(PeerRates, GiveASecondOfLinesAtOnceAndThenTheRate) {
  FakeClock clock;
  PeerRates rates(100);
  EXPECT_EQ(Taken(rates, 1, 1000, clock.Steady()), 100);
  clock.Advance(milliseconds(250));
  EXPECT_EQ(Taken(rates, 1, 1000, clock.Steady()), 25);
  clock.Advance(seconds(60));
  EXPECT_EQ(Taken(rates, 1, 1000, clock.Steady()), 100) << "no more is saved up than a second's";
}

TEST(PeerRates, T32ChargeOnePeerForItsFloodAndNobodyElse) {
  FakeClock clock;
  PeerRates rates(100);
  int others = 0;
  for (int tick = 0; tick < 1000; ++tick) {  // ten seconds, a flood of 100,000 lines a second
    Taken(rates, 0, 1000, clock.Steady());
    others += Taken(rates, 1 + static_cast<unsigned>(tick) % 2, 1, clock.Steady());
    clock.Advance(milliseconds(10));
  }
  EXPECT_EQ(others, 1000);
}

TEST(PeerRates, LetAMessageThroughThatIsLargerThanASecondAllows) {
  FakeClock clock;
  PeerRates rates(10);
  EXPECT_TRUE(rates.Take(Peer(1), 50, clock.Steady()));
  clock.Advance(seconds(4));
  EXPECT_FALSE(rates.Take(Peer(1), 1, clock.Steady())) << "it is in debt";
  clock.Advance(milliseconds(200));
  EXPECT_TRUE(rates.Take(Peer(1), 1, clock.Steady()));
}

TEST(PeerRates, LetAStreamReadAgainOnceItsDebtIsPaid) {
  FakeClock clock;
  PeerRates rates(10);
  EXPECT_TRUE(rates.MayRead(Peer(1), clock.Steady()));
  rates.Charge(Peer(1), 30, clock.Steady());
  clock.Advance(milliseconds(2000));
  EXPECT_FALSE(rates.MayRead(Peer(1), clock.Steady()));
  clock.Advance(milliseconds(100));
  EXPECT_TRUE(rates.MayRead(Peer(1), clock.Steady()));
}

TEST(PeerRates, T31RememberThePeersHeardLastAndNoMore) {
  FakeClock clock;
  PeerRates rates(1);
  EXPECT_TRUE(rates.Take(Peer(0), 1, clock.Steady()));
  for (unsigned peer = 1; peer < 10'000; ++peer) {
    EXPECT_TRUE(rates.Take(Peer(peer), 1, clock.Steady()));
    EXPECT_EQ(rates.Take(Peer(0), 1, clock.Steady()), false) << "heard all the time";
  }
  EXPECT_EQ(rates.size(), PeerRates::kMaxPeers);
  EXPECT_FALSE(rates.Take(Peer(10'000 - 1023), 1, clock.Steady())) << "among the last 1,024";
  EXPECT_TRUE(rates.Take(Peer(10'000 - 1024), 1, clock.Steady())) << "forgotten";
}

TEST(PeerRates, RememberNobodyWithoutALimit) {
  PeerRates rates(0);
  EXPECT_FALSE(rates.limited());
  EXPECT_TRUE(rates.Take(Peer(1), 1'000'000, {}));
  EXPECT_EQ(rates.size(), 0u);
}

}  // namespace
}  // namespace bouncesight
