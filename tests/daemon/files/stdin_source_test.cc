#include "daemon/files/stdin_source.h"

#include <thread>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/daemon/count/counting_world.h"
#include "tests/daemon/files/log_world.h"
#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class StdinSourceTest : public testing::Test {
 protected:
  StdinSourceTest() {
    EXPECT_EQ(::pipe(ends_), 0);
    source_ = std::make_unique<StdinSource>("pipe", ends_[0], clock_, streams_, nullptr);
  }
  ~StdinSourceTest() override {
    source_.reset();
    ::close(ends_[0]);
    CloseWriter();
  }
  void Write(const std::string& text) {
    ASSERT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void CloseWriter() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

  int ends_[2];
  FakeClock clock_;
  std::vector<std::string> lines_;
  RecordingStreams streams_{lines_};
  std::unique_ptr<StdinSource> source_;
};

TEST_F(StdinSourceTest, GivesLinesAsTheyCome) {
  EXPECT_FALSE(source_->Turn());
  EXPECT_TRUE(source_->caught_up());
  Write("one\ntw");
  EXPECT_TRUE(source_->Turn());
  EXPECT_FALSE(source_->Turn());
  EXPECT_THAT(lines_, ElementsAre("one"));
  Write("o\n");
  EXPECT_TRUE(source_->Turn());
  EXPECT_THAT(lines_, ElementsAre("one", "two"));
  EXPECT_FALSE(source_->ended());
}

TEST_F(StdinSourceTest, EndsWithALastLineThatHasNoNewline) {
  Write("one\ntwo");
  CloseWriter();
  while (source_->Turn()) {
  }
  EXPECT_TRUE(source_->ended());
  EXPECT_THAT(lines_, ElementsAre("one", "two"));
  EXPECT_FALSE(source_->Turn());
  EXPECT_THAT(lines_, SizeIs(2));
}

TEST_F(StdinSourceTest, LetsTheWriterWaitUntilItIsRead) {
  const std::string line(1023, 'x');
  std::size_t written = 0;
  std::thread writer([&] {
    for (int i = 0; i < 1000; ++i) {
      if (::write(ends_[1], (line + "\n").data(), 1024) == 1024) ++written;
    }
    CloseWriter();
  });
  while (!source_->ended()) source_->Turn();
  writer.join();
  EXPECT_EQ(written, 1000u);
  EXPECT_THAT(lines_, SizeIs(1000));
}

TEST_F(StdinSourceTest, ReadsBetweenTurnsWhatComesMeanwhile) {
  boost::asio::io_context io;
  StdinSource source("pipe", ends_[0], clock_, streams_, &io);
  source.OnNews([&source] {
    while (source.Turn()) {
    }
  });
  EXPECT_FALSE(source.Turn());
  Write("one\n");
  io.run_one();
  EXPECT_THAT(lines_, ElementsAre("one"));
  Write("two\n");
  CloseWriter();
  io.restart();
  while (!source.ended()) io.run_one();
  EXPECT_THAT(lines_, ElementsAre("one", "two"));
}

TEST_F(StdinSourceTest, MayBeTakenAwayWhileItWaits) {
  boost::asio::io_context io;
  auto source = std::make_unique<StdinSource>("pipe", ends_[0], clock_, streams_, &io);
  source->OnNews([&source] { source->Turn(); });
  source->Turn();
  source.reset();
  Write("one\n");
  io.poll();
  EXPECT_THAT(lines_, IsEmpty());
}

TEST_F(StdinSourceTest, EndsAWorkerThatHasNothingElse) {
  const auto rules = SmallRules();
  Worker worker(rules, NamesOf(*rules));
  const Worker::SourceMaker maker = [this](StreamFactory& streams, boost::asio::io_context&) {
    return std::make_unique<StdinSource>("pipe", ends_[0], clock_, streams, nullptr);
  };
  worker.AddSource("pipe", Format::kAuto, maker, {});
  Write(BouncedLine(1));
  worker.TurnOnce();
  EXPECT_FALSE(worker.CollectNow().ended);
  CloseWriter();
  worker.TurnOnce();
  EXPECT_TRUE(worker.CollectNow().ended);
  TellingSource::Told told;
  worker.AddSource("mail", Format::kAuto, Telling(told), {});
  EXPECT_FALSE(worker.CollectNow().ended);
}

}  // namespace
}  // namespace bouncesight
