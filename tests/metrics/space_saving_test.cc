#include "metrics/space_saving.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

std::uint64_t CountOf(const SpaceSaving& table, const std::string& key) {
  for (const auto& slot : table.slots()) {
    if (slot.key == key) return slot.count;
  }
  return 0;
}

TEST(SpaceSaving, IsExactWhileThereIsRoom) {
  SpaceSaving table(10);
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(table.Add("k" + std::to_string(i % 10), 2).fresh, i < 10);
  }
  for (const auto& slot : table.slots()) {
    EXPECT_EQ(slot.count, 6U);
    EXPECT_EQ(slot.error, 0U);
  }
}

TEST(SpaceSaving, HoldsWhatIsCommonAndNeverCertifiesTooMuch) {
  std::mt19937 random(5);
  SpaceSaving table(64);
  std::map<std::string, std::uint64_t> truth;
  for (int i = 0; i < 100000; ++i) {
    const bool common = random() % 4 == 0;
    const std::string key = std::to_string(common ? random() % 10 : random());
    ++truth[key];
    table.Add(key, 1);
    if (i % 1000 == 0) table.Remove(std::to_string(random() % 1000 + 100));
  }
  for (const auto& slot : table.slots()) {
    if (slot.key.empty()) continue;
    ASSERT_LE(slot.count - slot.error, truth[slot.key]);
    ASSERT_GE(slot.count, truth[slot.key]);
  }
  for (int i = 0; i < 10; ++i) EXPECT_GT(CountOf(table, std::to_string(i)), 2000U);
}

TEST(SpaceSaving, GivesAFreedSlotToTheNextKey) {
  SpaceSaving table(2);
  table.Add("a", 5);
  table.Add("b", 7);
  table.Remove("b");
  table.Remove("never there");
  table.Add("c", 1);
  EXPECT_EQ(CountOf(table, "a"), 5U);
  EXPECT_EQ(CountOf(table, "b"), 0U);
  EXPECT_EQ(CountOf(table, "c"), 1U);
}

}  // namespace
}  // namespace bouncesight
