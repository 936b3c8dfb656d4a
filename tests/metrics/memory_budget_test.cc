// Tables that share their bytes: metrics/memory_budget.h, and what MessageTable makes of it.
#include "metrics/memory_budget.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "metrics/message_table.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20U;

TEST(MemoryBudget, GivesOneAloneAllOfIt) {
  const auto budget = std::make_shared<MemoryBudget>(1000);
  BudgetShare only(budget);
  EXPECT_TRUE(only.Take(600));
  EXPECT_TRUE(only.Take(400));
  EXPECT_FALSE(only.Take(1));
  EXPECT_EQ(only.Owed(), 0u);
  only.GiveBack(1000);
  EXPECT_EQ(budget->taken(), 0u);
}

TEST(MemoryBudget, KeepsAReserveForThoseWhoHaveLess) {
  const auto budget = std::make_shared<MemoryBudget>(800);
  BudgetShare large(budget), small(budget);
  EXPECT_TRUE(small.Take(1));
  EXPECT_TRUE(large.Take(699));
  EXPECT_FALSE(large.Take(1)) << "more than its share, and the rest is the reserve";
  EXPECT_EQ(large.Owed(), 0u) << "nobody wants anything";
  EXPECT_TRUE(small.Take(100));
  EXPECT_FALSE(small.Take(1)) << "all is taken";
  EXPECT_EQ(large.Owed(), 299u);
  EXPECT_EQ(small.Owed(), 0u);
  large.GiveBack(299);
  EXPECT_EQ(large.Owed(), 0u);
  EXPECT_TRUE(small.Take(200));
}

TEST(MemoryBudget, ForgetsWhoIsGone) {
  const auto budget = std::make_shared<MemoryBudget>(900);
  BudgetShare stays(budget);
  EXPECT_TRUE(stays.Take(100));
  {
    BudgetShare goes(budget), moved(nullptr);
    EXPECT_TRUE(goes.Take(300));
    moved = std::move(goes);
    EXPECT_EQ(budget->taken(), 400u);
  }
  EXPECT_EQ(budget->taken(), 100u);
  EXPECT_TRUE(stays.Take(800));
}

// A message with so many recipients that wait.
std::uint32_t AddWaiting(MessageTable& table, std::uint64_t key, int recipients = 1) {
  const std::uint32_t message = table.Add(key);
  table[message].sender = table.texts().Put("sender" + std::to_string(key) + ".example");
  for (int i = 0; i < recipients; ++i) {
    WaitingRecipient one;
    one.key = key + static_cast<std::uint64_t>(i);
    one.address = table.texts().Put("recipient" + std::to_string(i));
    table.AddRecipient(message, one);
  }
  table.Move(message, JoinedMessage::Queue::kWaiting);
  table.Shrink(message);
  return message;
}

// In the order of its queues.
std::vector<std::string> Contents(const MessageTable& table) {
  std::vector<std::string> contents;
  std::string room;
  for (const auto queue : {JoinedMessage::Queue::kEnded, JoinedMessage::Queue::kIdle,
                           JoinedMessage::Queue::kWaiting}) {
    for (auto at = table.Oldest(queue); at != MessageTable::kNone; at = table.Newer(at)) {
      std::string text(table.texts().View(table[at].sender, room));
      text += " " + std::to_string(table[at].key) + " " + std::to_string(static_cast<int>(queue));
      for (auto one = table[at].recipients; one != MessageTable::kNone;
           one = table.recipient(one).next) {
        text += " " + std::to_string(table.recipient(one).key) + "=";
        text += table.texts().View(table.recipient(one).address, room);
      }
      EXPECT_EQ(table.Find(table[at].key), at);
      contents.push_back(std::move(text));
    }
  }
  return contents;
}

std::uint64_t KeyOf(std::uint64_t number) { return number * 0x9E3779B97F4A7C15ULL; }

TEST(MemoryBudget, TablesThatShareHoldNoMoreThanItWhateverComes) {
  const auto budget = std::make_shared<MemoryBudget>(8 * kMebibyte);
  std::vector<MessageTable> tables;
  for (int i = 0; i < 4; ++i) tables.emplace_back(MessageTable::Limits{.budget = budget});
  std::mt19937_64 random(19);
  std::size_t busy = 0;
  for (std::uint64_t number = 1; number < 200'000; ++number) {
    if (number % 20'000 == 0) busy = random() % tables.size();
    MessageTable& table = tables[random() % 4 == 0 ? random() % tables.size() : busy];
    const std::uint32_t message = AddWaiting(table, KeyOf(number), static_cast<int>(random() % 4));
    if (random() % 3 == 0) table.FreeRecipients(message);
    if (random() % 8 == 0) table.Move(message, JoinedMessage::Queue::kEnded);
    ASSERT_LE(budget->taken(), budget->bytes());
    if (number % 1000 != 0) continue;
    std::size_t used = 0, held = 0;
    for (MessageTable& each : tables) each.GiveWay();
    for (const MessageTable& each : tables) used += each.bytes(), held += each.held_bytes();
    EXPECT_LE(used, budget->bytes());
    EXPECT_LE(held, budget->bytes() + budget->bytes() / 4 + tables.size() * kMebibyte);
  }
  for (const MessageTable& each : tables) EXPECT_GT(each.forgotten(), 0u);
}

TEST(MemoryBudget, ATableThatHasMostGivesItsOldestForOneThatComes) {
  const auto budget = std::make_shared<MemoryBudget>(4 * kMebibyte);
  MessageTable first({.budget = budget}), second({.budget = budget});
  std::uint64_t number = 0;
  while (first.forgotten() == 0) AddWaiting(first, KeyOf(++number));
  const std::size_t most = first.size();
  EXPECT_EQ(second.size(), 0u);
  AddWaiting(second, KeyOf(1));
  first.GiveWay();
  EXPECT_LE(first.bytes(), budget->bytes() / 2);
  EXPECT_EQ(first.size() + first.forgotten(), number) << "each that gave way is counted";
  EXPECT_EQ(first.Find(KeyOf(1)), MessageTable::kNone);
  EXPECT_NE(first.Find(KeyOf(number)), MessageTable::kNone);
  for (std::uint64_t own = 2; second.forgotten() == 0; ++own) AddWaiting(second, KeyOf(own));
  EXPECT_GT(second.size(), most / 3);
}

TEST(MemoryBudget, WhatStandsEmptyIsGivenBackAndNothingElseChanges) {
  const auto budget = std::make_shared<MemoryBudget>(16 * kMebibyte);
  MessageTable table({.budget = budget});
  (void)table.TakeChanges();
  for (std::uint64_t number = 1; number <= 30'000; ++number) AddWaiting(table, KeyOf(number), 2);
  for (std::uint64_t number = 1; number <= 30'000; ++number) {
    const std::uint32_t message = table.Find(KeyOf(number));
    if (number % 100 == 0) {
      table.Move(message, JoinedMessage::Queue::kIdle);
    } else if (number % 50 != 0) {
      table.Forget(message);
    }
  }
  const auto before = Contents(table);
  const std::size_t taken = budget->taken();
  ASSERT_EQ(before.size(), 600u);
  table.GiveWay();
  EXPECT_EQ(Contents(table), before);
  EXPECT_LT(budget->taken(), taken / 10);
  EXPECT_LT(table.held_bytes(), 2 * kMebibyte);
  EXPECT_EQ(table.forgotten(), 0u);
  EXPECT_EQ(table.TakeChanges().changed.size(), 600u) << "what is not in the state yet is to come";
}

}  // namespace
}  // namespace bouncesight
