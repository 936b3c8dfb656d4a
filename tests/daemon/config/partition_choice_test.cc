#include "daemon/config/partition_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::int32_t> Held(const std::vector<std::string>& texts, std::int32_t count) {
  const auto choice = ParsePartitions(texts);
  if (!choice) ADD_FAILURE() << choice.error().message;
  std::vector<std::int32_t> held;
  for (std::int32_t partition = 0; choice && partition < count; ++partition) {
    if (choice->Holds(partition)) held.push_back(partition);
  }
  return held;
}

TEST(PartitionChoice, HoldsWhatWasWritten) {
  EXPECT_THAT(Held({"all"}, 3), ElementsAre(0, 1, 2));
  EXPECT_THAT(Held({"0"}, 3), ElementsAre(0));
  EXPECT_THAT(Held({"5", "0-2", "2-3"}, 8), ElementsAre(0, 1, 2, 3, 5));
  EXPECT_THAT(Held({"shard 2/4"}, 10), ElementsAre(1, 5, 9));
  EXPECT_THAT(Held({"shard 1/1"}, 2), ElementsAre(0, 1));
}

TEST(PartitionChoice, ShardsShareOutEveryPartitionOnce) {
  for (int shards = 1; shards <= 7; ++shards) {
    std::vector<int> owners(50, 0);
    for (int shard = 1; shard <= shards; ++shard) {
      for (const std::int32_t partition :
           Held({"shard " + std::to_string(shard) + "/" + std::to_string(shards)}, 50)) {
        ++owners[static_cast<std::size_t>(partition)];
      }
    }
    EXPECT_THAT(owners, testing::Each(1)) << shards;
  }
}

TEST(PartitionChoice, RefusesWithWhatToWrite) {
  for (const char* text : {"", "every", "-1", "1-", "3-2", "1,2", "0-100000", "shard", "shard 2",
                           "shard 0/4", "shard 5/4", "shard 2/4 ", "shard -1/4", "99999999999"}) {
    const auto choice = ParsePartitions({text});
    ASSERT_FALSE(choice) << text;
    EXPECT_THAT(choice.error().message, HasSubstr("`" + std::string(text) + "`: "));
  }
  EXPECT_FALSE(ParsePartitions({}));
  EXPECT_FALSE(ParsePartitions({"0", "all"}));
}

TEST(PartitionChoice, KnowsWhetherTwoMeet) {
  struct Case {
    std::vector<std::string> one, other;
    bool meet;
  };
  const std::vector<Case> cases = {
      {{"all"}, {"7"}, true},
      {{"0-3"}, {"4-7"}, false},
      {{"0-4"}, {"4-7"}, true},
      {{"shard 1/2"}, {"shard 2/2"}, false},
      {{"shard 1/2"}, {"shard 3/4"}, true},
      {{"shard 2/2"}, {"shard 3/4"}, false},
      {{"shard 1/2"}, {"shard 1/3"}, true},
      {{"shard 2/3"}, {"0", "3"}, false},
      {{"shard 2/3"}, {"0-1"}, true},
  };
  for (const Case& each : cases) {
    const auto one = ParsePartitions(each.one), other = ParsePartitions(each.other);
    ASSERT_TRUE(one && other);
    EXPECT_EQ(MayMeet(*one, *other), each.meet) << each.one[0] << " " << each.other[0];
    EXPECT_EQ(MayMeet(*other, *one), each.meet) << each.one[0] << " " << each.other[0];
  }
}

}  // namespace
}  // namespace bouncesight
