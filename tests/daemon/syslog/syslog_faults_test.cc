// Every call on the sockets of a syslog source fails once, and several times in a row, in every
// way: it starts, is sent datagrams and streams, senders come and go. No line is lost or counted
// twice, but what a connection that broke had on its way.
#include <cerrno>
#include <cstdlib>
#include <set>

#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include "tests/daemon/syslog/syslog_world.h"
#include "tests/daemon/system/failing_calls.h"

namespace bouncesight {
namespace {

// To a connection that has broken, perhaps.
void Give(const Sender& sender, std::string_view bytes) {
  static_cast<void>(::send(sender.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

class FaultySyslog {
 public:
  FaultySyslog(std::size_t nth, int error, int times) : calls_(nth, error, times) {
    config_.name = "relay";
    config_.listen = {"udp://127.0.0.1:0", "tcp://127.0.0.1:0",
                      "unix-stream://" + folder_ / "stream"};
    Live();
  }

  const std::vector<std::string>& calls() const { return calls_.calls(); }
  const std::vector<std::string>& lines() const { return lines_; }
  std::uint64_t ended() const { return ended_; }

 private:
  void Live() {
    Start();
    ASSERT_TRUE(source_) << "it does not start";
    const Sender udp = Sender::Udp(Port(0));
    const Sender tcp = Sender::Tcp(Port(1));
    const Sender local(SOCK_STREAM, UnixPath(folder_ / "stream"));
    Give(udp, "<22>udp 1");
    Give(tcp, "<22>tcp 1\n<22>tcp ");
    Give(local, "<22>local 1\n");
    TurnUntil(3);
    Give(udp, "<22>udp 2");
    Give(tcp, "2\n");
    Give(local, "<22>local 2\n");
    Give(Sender::Tcp(Port(1)), "<22>other 1\n");
    TurnUntil(7);
    LiveSource live;
    source_->Describe(live);
    for (const auto& [name, count] : live.connections) ended_ += count;
  }

  // As systemd does it, which starts again what has not started.
  void Start() {
    for (int tries = 0; !source_ && tries < 20; ++tries) {
      const FailingCalls::Armed armed(calls_);
      auto setup = SetUpSyslog(config_, pool_, fs_);
      if (!setup) {
        EXPECT_NE(setup.error().message, "");
        continue;
      }
      sockets_ = setup->sockets;
      source_ = std::make_unique<SyslogSource>(std::move(*setup), clock_, streams_, io_);
    }
  }
  std::uint16_t Port(std::size_t index) const { return sockets_.at(index)->port(); }

  // What is sent over the loopback is there; what failed is tried again within a second.
  void TurnUntil(std::size_t count) {
    for (int idle = 0; idle < 20; ++idle) {
      if (lines_.size() >= count) idle = std::max(idle, 15);  // and no more of them
      const FailingCalls::Armed armed(calls_);
      while (source_->Turn()) {
      }
      clock_.Advance(std::chrono::milliseconds(250));
    }
  }

  FailingCalls calls_;
  TemporaryFolder folder_;
  SourceConfig config_;
  FakeClock clock_;
  RealFileSystem fs_;
  SocketPool pool_;
  boost::asio::io_context io_;
  boost::asio::steady_timer timer_{io_};  // as a worker has one, which makes Asio's epoll set
  std::vector<std::string> lines_;
  RecordingStreams streams_{lines_};
  SocketPool::Sockets sockets_;
  std::unique_ptr<SyslogSource> source_;
  std::uint64_t ended_ = 0;
};

bool IsReset(int error) { return error == ECONNRESET || error == ETIMEDOUT; }

class SyslogFaults : public testing::TestWithParam<int> {};

// BOUNCESIGHT_FAULT_STEP=1 tries every call in every way; without it, one in 29 of these.
TEST_P(SyslogFaults, T24LoseNoLineButOfAConnectionThatBroke) {
  const char* text = std::getenv("BOUNCESIGHT_FAULT_STEP");
  const std::size_t step = text ? std::strtoul(text, nullptr, 10) : 29;
  const std::multiset<std::string> all = {"<22>udp 1",   "<22>udp 2",   "<22>tcp 1",  "<22>tcp 2",
                                          "<22>local 1", "<22>local 2", "<22>other 1"};
  const FaultySyslog well(0, 0, 0);
  ASSERT_EQ(std::multiset<std::string>(well.lines().begin(), well.lines().end()), all);
  std::size_t runs = 0;
  std::set<std::string> sites;
  for (std::size_t nth = 1; nth <= well.calls().size(); ++nth) {
    const std::string& site = well.calls()[nth - 1];
    sites.insert(site);
    const auto& faults = CallFaultsOf(site);
    for (std::size_t way = 0; way < faults.size(); ++way) {
      if ((nth + way) % step != 0) continue;
      ++runs;
      const FaultySyslog faulty(nth, faults[way], GetParam());
      const std::multiset<std::string> counted(faulty.lines().begin(), faulty.lines().end());
      const bool broke = IsReset(faults[way]) && faulty.ended() > 0;
      const bool well_counted =
          broke ? std::ranges::all_of(counted,
                                      [&](const std::string& line) {
                                        return counted.count(line) == 1 &&
                                               std::ranges::any_of(all,
                                                                   [&](const std::string& whole) {
                                                                     return whole.starts_with(line);
                                                                   });
                                      })
                : counted == all;
      EXPECT_TRUE(well_counted) << "call " << nth << ", " << site << ", fails with " << faults[way]
                                << ": " << testing::PrintToString(counted);
    }
  }
  std::printf("%zu calls of %zu kinds, %zu faults\n", well.calls().size(), sites.size(), runs);
}

INSTANTIATE_TEST_SUITE_P(InARow, SyslogFaults, testing::Values(1, 2, 5));

}  // namespace
}  // namespace bouncesight
