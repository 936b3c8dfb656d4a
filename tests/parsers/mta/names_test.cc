#include <set>

#include <gtest/gtest.h>

#include "parsers/event/delivery_event.h"
#include "parsers/event/skip.h"
#include "parsers/mta/format.h"

namespace bouncesight {
namespace {

TEST(Names, AreDistinctLabelValuesForEveryOutcomeMtaSkipAndPhase) {
  const auto check = [](auto name_of, std::size_t count, bool first_is_empty) {
    std::set<std::string_view> names;
    for (std::size_t i = first_is_empty ? 1 : 0; i < count; ++i) {
      const std::string_view name = name_of(i);
      EXPECT_FALSE(name.empty());
      EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
      EXPECT_TRUE(names.insert(name).second) << name;
    }
  };
  check([](std::size_t i) { return OutcomeName(static_cast<Outcome>(i)); }, kOutcomeCount, false);
  check([](std::size_t i) { return MtaName(static_cast<Mta>(i)); }, kMtaCount, false);
  check([](std::size_t i) { return SkipReasonName(static_cast<SkipReason>(i)); }, kSkipReasonCount,
        false);
  check([](std::size_t i) { return PhaseName(static_cast<Phase>(i)); }, 10, true);
}

TEST(Names, OfFormatsAreReadBack) {
  ASSERT_FALSE(FormatNames().empty());
  EXPECT_EQ(FormatNames().front(), "auto");
  for (const std::string_view name : FormatNames()) {
    ASSERT_TRUE(FormatFromName(name).has_value()) << name;
    EXPECT_EQ(FormatName(*FormatFromName(name)), name);
  }
  EXPECT_EQ(FormatFromName("no such format"), std::nullopt);
}

TEST(DomainOf, IsWhatStandsAfterTheLastAt) {
  EXPECT_EQ(DomainOf("user@example.com"), "example.com");
  EXPECT_EQ(DomainOf("\"odd@local\"@example.net"), "example.net");
  EXPECT_EQ(DomainOf("postmaster"), "");
  EXPECT_EQ(DomainOf(""), "");
}

}  // namespace
}  // namespace bouncesight
