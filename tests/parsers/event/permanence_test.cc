#include "parsers/event/permanence.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(Permanence, IsTheReplyCodesThenTheEnhancedCodesThenTheOutcomes) {
  struct Case {
    std::uint16_t code;
    EnhancedCode enhanced;
    Outcome outcome;
    Permanence expected;
  };
  constexpr auto kTemporary = Permanence::kTemporary, kPermanent = Permanence::kPermanent;
  const Case kCases[] = {
      {450, {4, 2, 0}, Outcome::kRejected, kTemporary},
      {450, {5, 7, 1}, Outcome::kBounced, kTemporary},
      {550, {4, 4, 7}, Outcome::kDeferred, kPermanent},
      {0, {4, 4, 7}, Outcome::kBounced, kTemporary},
      {250, {5, 1, 1}, Outcome::kBounced, kPermanent},
      {999, {}, Outcome::kDeferred, kTemporary},
      {0, {}, Outcome::kDeferred, kTemporary},
      {0, {}, Outcome::kSuspended, kTemporary},
      {0, {}, Outcome::kBounced, kPermanent},
      {0, {}, Outcome::kExpired, kPermanent},
      {0, {}, Outcome::kRejected, kPermanent},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(PermanenceOf(c.code, c.enhanced, c.outcome), c.expected)
        << c.code << ' ' << OutcomeName(c.outcome);
  }
}

}  // namespace
}  // namespace bouncesight
