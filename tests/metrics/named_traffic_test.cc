#include "metrics/named_traffic.h"

#include <string>

#include <gtest/gtest.h>

#include "metrics/label.h"

namespace bouncesight {
namespace {

constexpr std::size_t kDelivered = 0, kBounced = 2;  // of kDeliveryOutcomes

std::string Shown(const NamedTraffic& traffic) {
  std::string text;
  for (const LabelRow& row : traffic.Rows(NameLabel)) {
    text += row.name + " " + std::to_string(row.deliveries[kDelivered]) + "/" +
            std::to_string(row.deliveries[kBounced]) + "; ";
  }
  return text;
}

TEST(NamedTraffic, FindsTheNameThatAnEarlierPieceHas) {
  NamedTraffic all("unknown"), first("unknown"), second("unknown");
  first.Count("Example.COM", kDelivered, CauseId::kUnclassified, 2);
  first.Carry(7, "example.com");
  second.CountLater(7, kBounced, CauseId::kSpamContent, 1);
  second.CountLater(8, kBounced, CauseId::kSpamContent, 3);
  all.Merge(first, 0);
  all.Merge(second, 0);
  EXPECT_EQ(Shown(all), "example.com 2/1; unknown 0/3; ");
}

TEST(NamedTraffic, CarriesANameOnOverAPieceThatDoesNotSpeakOfTheMessage) {
  NamedTraffic all(""), first(""), second(""), third("");
  first.Carry(7, "ann");
  third.CountLater(7, kBounced, CauseId::kSpamContent, 1);
  all.Merge(first, 0);
  all.Merge(second, 0);
  all.Merge(third, 0);
  EXPECT_EQ(Shown(all), "ann 0/1; ");
}

TEST(NamedTraffic, NamesTheResultsOfAYoungerLogOnceTheOlderOneIsMerged) {
  NamedTraffic all(""), younger(""), older("");
  younger.CountLater(7, kBounced, CauseId::kSpamContent, 1);
  older.Carry(7, "ann");
  all.Merge(younger, 0);
  all.Merge(older, 1);
  EXPECT_EQ(Shown(all), "ann 0/1; ");
}

TEST(NamedTraffic, NamesNothingByALaterPieceOfTheSameLogAsOneReadingWouldNot) {
  NamedTraffic all("unknown"), first("unknown"), second("unknown");
  first.CountLater(7, kBounced, CauseId::kSpamContent, 1);
  second.Carry(7, "example.com");
  all.Merge(first, 0);
  all.Merge(second, 0);
  EXPECT_EQ(Shown(all), "example.com 0/0; unknown 0/1; ");
}

TEST(NamedTraffic, CountsAsUnknownWhatItHasNoPlaceFor) {
  NamedTraffic traffic("unknown");
  for (std::size_t i = 0; i < NamedTraffic::kMostNames + 10; ++i) {
    traffic.Count("d" + std::to_string(i), kBounced, CauseId::kSpamContent, 1);
  }
  const auto rows = traffic.Rows(NameLabel);
  EXPECT_EQ(rows.size(), NamedTraffic::kMostNames);
  EXPECT_EQ(rows.back().name, "unknown");
  EXPECT_EQ(rows.back().deliveries[kBounced], 11U);
  for (std::size_t i = 0; i < NamedTraffic::kMostMessages + 10; ++i) {
    const std::uint64_t message = (i + 1) * 0x9e3779b97f4a7c15ULL;  // a hash, as a join gives
    traffic.CountLater(message, kDelivered, CauseId::kUnclassified, 1);
  }
  EXPECT_EQ(traffic.Rows(NameLabel).back().deliveries[kDelivered],
            NamedTraffic::kMostMessages + 10);
}

TEST(NamedTraffic, TakesRefusalsOfOurAddressForNobodysSpam) {
  EXPECT_TRUE(SpeaksOfSpam(static_cast<std::size_t>(CauseId::kSpamContent)));
  EXPECT_FALSE(SpeaksOfSpam(static_cast<std::size_t>(CauseId::kIpBlocklisted)));
  EXPECT_FALSE(SpeaksOfSpam(static_cast<std::size_t>(CauseId::kUserUnknown)));
}

}  // namespace
}  // namespace bouncesight
