// Why an expiry had been put off: MessageJoin::Explain.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "metrics/message_join.h"
#include "tests/metrics/fixtures.h"

namespace bouncesight {
namespace {

struct Said {
  CauseId cause;
  std::uint16_t code;
};

// What becomes of an event that says `cause` itself.
Said Pass(MessageJoin& join, Outcome outcome, std::string_view queue_id, std::string_view recipient,
          CauseId cause, std::uint16_t code = 0, std::string_view host = "mx1") {
  DeliveryEvent event;
  event.outcome = outcome;
  event.host = host;
  event.queue_id = queue_id;
  event.recipient = recipient;
  event.reply.code = code;
  Verdict verdict = Because(cause);
  MessageJoin::Place place = join.Complete(event);
  join.Explain(place, event, verdict);
  join.Settle(place, event, verdict);
  return {verdict.cause, event.reply.code};
}

Said Defer(MessageJoin& join, std::string_view queue_id, std::string_view recipient, CauseId cause,
           std::uint16_t code = 0) {
  return Pass(join, Outcome::kDeferred, queue_id, recipient, cause, code);
}

Said Expire(MessageJoin& join, std::string_view queue_id, std::string_view recipient) {
  return Pass(join, Outcome::kExpired, queue_id, recipient, CauseId::kMessageExpired);
}

TEST(PutOffReason, GivesAnExpiryTheCauseAndCodeOfTheLastDeferral) {
  MessageJoin join;
  Defer(join, "A1", "ann@example.com", CauseId::kGreylisted, 451);
  Defer(join, "A1", "ann@example.com", CauseId::kMailboxFull, 452);
  const Said result = Expire(join, "A1", "ann@example.com");
  EXPECT_EQ(result.cause, CauseId::kMailboxFull);
  EXPECT_EQ(result.code, 452);
}

TEST(PutOffReason, TellsRecipientsApartAndTakesAnyForAnExpiryOfAnother) {
  MessageJoin join;
  Defer(join, "A1", "bob@example.com", CauseId::kGreylisted);
  Defer(join, "A1", "ann@example.com", CauseId::kMailboxFull);
  Defer(join, "A1", "eve@example.com", CauseId::kUnclassified);
  EXPECT_EQ(Expire(join, "A1", "eve@example.com").cause, CauseId::kMailboxFull)
      << "its own has no name; this is the youngest that has one";
  EXPECT_EQ(Expire(join, "A1", "bob@example.com").cause, CauseId::kGreylisted);
  EXPECT_EQ(Expire(join, "A1", "joe@example.com").cause, CauseId::kMailboxFull);
  EXPECT_EQ(Expire(join, "A2", "ann@example.com").cause, CauseId::kMessageExpired);
  EXPECT_EQ(Expire(join, "", "ann@example.com").cause, CauseId::kMessageExpired);
}

TEST(PutOffReason, TakesNoProviderFromAnotherRecipient) {
  MessageJoin join;
  const auto pass = [&](Outcome outcome, std::string_view recipient, CauseId cause, int provider) {
    DeliveryEvent event;
    event.outcome = outcome;
    event.host = "mx1";
    event.queue_id = "A1";
    event.recipient = recipient;
    Verdict verdict = Because(cause);
    verdict.provider = static_cast<ProviderId>(provider);
    MessageJoin::Place place = join.Complete(event);
    join.Explain(place, event, verdict);
    join.Settle(place, event, verdict);
    return verdict;
  };
  pass(Outcome::kDeferred, "ann@example.com", CauseId::kMailboxFull, 3);
  const Verdict other = pass(Outcome::kExpired, "bob@example.net", CauseId::kMessageExpired, 5);
  EXPECT_EQ(other.cause, CauseId::kMailboxFull);
  EXPECT_EQ(static_cast<int>(other.provider), 5);
  const Verdict own = pass(Outcome::kExpired, "ann@example.com", CauseId::kMessageExpired, 5);
  EXPECT_EQ(static_cast<int>(own.provider), 3);
}

TEST(PutOffReason, CallsAnExpiryWithoutWordsAndMemoryExpired) {
  MessageJoin join;
  for (const char* id : {"A1", ""}) {
    EXPECT_EQ(Pass(join, Outcome::kExpired, id, "", CauseId::kUnclassified).cause,
              CauseId::kMessageExpired);
  }
}

TEST(PutOffReason, LeavesAFailureWithACauseOfItsOwnAlone) {
  for (const Outcome outcome : {Outcome::kBounced, Outcome::kDeferred, Outcome::kExpired}) {
    MessageJoin join;
    Defer(join, "A1", "ann@example.com", CauseId::kGreylisted);
    EXPECT_EQ(Pass(join, outcome, "A1", "ann@example.com", CauseId::kUserUnknown).cause,
              CauseId::kUserUnknown);
  }
  MessageJoin join;
  Defer(join, "A1", "ann@example.com", CauseId::kGreylisted);
  EXPECT_EQ(Pass(join, Outcome::kBounced, "A1", "ann@example.com", CauseId::kUnclassified).cause,
            CauseId::kUnclassified)
      << "a bounce that nobody understands did not expire";
}

TEST(PutOffReason, KeepsAnOlderCauseWhenALaterDeferralNamesNone) {
  MessageJoin join;
  Defer(join, "A1", "ann@example.com", CauseId::kUnclassified);
  Defer(join, "A1", "ann@example.com", CauseId::kMailboxFull);
  Defer(join, "A1", "ann@example.com", CauseId::kUnclassified);
  ASSERT_EQ(join.WaitingNow().size(), 1U);
  EXPECT_EQ(join.WaitingNow()[0].cause, static_cast<std::uint16_t>(CauseId::kMailboxFull));
  EXPECT_EQ(Expire(join, "A1", "ann@example.com").cause, CauseId::kMailboxFull);
}

// "retry timeout exceeded" as a deferral is not a cause to remember.
TEST(PutOffReason, IsNotReplacedByADeferralThatSaysOnlyThatItWaitedLong) {
  MessageJoin join;
  Defer(join, "A1", "ann@example.com", CauseId::kMailboxFull);
  EXPECT_EQ(Defer(join, "A1", "ann@example.com", CauseId::kMessageExpired).cause,
            CauseId::kMailboxFull);
  EXPECT_EQ(Expire(join, "A1", "ann@example.com").cause, CauseId::kMailboxFull);
}

TEST(PutOffReason, TellsHostsApartThatUseTheSameQueueId) {
  MessageJoin join;
  Defer(join, "A1", "ann@example.com", CauseId::kGreylisted);
  EXPECT_EQ(
      Pass(join, Outcome::kExpired, "A1", "ann@example.com", CauseId::kMessageExpired, 0, "mx2")
          .cause,
      CauseId::kMessageExpired);
}

// An ordinary bad day: what waits is many more than the table of an afternoon's traffic.
TEST(PutOffReason, IsKnownOfEachOfAQuarterOfAMillionMessagesInBoundedMemory) {
  constexpr int kMessages = 250'000;
  MessageJoin join;
  const auto id = [](int number) { return "4XkP2z" + std::to_string(1'000'000 + number); };
  for (int i = 0; i < kMessages; ++i) {
    MessageNote note;
    note.mta = Mta::kPostfix;
    note.host = "mx1";
    const std::string queue_id = id(i);
    note.queue_id = queue_id;
    note.message.sender = "news@shop.example.com";
    note.message.size = 4711;
    join.Take(note);
    Defer(join, queue_id, "ann@example.com",
          i % 2 == 0 ? CauseId::kMailboxFull : CauseId::kGreylisted, 452);
  }
  EXPECT_EQ(join.table().forgotten(), 0U);
  EXPECT_LT(join.table().bytes(), std::size_t{64} << 20U);
  for (int i = 0; i < kMessages; ++i) {
    ASSERT_EQ(Expire(join, id(i), "ann@example.com").cause,
              i % 2 == 0 ? CauseId::kMailboxFull : CauseId::kGreylisted)
        << i;
  }
}

TEST(PutOffReason, SurvivesARestart) {
  MessageJoin join;
  std::vector<std::string> pieces;
  for (int i = 0; i < 300; ++i) {
    Defer(join, "Q" + std::to_string(i), "ann@example.com",
          i % 2 == 0 ? CauseId::kMailboxFull : CauseId::kGreylisted, 452);
    if (i % 50 == 0) pieces.push_back(join.Take(*TestNames(), false).bytes);
  }
  pieces.push_back(join.Take(*TestNames(), false).bytes);
  MessageJoin restored;
  ASSERT_TRUE(restored.Restore(pieces, *TestNames()));
  for (int i = 0; i < 300; ++i) {
    const Said result = Expire(restored, "Q" + std::to_string(i), "ann@example.com");
    EXPECT_EQ(result.cause, i % 2 == 0 ? CauseId::kMailboxFull : CauseId::kGreylisted);
    EXPECT_EQ(result.code, 452);
  }
}

TEST(PutOffReason, FollowsTheNamesWhenTheRulesAreLoadedAnew) {
  MessageJoin join;
  Defer(join, "A1", "ann@example.com", CauseId::kMailboxFull);
  Defer(join, "A2", "ann@example.com", CauseId::kGreylisted);
  RuleNames names = *TestNames();
  std::swap(names.causes[4], names.causes[5]);
  ASSERT_EQ(names.causes[5], "mailbox_full");
  names.causes[static_cast<std::size_t>(CauseId::kGreylisted)] = "renamed";
  join.Rename(*TestNames(), names);
  EXPECT_EQ(Expire(join, "A1", "ann@example.com").cause, CauseId{5});
  EXPECT_EQ(Expire(join, "A2", "ann@example.com").cause, CauseId::kMessageExpired);
}

}  // namespace
}  // namespace bouncesight
