#include "daemon/web/query_text.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(QueryText, FindsAValueAndUndoesItsEscapes) {
  const struct {
    const char* query;
    const char* value;  // of "q"; null: none
  } cases[] = {
      {"", nullptr},        {"q", ""},
      {"q=", ""},           {"q=a", "a"},
      {"p=1&q=a&q=b", "a"}, {"qq=1", nullptr},
      {"q=a=b", "a=b"},     {"q=a+b%20c", "a b c"},
      {"%71=a", "a"},       {"q=%e4%B8%AD", "中"},
      {"q=100%", "100%"},   {"q=%4", "%4"},
      {"q=%4x", "%4x"},     {"q=%+1", "% 1"},
      {"&&q=a&", "a"},      {"q=%2", "%2"},
      {"q=%26%3D", "&="},
  };
  for (const auto& [query, value] : cases) {
    const auto found = QueryValue(query, "q");
    ASSERT_EQ(found.has_value(), value != nullptr) << query;
    if (found) {
      EXPECT_EQ(*found, value) << query;
    }
  }
}

TEST(QueryText, NamesEveryKeyAsOftenAsItStands) {
  EXPECT_EQ(QueryKeys("a=1&b&%61=2&&c%20d=&=x&"),
            (std::vector<std::string>{"a", "b", "a", "c d", ""}));
  EXPECT_TRUE(QueryKeys("").empty());
}

TEST(QueryText, HoldsANumberToItsBounds) {
  EXPECT_EQ(QueryNumber("top=5", "top", 20, 1, 100), 5U);
  EXPECT_EQ(QueryNumber("top=0", "top", 20, 1, 100), 1U);
  EXPECT_EQ(QueryNumber("top=5000", "top", 20, 1, 100), 100U);
  for (const char* query : {"", "top=", "top=-1", "top=5x", "top=99999999999999999999999"}) {
    EXPECT_EQ(QueryNumber(query, "top", 20, 1, 100), 20U) << query;
  }
}

}  // namespace
}  // namespace bouncesight
