// What the disk has spoilt of the state, and what is found all the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/count/state_world.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;

// A slot and its log, and the other slot with its log: whichever piece the disk has spoilt.
TEST(StateStore, T20HasAllCommitsThoughEitherSlotIsDamaged) {
  World world(6);
  ASSERT_TRUE(world.store.Fold("0 to 6"));
  for (int i = 7; i < 10; ++i) ASSERT_TRUE(world.store.WriteChange(Text(i, 100)));
  const std::vector<std::string> short_way = {"0 to 6", Text(7, 100), Text(8, 100), Text(9, 100)};
  EXPECT_EQ(LoadFrom(world.fs), short_way);
  std::vector<std::string> long_way = world.expected;
  long_way.insert(long_way.end(), short_way.begin() + 1, short_way.end());
  std::string& current = world.fs.Find("/state/state.1")->bytes;
  const std::string whole = current;
  for (const std::size_t at : {0, 9, 13, 25, 30, 34, 38, 41}) {
    current[at] = static_cast<char>(current[at] ^ 4);
    StateStore store(world.fs, "/state");
    const auto load = store.Load();
    current = whole;
    ASSERT_TRUE(load) << at;
    std::vector<std::string> found = load->changes;
    found.insert(found.begin(), load->record.value_or("none"));
    EXPECT_EQ(found, long_way) << at;
    EXPECT_EQ(load->lost, 0U) << at;
    EXPECT_THAT(load->note, HasSubstr("/state/state.1 is torn and passed over"));
  }
  world.fs.Find("/state/state.0")->bytes[50] ^= 1;
  EXPECT_EQ(LoadFrom(world.fs), short_way);
}

// As it goes on after that: both ways are whole again, and neither is of the time before.
TEST(StateStore, T20HasTwoWaysAgainTwoCommitsAfterADamage) {
  World world(3);
  ASSERT_TRUE(world.store.Fold("0 to 3"));
  ASSERT_TRUE(world.store.WriteChange(Text(4, 100)));
  world.fs.Find("/state/state.1")->bytes[42] ^= 1;
  StateStore store(world.fs, "/state");
  ASSERT_EQ(store.Load()->changes.size(), 4U);
  EXPECT_EQ(store.need(), StateStore::Need::kRecord);
  ASSERT_TRUE(store.WriteRecord("0 to 5"));
  EXPECT_EQ(store.need(), StateStore::Need::kFold);
  ASSERT_TRUE(store.WriteChange(Text(6, 100)));
  ASSERT_TRUE(store.Fold("0 to 6"));
  EXPECT_EQ(store.need(), StateStore::Need::kChange);
  ASSERT_TRUE(store.WriteChange(Text(7, 100)));
  EXPECT_EQ(LoadFrom(world.fs), (std::vector<std::string>{"0 to 6", Text(7, 100)}));
  world.fs.Find("/state/state.0")->bytes[45] ^= 1;
  EXPECT_EQ(LoadFrom(world.fs), (std::vector<std::string>{"0 to 5", Text(6, 100), Text(7, 100)}));
}

TEST(StateStore, T20SaysHowManyCommitsADamageHasCost) {
  World world(9);
  ASSERT_TRUE(world.store.Fold("0 to 9"));
  ASSERT_TRUE(world.store.WriteChange(Text(10, 100)));
  world.fs.Find(kLog)->bytes[4 * kLogPage + 30] ^= 1;
  world.fs.Find("/state/state.1")->bytes[42] ^= 1;
  StateStore store(world.fs, "/state");
  const auto load = store.Load();
  EXPECT_EQ(load->changes.size(), 4U);
  EXPECT_EQ(load->lost, 6U);
  EXPECT_THAT(load->note, HasSubstr("6 commits behind it are lost"));
  EXPECT_EQ(store.generation(), 5U);
  ASSERT_TRUE(store.WriteRecord("anew"));
  EXPECT_EQ(store.generation(), 12U) << "no number is given twice";
  StateStore next(world.fs, "/state");
  EXPECT_EQ(next.Load()->lost, 0U);
}

// A commit that never ended is not a loss, whichever write was the last.
TEST(StateStore, T20CallsATornEndNoLoss) {
  World world(3);
  world.fs.Find(kLog)->bytes.resize(2 * kLogPage + 60);
  StateStore store(world.fs, "/state");
  const auto load = store.Load();
  EXPECT_EQ(load->changes.size(), 2U);
  EXPECT_EQ(load->lost, 0U);
}

TEST(StateStore, T20PassesOverASlotWithAnyByteFlipped) {
  World world(1);
  ASSERT_TRUE(world.store.WriteRecord(Text(9, 100)));
  std::string& bytes = world.fs.Find("/state/state.1")->bytes;
  for (std::size_t i = 0; i < kSlotHeaderBytes + Text(9, 100).size(); ++i) {
    bytes[i] = static_cast<char>(bytes[i] ^ 0x10);
    EXPECT_EQ(LoadFrom(world.fs), world.expected) << i;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x10);
  }
}

}  // namespace
}  // namespace bouncesight
