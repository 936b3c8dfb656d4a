#include "daemon/system/threads.h"

#include <atomic>

#include <gtest/gtest.h>

#include "tests/daemon/system/no_threads.h"

namespace bouncesight {
namespace {

TEST(Threads, DoTheWorkOnAsManyCoresAsAskedFor) {
  std::atomic<int> done{0};
  RunOnCores(3, [&] { ++done; });
  EXPECT_EQ(done, 3);
}

TEST(Threads, DoTheWorkAllTheSameWhereThereAreNone) {
  const NoThreads none;
  int done = 0;
  RunOnCores(3, [&] { ++done; });
  EXPECT_EQ(done, 1);
  EXPECT_EQ(none.refused(), 1);
  EXPECT_FALSE(TryThread([] {}).joinable());
}

}  // namespace
}  // namespace bouncesight
