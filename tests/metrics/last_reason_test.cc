#include "metrics/last_reason.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/metrics/fixtures.h"

namespace bouncesight {
namespace {

struct Said {
  CauseId cause;
  std::uint16_t code;
};

// What becomes of an event that says `cause` itself.
Said Pass(LastReasons& reasons, Outcome outcome, std::string_view queue_id,
          std::string_view recipient, CauseId cause, std::uint16_t code = 0) {
  DeliveryEvent event;
  event.outcome = outcome;
  event.queue_id = queue_id;
  event.recipient = recipient;
  event.reply.code = code;
  Verdict verdict = Because(cause);
  reasons.Apply(event, verdict);
  return {verdict.cause, event.reply.code};
}

Said Defer(LastReasons& reasons, std::string_view queue_id, std::string_view recipient,
           CauseId cause, std::uint16_t code = 0) {
  return Pass(reasons, Outcome::kDeferred, queue_id, recipient, cause, code);
}

Said Expire(LastReasons& reasons, std::string_view queue_id, std::string_view recipient) {
  return Pass(reasons, Outcome::kExpired, queue_id, recipient, CauseId::kMessageExpired);
}

TEST(LastReasons, GiveAnExpiryTheCauseAndCodeOfTheLastDeferral) {
  LastReasons reasons;
  Defer(reasons, "A1", "ann@example.com", CauseId::kGreylisted, 451);
  Defer(reasons, "A1", "ann@example.com", CauseId::kMailboxFull, 452);
  const Said result = Expire(reasons, "A1", "ann@example.com");
  EXPECT_EQ(result.cause, CauseId::kMailboxFull);
  EXPECT_EQ(result.code, 452);
}

TEST(LastReasons, TellRecipientsApartAndTakeAnyForAnExpiryWithoutOne) {
  LastReasons reasons;
  Defer(reasons, "A1", "ann@example.com", CauseId::kMailboxFull);
  Defer(reasons, "A1", "bob@example.com", CauseId::kGreylisted);
  EXPECT_EQ(Expire(reasons, "A1", "ann@example.com").cause, CauseId::kMailboxFull);
  EXPECT_EQ(Expire(reasons, "A1", "").cause, CauseId::kGreylisted) << "the last of the queue id";
  EXPECT_EQ(Expire(reasons, "A1", "eve@example.com").cause, CauseId::kGreylisted);
  EXPECT_EQ(Expire(reasons, "A2", "ann@example.com").cause, CauseId::kMessageExpired);
  EXPECT_EQ(Expire(reasons, "", "ann@example.com").cause, CauseId::kMessageExpired);
}

TEST(LastReasons, CallAnExpiryWithoutWordsAndMemoryExpired) {
  LastReasons reasons;
  EXPECT_EQ(Pass(reasons, Outcome::kExpired, "A1", "", CauseId::kUnclassified).cause,
            CauseId::kMessageExpired);
  EXPECT_EQ(Pass(reasons, Outcome::kExpired, "", "", CauseId::kUnclassified).cause,
            CauseId::kMessageExpired);
}

TEST(LastReasons, LeaveAFailureWithACauseOfItsOwnAlone) {
  LastReasons reasons;
  Defer(reasons, "A1", "ann@example.com", CauseId::kGreylisted);
  for (const Outcome outcome : {Outcome::kBounced, Outcome::kDeferred, Outcome::kExpired}) {
    EXPECT_EQ(Pass(reasons, outcome, "A1", "ann@example.com", CauseId::kUserUnknown).cause,
              CauseId::kUserUnknown);
  }
  EXPECT_EQ(Pass(reasons, Outcome::kBounced, "A1", "x", CauseId::kUnclassified).cause,
            CauseId::kUnclassified)
      << "a bounce that nobody understands did not expire";
}

TEST(LastReasons, KeepAnOlderCauseWhenALaterDeferralNamesNone) {
  LastReasons reasons;
  Defer(reasons, "A1", "ann@example.com", CauseId::kMailboxFull);
  Defer(reasons, "A1", "ann@example.com", CauseId::kUnclassified);
  EXPECT_EQ(Expire(reasons, "A1", "ann@example.com").cause, CauseId::kMailboxFull);
}

TEST(LastReasons, TellHostsApartThatUseTheSameQueueId) {
  LastReasons reasons;
  DeliveryEvent event = Deferral("example.com");
  Verdict verdict = Because(CauseId::kGreylisted);
  event.host = "mx1";
  reasons.Apply(event, verdict);
  event.outcome = Outcome::kExpired;
  event.host = "mx2";
  verdict = Because(CauseId::kMessageExpired);
  reasons.Apply(event, verdict);
  EXPECT_EQ(verdict.cause, CauseId::kMessageExpired);
}

TEST(LastReasons, ForgetTheOldestFirstAndNeverAllocate) {
  LastReasons reasons(1024);
  const std::string first = "Q0", recipient = "ann@example.com";
  const auto id = [](int number, char* buffer) {
    return std::string_view(buffer,
                            static_cast<std::size_t>(std::snprintf(buffer, 16, "Q%d", number)));
  };
  char buffer[16];
  const std::size_t before = Allocations();
  for (int i = 0; i < 10000; ++i) Defer(reasons, id(i, buffer), recipient, CauseId::kMailboxFull);
  EXPECT_EQ(Allocations(), before);
  EXPECT_EQ(reasons.size(), 1024U);
  EXPECT_EQ(Expire(reasons, first, recipient).cause, CauseId::kMessageExpired);
  int known = 0;
  for (int i = 9900; i < 10000; ++i) {
    known += Expire(reasons, id(i, buffer), recipient).cause == CauseId::kMailboxFull ? 1 : 0;
  }
  EXPECT_EQ(known, 100);
}

TEST(LastReasons, SurviveTheStateRecord) {
  LastReasons reasons;
  for (int i = 0; i < 300; ++i) {
    Defer(reasons, "Q" + std::to_string(i), "ann@example.com",
          i % 2 == 0 ? CauseId::kMailboxFull : CauseId::kGreylisted, 452);
  }
  const TablePiece piece = reasons.Take(*TestNames(), false);
  EXPECT_TRUE(piece.whole);
  LastReasons restored;
  ASSERT_TRUE(restored.Restore({piece.bytes}, *TestNames()));
  EXPECT_EQ(restored.size(), reasons.size());
  EXPECT_EQ(restored.Take(*TestNames(), false), piece);
  for (int i = 0; i < 300; ++i) {
    const Said result = Expire(restored, "Q" + std::to_string(i), "ann@example.com");
    EXPECT_EQ(result.cause, i % 2 == 0 ? CauseId::kMailboxFull : CauseId::kGreylisted);
    EXPECT_EQ(result.code, 452);
  }
}

// Far more messages than there is room for, so that entries give way within a commit, too.
TEST(LastReasons, AreTheSameAfterTheChangesOfAnyCommits) {
  std::mt19937 random(8);
  LastReasons reasons(256);
  std::vector<std::string> pieces;
  for (int commit = 0; commit < 200; ++commit) {
    for (std::uint32_t lines = random() % 20; lines > 0; --lines) {
      Defer(reasons, "Q" + std::to_string(random() % 2000), lines % 3 == 0 ? "" : "a@example.com",
            random() % 2 == 0 ? CauseId::kMailboxFull : CauseId::kGreylisted, 450);
    }
    const TablePiece piece = reasons.Take(*TestNames(), commit % 60 == 0);
    if (piece.whole) pieces.clear();
    if (!piece.empty()) pieces.push_back(piece.bytes);
    LastReasons live(256), restored(256);
    ASSERT_TRUE(restored.Restore(pieces, *TestNames()));
    ASSERT_TRUE(live.Restore({reasons.Take(*TestNames(), true).bytes}, *TestNames()));
    ASSERT_EQ(restored.Take(*TestNames(), true), live.Take(*TestNames(), true)) << commit;
  }
  EXPECT_GT(reasons.size(), 250U);
}

TEST(LastReasons, GiveOnlyWhatChangedToACommit) {
  LastReasons reasons;
  for (int i = 0; i < 5000; ++i) {
    Defer(reasons, "Q" + std::to_string(i), "ann@example.com", CauseId::kMailboxFull, 452);
  }
  EXPECT_TRUE(reasons.Take(*TestNames(), false).whole);
  EXPECT_TRUE(reasons.Take(*TestNames(), false).empty());
  Defer(reasons, "Q7", "ann@example.com", CauseId::kGreylisted, 451);
  const TablePiece changes = reasons.Take(*TestNames(), false);
  EXPECT_FALSE(changes.whole);
  EXPECT_LT(changes.bytes.size(), 30U) << "a reason and the keys of the message and its recipient";
  EXPECT_TRUE(reasons.Take(*TestNames(), true).whole);
}

TEST(LastReasons, AreNoNewsWhenTheyAreTheSameOnceMore) {
  LastReasons reasons;
  Defer(reasons, "Q7", "ann@example.com", CauseId::kMailboxFull, 452);
  EXPECT_TRUE(reasons.Take(*TestNames(), false).whole);
  Defer(reasons, "Q7", "ann@example.com", CauseId::kMailboxFull, 452);
  EXPECT_TRUE(reasons.Take(*TestNames(), false).empty());
  Defer(reasons, "Q7", "ann@example.com", CauseId::kMailboxFull, 552);
  EXPECT_FALSE(reasons.Take(*TestNames(), false).empty());
}

// One that comes again and again does not give way to those that came once.
TEST(LastReasons, StayAsLongAsTheyComeAgain) {
  LastReasons reasons(64);
  for (int i = 0; i < 500; ++i) {
    Defer(reasons, "Q" + std::to_string(i), "", CauseId::kGreylisted, 451);
    Defer(reasons, "old", "", CauseId::kMailboxFull, 452);
  }
  EXPECT_EQ(Expire(reasons, "old", "").cause, CauseId::kMailboxFull);
}

TEST(LastReasons, RefuseADamagedRecordAndKeepWhatTheyHave) {
  LastReasons reasons(1024);
  Defer(reasons, "A1", "ann@example.com", CauseId::kMailboxFull);
  const std::string bytes = reasons.Take(*TestNames(), true).bytes;
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_FALSE(reasons.Restore({bytes.substr(0, length)}, *TestNames())) << length;
  }
  EXPECT_EQ(Expire(reasons, "A1", "ann@example.com").cause, CauseId::kMailboxFull);
  std::mt19937 random(3);
  for (int i = 0; i < 20000; ++i) {
    std::string changed = bytes;
    changed[random() % changed.size()] = static_cast<char>(random());
    LastReasons other(64);
    if (other.Restore({changed}, *TestNames())) {
      EXPECT_LE(other.size(), 2U);
    }
  }
}

TEST(LastReasons, FollowTheNamesWhenTheRulesAreLoadedAnew) {
  LastReasons reasons;
  Defer(reasons, "A1", "ann@example.com", CauseId::kMailboxFull);
  Defer(reasons, "A2", "ann@example.com", CauseId::kGreylisted);
  RuleNames names = *TestNames();
  std::swap(names.causes[4], names.causes[5]);
  ASSERT_EQ(names.causes[5], "mailbox_full");
  names.causes[static_cast<std::size_t>(CauseId::kGreylisted)] = "renamed";
  reasons.Rename(*TestNames(), names);
  EXPECT_EQ(Expire(reasons, "A1", "ann@example.com").cause, CauseId{5});
  EXPECT_EQ(Expire(reasons, "A2", "ann@example.com").cause, CauseId::kMessageExpired);
  EXPECT_EQ(reasons.size(), 2U);
}

}  // namespace
}  // namespace bouncesight
