#include "metrics/key_chains.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

// Their lower halves are the same: who chooses what is hashed can bring that about.
std::uint64_t PartOfValue(int value) { return static_cast<std::uint64_t>(value) << 32U; }

struct Thing {
  std::uint64_t key = 0;
  std::uint32_t next = 0, before = 0;
  int value = 0;

  friend std::uint64_t PartOf(const Thing& thing) { return PartOfValue(thing.value); }
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

Thing* FindIn(Chains& chains, std::uint64_t key, int value) {
  return chains.Find(key, PartOfValue(value),
                     [&](const Thing& thing) { return thing.value == value; });
}

void DropOneOf(Chains& chains, Model& model, std::uint64_t key, int value) {
  const auto of_model = std::ranges::find(model, Model::value_type(key, value));
  int dropped = 0;
  chains.DropOne(
      key, PartOfValue(value), [&](const Thing& thing) { return thing.value == value; },
      [&](const Thing& thing) {
        EXPECT_EQ(thing.key, key);
        EXPECT_EQ(thing.value, value);
        ++dropped;
      });
  EXPECT_EQ(dropped, of_model == model.end() ? 0 : 1);
  if (of_model != model.end()) model.erase(of_model);
}

// Of few keys with few values, as most logs have them; of one or two with many, as hostile ones do.
class KeyChainsOf : public testing::TestWithParam<std::pair<unsigned, unsigned>> {};

TEST_P(KeyChainsOf, HoldsWhatAMultimapHoldsWhateverWasAddedAndDropped) {
  const auto [keys, values] = GetParam();
  std::mt19937_64 random(1);
  Chains chains;
  Model model;
  for (int step = 0; step < 20'000; ++step) {
    const std::uint64_t key = (random() % keys) << 32U;
    const int value = static_cast<int>(random() % values);
    const auto chance = random() % 1000;
    // In turn, they grow and shrink through the length at which a chain is indexed.
    const unsigned adds = step / 1000 % 2 == 0 ? 700 : 400;
    if (chance < adds) {
      chains.Add({.key = key, .value = value});
      model.emplace(key, value);
    } else if (chance < 995) {
      DropOneOf(chains, model, key, value);
    } else {
      const bool all = chance == 995;
      const auto goes = [&](int one) { return all || one % 3 == value % 3; };
      chains.Drop(key, [&](const Thing& thing) { return goes(thing.value); });
      std::erase_if(model, [&](const auto& one) { return one.first == key && goes(one.second); });
    }
    ASSERT_EQ(chains.size(), model.size()) << step;
    ASSERT_EQ(FindIn(chains, key, value) != nullptr,
              std::ranges::count(model, Model::value_type(key, value)) > 0)
        << step;
  }
  EXPECT_EQ(Sorted(HeldBy(chains)), Sorted(model));
}

INSTANTIATE_TEST_SUITE_P(KeyChains, KeyChainsOf,
                         testing::Values(std::pair(40U, 4U), std::pair(2U, 60U), std::pair(1U, 40U),
                                         std::pair(3U, 1000U)));

TEST(KeyChains, LooksAtFewThingsHoweverManyAKeyHas) {
  Chains chains;
  constexpr int kThings = 10'000;
  for (int i = 0; i < kThings; ++i) chains.Add({.key = 7, .value = i});
  for (const int value : {0, 1, kThings / 2, kThings - 1, kThings}) {
    int asked = 0;
    const auto is = [&](const Thing& thing) {
      ++asked;
      return thing.value == value;
    };
    const Thing* const found = chains.Find(7, PartOfValue(value), is);
    EXPECT_EQ(found != nullptr, value < kThings) << value;
    EXPECT_LE(asked, 4) << value;
  }
}

TEST(KeyChains, FindsAThingOfTheKeyOnly) {
  Chains chains;
  const auto find = [&](std::uint64_t key, int value) { return FindIn(chains, key, value); };
  EXPECT_EQ(find(1, 5), nullptr);
  for (const int value : {4, 5, 6}) chains.Add({.key = 1, .value = value});
  chains.Add({.key = 2, .value = 7});
  for (const int value : {4, 5, 6}) {
    ASSERT_NE(find(1, value), nullptr) << value;
    EXPECT_EQ(find(1, value)->value, value);
  }
  EXPECT_EQ(find(1, 7), nullptr);
}

}  // namespace
}  // namespace bouncesight
