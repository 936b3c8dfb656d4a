#include "parsers/wrap/json_reader.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(JsonReader, GivesMembersByTheirPath) {
  JsonReader json;
  ASSERT_TRUE(json.Open(R"({"a":{"b":"text"},"n":7})"));
  EXPECT_EQ(json.Text("/a/b"), "text");
  EXPECT_EQ(json.Number("/n", 0), 7);
  EXPECT_EQ(json.Text("/n"), "");
  EXPECT_EQ(json.Number("/a", -1), -1);
}

TEST(JsonReader, HasNothingWhereNothingIsOpen) {
  JsonReader json;
  EXPECT_EQ(json.Text("/a"), "");
  EXPECT_EQ(json.Number("/n", -1), -1);
  ASSERT_TRUE(json.Open(R"({"a":"text","n":7})"));
  for (const char* const none : {"", "[1]", R"({"a":"te)", "\xFF"}) {
    EXPECT_FALSE(json.Open(none)) << none;
    EXPECT_EQ(json.Text("/a"), "") << none;
    EXPECT_EQ(json.Number("/n", -1), -1) << none;
  }
}

}  // namespace
}  // namespace bouncesight
