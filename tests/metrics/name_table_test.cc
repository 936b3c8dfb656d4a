#include "metrics/name_table.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(NameTable, GivesEachNameOneNumberInTheOrderOfAppearance) {
  NameTable names(1000);
  for (std::uint32_t round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < 1000; ++i) {
      ASSERT_EQ(names.Intern("name" + std::to_string(i)), i);
    }
  }
  EXPECT_EQ(names[999], "name999");
  EXPECT_EQ(names.Intern("one more"), NameTable::kFull);
  EXPECT_EQ(names.Find("name500"), 500U);
  EXPECT_EQ(names.Find("one more"), NameTable::kFull);
  names.Clear();
  EXPECT_EQ(names.Intern("one more"), 0U);
}

TEST(NameTable, KnowsTheEmptyNameAndNamesWithNulBytes) {
  NameTable names(10);
  EXPECT_EQ(names.Intern(""), 0U);
  EXPECT_EQ(names.Intern(std::string(1, '\0')), 1U);
  EXPECT_EQ(names.Intern(std::string(2, '\0')), 2U);
  EXPECT_EQ(names.Intern(""), 0U);
}

}  // namespace
}  // namespace bouncesight
