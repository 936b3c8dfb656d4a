// Every call that standard input costs fails once, and several times in a row, in every way. No
// line is lost or counted twice, but what a pipe that cannot be read any further had on its way.
#include <array>
#include <cerrno>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

#include "daemon/files/stdin_source.h"
#include "tests/daemon/files/log_world.h"
#include "tests/daemon/system/captured_log.h"
#include "tests/daemon/system/failing_calls.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/daemon/system/fault_walk.h"

namespace bouncesight {
namespace {

const std::vector<std::string> kLines = {"one", "two", "three", "four"};

// A writer that comes, waits, and goes.
class FaultyPipe {
 public:
  FaultyPipe(std::size_t nth, int error, int times) : calls_(nth, error, times) {
    EXPECT_EQ(::pipe(ends_.data()), 0);
    {
      const FailingCalls::Armed armed(calls_);
      source_ = std::make_unique<StdinSource>("pipe", ends_[0], clock_, streams_, &io_);
    }
    Write("one\ntw");
    Turn();
    Write("o\nthree\n");
    Turn();
    Write("four");
    ::close(ends_[1]);
    Turn();
    ended_ = source_->ended();
    source_.reset();
    ::close(ends_[0]);
  }

  const std::vector<std::string>& calls() const { return calls_.calls(); }
  const std::vector<std::string>& lines() const { return lines_; }
  bool ended() const { return ended_; }

 private:
  void Write(std::string_view text) const {
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  // As a worker does, four times a second.
  void Turn() {
    for (int i = 0; i < 10; ++i) {
      const FailingCalls::Armed armed(calls_);
      while (source_->Turn()) {
      }
      clock_.Advance(std::chrono::milliseconds(250));
    }
  }

  FailingCalls calls_;
  std::array<int, 2> ends_{};
  FakeClock clock_;
  boost::asio::io_context io_;
  boost::asio::steady_timer timer_{io_};  // as a worker has one, which makes Asio's epoll set
  std::vector<std::string> lines_;
  RecordingStreams streams_{lines_};
  std::unique_ptr<StdinSource> source_;
  bool ended_ = false;
};

class StdinFaults : public testing::TestWithParam<int> {};

TEST_P(StdinFaults, T24LoseNoLineButOfAPipeThatBroke) {
  const FaultyPipe well(0, 0, 0);
  ASSERT_EQ(well.lines(), kLines);
  ASSERT_TRUE(well.ended());
  ForEachFault(well.calls(), 3, CallFaultsOf, [&](std::size_t nth, int way, const auto& site) {
    CapturedLog log;
    const FaultyPipe faulty(nth, way, GetParam());
    const std::vector<std::string>& lines = faulty.lines();
    EXPECT_TRUE(faulty.ended());
    if (site == "read" && way == EIO) {
      EXPECT_LE(lines.size(), kLines.size());
      EXPECT_NE(log.text().find("standard input cannot be read"), std::string::npos) << log.text();
      for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_TRUE(kLines[i].starts_with(lines[i]));
    } else {
      EXPECT_EQ(lines, kLines) << "call " << nth << ", " << site << ", fails with " << way;
    }
  });
}

INSTANTIATE_TEST_SUITE_P(InARow, StdinFaults, testing::Values(1, 2, 5));

}  // namespace
}  // namespace bouncesight
