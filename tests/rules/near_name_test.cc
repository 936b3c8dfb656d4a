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

TEST(NearName, OfALongTextTheStartIsQuoted) {
  EXPECT_EQ(InQuotes("5.1"), "'5.1'");
  EXPECT_EQ(InQuotes(std::string(120, 'x')), "'" + std::string(120, 'x') + "'");
  EXPECT_EQ(InQuotes(std::string(90'000, 'x')), "'" + std::string(120, 'x') + "…'");
  std::string euros = "ab", start = "'ab";
  for (int i = 0; i < 50; ++i) euros += "€";
  for (int i = 0; i < 39; ++i) start += "€";
  EXPECT_EQ(InQuotes(euros), start + "…'");
}

}  // namespace
}  // namespace bouncesight
