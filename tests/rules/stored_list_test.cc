#include "rules/stored_list.h"

#include <array>
#include <utility>

#include <gtest/gtest.h>

#include "rules/expression_list.h"

namespace bouncesight {
namespace {

constexpr std::array<int, 3> kOutside = {1, 2, 3};

StoredList<int> Borrowed() {
  StoredList<int> list;
  list.Borrow(kOutside);
  return list;
}

TEST(StoredList, ReadsWhatItBorrowedInItsPlace) {
  const StoredList<int> list = Borrowed();
  EXPECT_EQ(list.data(), kOutside.data());
  EXPECT_EQ(list.size(), 3U);
  EXPECT_EQ(list.back(), 3);
}

TEST(StoredList, CopiesBeforeItChanges) {
  StoredList<int> list = Borrowed();
  list.push_back(4);
  EXPECT_NE(list.data(), kOutside.data());
  EXPECT_EQ(list.size(), 4U);
  EXPECT_EQ(list[0], 1);
  list.resize(1);
  EXPECT_EQ(list.back(), 1);
}

TEST(StoredList, CopiesAndMovesHoldTheirOwn) {
  StoredList<int> own = Borrowed();
  own.push_back(4);
  StoredList<int> copy = own;
  EXPECT_NE(copy.data(), own.data());
  EXPECT_TRUE(copy == own);
  const int* const where = own.data();
  StoredList<int> moved = std::move(own);
  EXPECT_EQ(moved.data(), where);
  copy = moved;
  moved.resize(0);
  EXPECT_EQ(copy.size(), 4U);
  const StoredList<int> of_borrowed = Borrowed();
  EXPECT_EQ(StoredList<int>(of_borrowed).data(), kOutside.data());
}

TEST(StoredList, EqualsByItsItems) {
  StoredList<int> own = Borrowed();
  own.push_back(4);
  EXPECT_FALSE(own == Borrowed());
  own.resize(3);
  EXPECT_TRUE(own == Borrowed());
}

TEST(ExpressionList, GivesEachByItsNumber) {
  ExpressionList list;
  EXPECT_TRUE(list.empty());
  list.Add("no such user");
  list.Add("");
  list.Add("^full$");
  EXPECT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0], "no such user");
  EXPECT_EQ(list[1], "");
  EXPECT_STREQ(list.c_str(2), "^full$");
}

}  // namespace
}  // namespace bouncesight
