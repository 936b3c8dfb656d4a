#include "metrics/delay_histogram.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(DelayHistogram, PutsADelayIntoTheFirstBucketThatHoldsIt) {
  const struct {
    double seconds;
    std::size_t bucket;
  } cases[] = {{0, 0}, {0.1, 0}, {0.11, 1}, {1, 3}, {432000, 17}, {432001, 18}, {1e300, 18}};
  for (const auto& one : cases) {
    DelayHistogram histogram;
    histogram.Observe(one.seconds);
    EXPECT_EQ(histogram.buckets[one.bucket], 1U) << one.seconds;
    EXPECT_EQ(histogram.count(), 1U);
  }
}

TEST(DelayHistogram, CountsTheBoundsBelowADelayRightAtEachOfThem) {
  std::vector<double> delays = {0, -0.0, 1e-300, 0.0625, 0.125, 1e9};
  for (const double bound : kDelayBounds) {
    for (const double delay : {std::nextafter(bound, 0.0), bound, std::nextafter(bound, 1e9)}) {
      delays.push_back(delay);
    }
  }
  for (double power = 1.0 / 64; power < 1e7; power *= 2) {
    delays.push_back(power);
    delays.push_back(std::nextafter(power, 0.0));
  }
  for (const double delay : delays) {
    std::size_t below = 0;
    for (const double bound : kDelayBounds) below += bound < delay ? 1U : 0U;
    DelayHistogram histogram;
    histogram.Observe(delay);
    EXPECT_EQ(histogram.buckets[below], 1U) << delay;
  }
}

TEST(DelayHistogram, IgnoresUnknownAndImpossibleDelays) {
  DelayHistogram histogram;
  histogram.Observe(-1);
  histogram.Observe(std::numeric_limits<double>::quiet_NaN());
  histogram.Observe(std::numeric_limits<double>::infinity());
  EXPECT_EQ(histogram, DelayHistogram{});
}

TEST(DelayHistogram, AddsInAnyOrderToTheSameSum) {
  DelayHistogram one, two, both;
  for (int i = 0; i < 1000; ++i) {
    (i % 2 == 0 ? one : two).Observe(i * 0.001);
    both.Observe(i * 0.001);
  }
  two.Add(one);
  EXPECT_EQ(two, both);
  EXPECT_EQ(both.sum_milliseconds, 499500U);
}

}  // namespace
}  // namespace bouncesight
