#include "metrics/key_chains.h"

#include <cstdint>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

struct Thing {
  std::uint64_t key = 0;
  std::uint32_t next = 0;
  int value = 0;
};
using Chains = KeyChains<Thing>;
using Model = std::multimap<std::uint64_t, int>;

Model HeldBy(const Chains& chains) {
  Model held;
  chains.ForEach([&](const Thing& thing) { held.emplace(thing.key, thing.value); });
  return held;
}

std::multiset<std::pair<std::uint64_t, int>> Sorted(const Model& model) {
  return {model.begin(), model.end()};
}

TEST(KeyChains, HoldsWhatAMultimapHoldsWhateverWasAddedAndDropped) {
  std::mt19937_64 random(1);
  Chains chains;
  Model model;
  for (int step = 0; step < 20'000; ++step) {
    const std::uint64_t key = (random() % 40) << 32U;
    const int value = static_cast<int>(random() % 4);
    if (random() % 3 != 0) {
      chains.Add({.key = key, .value = value});
      model.emplace(key, value);
    } else {
      const bool all = random() % 4 == 0;
      chains.Drop(key, [&](const Thing& thing) { return all || thing.value == value; });
      std::erase_if(
          model, [&](const auto& one) { return one.first == key && (all || one.second == value); });
    }
    ASSERT_EQ(chains.size(), model.size()) << step;
  }
  EXPECT_GT(model.size(), 50U);
  EXPECT_EQ(Sorted(HeldBy(chains)), Sorted(model));
}

TEST(KeyChains, FindsAThingOfTheKeyOnly) {
  Chains chains;
  const auto find = [&](std::uint64_t key, int value) {
    return chains.Find(key, [&](const Thing& thing) { return thing.value == value; });
  };
  EXPECT_EQ(find(1, 5), nullptr);
  for (const int value : {4, 5, 6}) chains.Add({.key = 1, .value = value});
  chains.Add({.key = 2, .value = 7});
  for (const int value : {4, 5, 6}) {
    ASSERT_NE(find(1, value), nullptr) << value;
    EXPECT_EQ(find(1, value)->value, value);
  }
  EXPECT_EQ(find(1, 7), nullptr);
  find(1, 4)->value = 8;
  EXPECT_NE(find(1, 8), nullptr);
}

}  // namespace
}  // namespace bouncesight
