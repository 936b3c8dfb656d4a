#include "daemon/web/rate_limiter.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

using std::chrono::milliseconds;

int Allowed(RateLimiter& limiter, const RateLimit& limit, RateLimiter::Time now, int asked) {
  int allowed = 0;
  for (int i = 0; i < asked; ++i) allowed += limiter.Allow(limit, now) ? 1 : 0;
  return allowed;
}

TEST(RateLimiter, AllowsABurstAndThenOneEachInterval) {
  RateLimiter limiter;
  const RateLimit limit{milliseconds(100), 5};
  RateLimiter::Time now{std::chrono::hours(1)};
  EXPECT_EQ(Allowed(limiter, limit, now, 100), 5);
  EXPECT_EQ(Allowed(limiter, limit, now + milliseconds(99), 100), 0);
  EXPECT_EQ(Allowed(limiter, limit, now + milliseconds(100), 100), 1);
  EXPECT_EQ(Allowed(limiter, limit, now + milliseconds(350), 100), 2);
  EXPECT_EQ(Allowed(limiter, limit, now + std::chrono::hours(1), 100), 5);
}

TEST(RateLimiter, WithoutAnIntervalThereIsNoLimit) {
  RateLimiter limiter;
  EXPECT_EQ(Allowed(limiter, {}, {}, 100), 100);
}

TEST(RateLimiter, ANewLimitStartsWithAFullBucket) {
  RateLimiter limiter;
  const RateLimiter::Time now{std::chrono::hours(1)};
  EXPECT_EQ(Allowed(limiter, {milliseconds(100), 2}, now, 9), 2);
  EXPECT_EQ(Allowed(limiter, {milliseconds(100), 3}, now, 9), 3);
}

}  // namespace
}  // namespace bouncesight
