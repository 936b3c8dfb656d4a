#include "metrics/flat_map.h"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "metrics/series_key.h"

namespace bouncesight {
namespace {

SeriesKey KeyOf(std::uint32_t number) {
  SeriesKey key;
  key.domain = number / 7;
  key.code = static_cast<std::uint16_t>(number % 7);
  return key;
}

TEST(FlatMap, CountsLikeAnOrdinaryMapOverManyClears) {
  std::mt19937 random(7);
  FlatMap<SeriesKey> map;
  for (int round = 0; round < 20; ++round) {
    std::map<std::uint32_t, std::uint64_t> truth;
    for (int i = 0; i < 5000; ++i) {
      const std::uint32_t number = random() % 3000;
      ++map[KeyOf(number)];
      ++truth[number];
    }
    ASSERT_EQ(map.size(), truth.size());
    for (const auto& [number, count] : truth) {
      ASSERT_TRUE(map.Contains(KeyOf(number)));
      ASSERT_EQ(map[KeyOf(number)], count);
    }
    EXPECT_FALSE(map.Contains(KeyOf(3001)));
    map.Clear();
    EXPECT_EQ(map.size(), 0U);
    for (const auto& [number, count] : truth) ASSERT_FALSE(map.Contains(KeyOf(number)));
  }
}

}  // namespace
}  // namespace bouncesight
