// Every call on the sockets of a syslog source fails once, and several times in a row, in every
// way: it starts, is sent datagrams and streams, senders come and go. No line is lost or counted
// twice, but what a connection that broke had on its way.
#include <cerrno>
#include <set>

#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include "tests/daemon/syslog/syslog_world.h"
#include "tests/daemon/system/failing_calls.h"
#include "tests/daemon/system/fault_walk.h"

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

// Each of `some` once, and one of `all` or the beginning of one.
bool ArePartsOf(const std::multiset<std::string>& some, const std::multiset<std::string>& all) {
  return std::ranges::all_of(some, [&](const std::string& line) {
    const auto begins = [&line](const std::string& whole) { return whole.starts_with(line); };
    return some.count(line) == 1 && std::ranges::any_of(all, begins);
  });
}

class SyslogFaults : public testing::TestWithParam<int> {};

TEST_P(SyslogFaults, T24LoseNoLineButOfAConnectionThatBroke) {
  const std::multiset<std::string> all = {"<22>udp 1",   "<22>udp 2",   "<22>tcp 1",  "<22>tcp 2",
                                          "<22>local 1", "<22>local 2", "<22>other 1"};
  const FaultySyslog well(0, 0, 0);
  ASSERT_EQ(std::multiset<std::string>(well.lines().begin(), well.lines().end()), all);
  ForEachFault(well.calls(), 29, CallFaultsOf, [&](std::size_t nth, int way, const auto& site) {
    const FaultySyslog faulty(nth, way, GetParam());
    const std::multiset<std::string> counted(faulty.lines().begin(), faulty.lines().end());
    const bool broke = IsReset(way) && faulty.ended() > 0;
    EXPECT_TRUE(broke ? ArePartsOf(counted, all) : counted == all)
        << "call " << nth << ", " << site << ", fails with " << way << ": "
        << testing::PrintToString(counted);
  });
}

INSTANTIATE_TEST_SUITE_P(InARow, SyslogFaults, testing::Values(1, 2, 5));

}  // namespace
}  // namespace bouncesight
