#include "daemon/status_line.h"

#include <gtest/gtest.h>

#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {
namespace {

Published After(std::uint64_t lines, std::uint64_t lag) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->sources.resize(1);
  snapshot->sources[0].counted = lines;
  Published published;
  published.snapshot = snapshot;
  published.sources.resize(2);
  published.sources[0].lag_bytes = lag;
  return published;
}

TEST(StatusLine, TellsTheRateAndTheLagEachInterval) {
  FakeClock clock;
  StatusLine line;
  EXPECT_EQ(line.Next(After(1000, 5), clock.Steady()), "0 lines/s, 5 bytes behind");
  clock.Advance(std::chrono::seconds(9));
  EXPECT_EQ(line.Next(After(1500, 0), clock.Steady()), std::nullopt);
  clock.Advance(std::chrono::seconds(1));
  EXPECT_EQ(line.Next(After(3000, 0), clock.Steady()), "200 lines/s, 0 bytes behind");
}

TEST(StatusLine, NamesTheSourceThatDoesNotReadAllItLooksFor) {
  FakeClock clock;
  StatusLine line;
  Published published = After(0, 0);
  published.sources[0].name = "mail";
  published.sources[0].files = SourceFiles{.open = 0, .missing = 1, .denied = 2, .hung = 0};
  published.sources[1].name = "exim";
  published.sources[1].files = SourceFiles{.open = 3, .missing = 0, .denied = 0, .hung = 0};
  EXPECT_EQ(line.Next(published, clock.Steady()),
            "0 lines/s, 0 bytes behind; mail: 1 missing, 2 denied");
}

}  // namespace
}  // namespace bouncesight
