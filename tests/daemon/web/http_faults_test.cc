// Every call on the sockets of the HTTP side fails once, and several times in a row, in every way.
// A scraper that asks again, as they all do, gets its answer; the server never ends by it.
#include <cerrno>
#include <cstdlib>
#include <future>
#include <set>
#include <thread>

#include <arpa/inet.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "daemon/system/owned_fd.h"
#include "daemon/web/http_server.h"
#include "daemon/web/web_guard.h"
#include "tests/daemon/system/failing_calls.h"
#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {
namespace {

constexpr std::string_view kBody = "bouncesight_up 1\n";

// What comes back for a request over a connection of its own; empty: nothing did.
std::string Scrape(std::uint16_t port) {
  const OwnedFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return {};
  }
  const timeval patience{10, 0};  // so that a server that is silent fails the test
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  constexpr std::string_view kRequest =
      "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  ::send(fd.get(), kRequest.data(), kRequest.size(), MSG_NOSIGNAL);
  std::string answer, buffer(4096, '\0');
  for (ssize_t n = 1; n > 0;) {
    n = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
    if (n > 0) answer.append(buffer, 0, static_cast<std::size_t>(n));
  }
  return answer;
}

class FaultyServer {
 public:
  FaultyServer(std::size_t nth, int error, int times, const std::string& only = {})
      : calls_(nth, error, times, only) {
    EXPECT_TRUE(guard_.Load());
    Listen();
    if (server_) AnswerScrapes();
  }

  const std::vector<std::string>& calls() const { return calls_.calls(); }
  int answered() const { return answered_; }

 private:
  // As systemd does it, which starts again what has not started.
  void Listen() {
    const HttpHandler handler = [](const HttpRequest&) {
      return HttpReply::Text(200, std::string(kBody));
    };
    for (int tries = 0; !server_ && tries < 20; ++tries) {
      const FailingCalls::Armed armed(calls_);
      auto server = std::make_unique<HttpServer>(io_, handler, guard_);
      const Status status = server->Listen("127.0.0.1:0");
      if (status) server_ = std::move(server);
      EXPECT_TRUE(status || !status.error().message.empty());
    }
  }

  void AnswerScrapes() {
    const std::string address = server_->addresses().at(0);
    const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)));
    std::future<int> scraper = std::async(std::launch::async, [port] {
      int answered = 0;
      for (int i = 0; i < 3; ++i) {
        bool well = false;
        for (int tries = 0; !well && tries < 8; ++tries) well = Scrape(port).ends_with(kBody);
        answered += static_cast<int>(well);
      }
      return answered;
    });
    while (scraper.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      const FailingCalls::Armed armed(calls_);
      io_.run_for(std::chrono::milliseconds(5));
    }
    answered_ = scraper.get();
    server_->Stop();
    io_.run_for(std::chrono::milliseconds(1));
  }

  FailingCalls calls_;
  FakeClock clock_;
  RealFileSystem fs_;
  WebGuard guard_{"", fs_, clock_};
  boost::asio::io_context io_{1};
  boost::asio::steady_timer timer_{io_};  // which makes Asio's epoll set
  std::unique_ptr<HttpServer> server_;
  int answered_ = 0;
};

// BOUNCESIGHT_FAULT_STEP=1 tries every call in every way; without it, one in 7 of these.
class HttpFaults : public testing::TestWithParam<int> {};

TEST_P(HttpFaults, T24LeaveTheServerAnswering) {
  const FaultyServer well(0, 0, 0);
  ASSERT_EQ(well.answered(), 3);
  std::map<std::string, std::size_t> sites;
  for (const std::string& call : well.calls()) ++sites[call];
  sites.erase("epoll_wait");  // Asio's own, made again whatever it says
  const char* text = std::getenv("BOUNCESIGHT_FAULT_STEP");
  const std::size_t step = text ? std::strtoul(text, nullptr, 10) : 7;
  std::size_t runs = 0, ways = 0;
  for (const auto& [site, count] : sites) {
    for (std::size_t nth = 1; nth <= std::min<std::size_t>(count, 4); ++nth) {
      for (const int error : CallFaultsOf(site)) {
        if (++ways % step != 0) continue;
        ++runs;
        EXPECT_EQ(FaultyServer(nth, error, GetParam(), site).answered(), 3)
            << site << " " << nth << " fails with " << error;
      }
    }
  }
  std::printf("%zu calls of %zu kinds, %zu faults\n", well.calls().size(), sites.size(), runs);
}

INSTANTIATE_TEST_SUITE_P(InARow, HttpFaults, testing::Values(1, 5));

}  // namespace
}  // namespace bouncesight
