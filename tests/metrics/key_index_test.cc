#include "metrics/key_index.h"

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

// Keys of few upper halves share their slots' tags; those of few low bits of the tag their homes.
std::uint64_t CrowdedKey(std::mt19937_64& random) {
  const std::uint64_t tag = random() % 8 + (random() % 3 << 20U);
  return tag << 32U | random() % 16;
}

TEST(KeyIndex, FindsWhatAMapFindsWhateverWasAddedAndRemoved) {
  std::mt19937_64 random(1);
  KeyIndex index;
  std::vector<std::uint64_t> keys = {0};  // by number
  std::map<std::uint64_t, std::uint32_t> map;
  const auto find = [&](std::uint64_t key) {
    return index.Find(key, [&](std::uint32_t number) { return keys[number] == key; });
  };
  for (int step = 0; step < 20'000; ++step) {
    const std::uint64_t key = CrowdedKey(random);
    const auto known = map.find(key);
    ASSERT_EQ(find(key), known == map.end() ? KeyIndex::kNone : known->second) << step;
    if (known == map.end()) {
      keys.push_back(key);
      index.Add(key, static_cast<std::uint32_t>(keys.size() - 1));
      map[key] = static_cast<std::uint32_t>(keys.size() - 1);
    } else if (step % 5 == 0) {
      keys.push_back(key);
      index.Replace(key, known->second, static_cast<std::uint32_t>(keys.size() - 1));
      known->second = static_cast<std::uint32_t>(keys.size() - 1);
    } else {
      index.Remove(key, known->second);
      map.erase(known);
    }
    ASSERT_EQ(index.size(), map.size());
  }
  std::multiset<std::uint32_t> numbers, expected;
  index.ForEach([&](std::uint32_t number) { numbers.insert(number); });
  for (const auto& [key, number] : map) expected.insert(number);
  EXPECT_GT(expected.size(), 50U);
  EXPECT_EQ(numbers, expected);
}

}  // namespace
}  // namespace bouncesight
