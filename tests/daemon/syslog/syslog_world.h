// A syslog source on real sockets of this host, on free ports, and senders for it. Nothing waits
// for time: what was sent over the loopback is there, and turns are taken until it is read.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/syslog/syslog_source.h"
#include "daemon/system/owned_fd.h"
#include "tests/daemon/files/log_world.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/daemon/system/temporary_folder.h"

namespace bouncesight {

class SyslogWorld {
 public:
  SyslogWorld() { config.name = "relay"; }

  // Opens what config.listen says; its errors are the test's.
  void Start() {
    auto setup = SetUpSyslog(config, pool, fs);
    ASSERT_TRUE(setup) << setup.error().message;
    sockets_ = setup->sockets;
    source = std::make_unique<SyslogSource>(std::move(*setup), clock, streams_, io);
  }
  void Start(std::vector<std::string> listen) {
    config.listen = std::move(listen);
    Start();
  }

  std::uint16_t port(std::size_t index = 0) const { return sockets_.at(index)->port(); }

  // Turns until `done`, at most some thousand; a peer on the loopback is never slower.
  template <typename Done>
  testing::AssertionResult TurnUntil(Done done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) return testing::AssertionFailure() << "in vain";
      source->Turn();
    }
    return testing::AssertionSuccess();
  }
  testing::AssertionResult TurnUntilLines(std::size_t count) {
    return TurnUntil([&] { return lines.size() >= count; });
  }

  LiveSource Live() {
    LiveSource live;
    source->Describe(live);
    return live;
  }
  std::uint64_t Datagrams(const std::string& result) { return Of(Live().datagrams, result); }
  std::uint64_t Ended(const std::string& result) { return Of(Live().connections, result); }

  SourceConfig config;
  FakeClock clock;
  RealFileSystem fs;
  SocketPool pool;
  boost::asio::io_context io;
  std::vector<std::string> lines;
  std::unique_ptr<SyslogSource> source;

 private:
  static std::uint64_t Of(const std::vector<std::pair<std::string, std::uint64_t>>& figures,
                          const std::string& result) {
    for (const auto& [name, count] : figures) {
      if (name == result) return count;
    }
    ADD_FAILURE() << "no figure for " << result;
    return 0;
  }

  RecordingStreams streams_{lines};
  SocketPool::Sockets sockets_;
};

inline sockaddr_in Loopback(std::uint16_t port, std::uint32_t host = INADDR_LOOPBACK) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(host);
  return address;
}

inline sockaddr_un UnixPath(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

// A socket that sends to one address, from 127.0.0.1 or another address of the loopback.
class Sender {
 public:
  template <typename Address>
  Sender(int type, const Address& to, std::uint32_t from = 0)
      : fd_(::socket(reinterpret_cast<const sockaddr&>(to).sa_family, type | SOCK_CLOEXEC, 0)) {
    if (from != 0) {
      const sockaddr_in own = Loopback(0, from);
      EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own), 0);
    }
    EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  static Sender Udp(std::uint16_t port, std::uint32_t from = 0) {
    return {SOCK_DGRAM, Loopback(port), from};
  }
  static Sender Tcp(std::uint16_t port, std::uint32_t from = 0) {
    return {SOCK_STREAM, Loopback(port), from};
  }

  // All of it, or the test fails.
  void Send(std::string_view bytes) const {
    const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    EXPECT_EQ(sent, static_cast<ssize_t>(bytes.size()));
  }
  // The other side has closed the connection.
  bool SeesTheEnd() const {
    char byte = 0;
    return ::recv(fd_.get(), &byte, 1, MSG_DONTWAIT) == 0;
  }
  void Close() { fd_ = OwnedFd(); }
  int fd() const { return fd_.get(); }

 private:
  OwnedFd fd_;
};

}  // namespace bouncesight
