#include "rules/near_name.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(NearName, FindsWhatASlipMeant) {
  const std::vector<std::string> known = {"spamhaus_zen", "spamhaus_xbl", "spamcop", "aol"};
  EXPECT_EQ(NearestName("spamhous_zen", known), "spamhaus_zen");
  EXPECT_EQ(NearestName("spamhaus-xbl", known), "spamhaus_xbl");
  EXPECT_EQ(NearestName("spamcob", known), "spamcop");
  for (const char* far : {"", "a", "barracuda", "zen"}) {
    EXPECT_EQ(NearestName(far, known), "") << far;
  }
  EXPECT_EQ(NearestName(std::string(1'000'000, 'x'), known), "");
}

}  // namespace
}  // namespace bouncesight
