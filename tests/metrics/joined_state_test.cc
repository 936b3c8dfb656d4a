// The join and its counters as tables of the state: what comes back is what was there.
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "metrics/joined_counts.h"

namespace bouncesight {
namespace {

constexpr std::string_view kHost = "mx1";

MessageNote Note(NoteKind kind, std::string_view id, std::string_view sender = {}) {
  MessageNote note;
  note.kind = kind;
  note.mta = Mta::kPostfix;
  note.host = kHost;
  note.queue_id = id;
  note.message.sender = sender;
  return note;
}

DeliveryEvent Result(Outcome outcome, std::string_view id, std::string_view recipient) {
  DeliveryEvent event;
  event.outcome = outcome;
  event.host = kHost;
  event.time = "Nov 21 16:49:30";
  event.delay_seconds = 7;
  event.queue_id = id;
  event.recipient = recipient;
  event.recipient_domain = DomainOf(recipient);
  event.reply.code = 451;
  return event;
}

Verdict Because(CauseId cause, std::uint16_t provider = 0) {
  Verdict verdict;
  verdict.cause = cause;
  verdict.provider = static_cast<ProviderId>(provider);
  return verdict;
}

RuleNames Names() {
  RuleNames names = *BuiltinNames();
  names.providers = {"", "one", "two"};
  return names;
}

// A worker with its two tables, and what the state has of them.
struct Source {
  MessageJoin join;
  JoinedCounts counts;
  std::vector<std::string> join_pieces, count_pieces;

  void Commit(bool whole = false) {
    Save(join.Take(Names(), whole), join_pieces);
    Save(counts.Take(Names(), whole), count_pieces);
  }
  static void Save(TablePiece piece, std::vector<std::string>& pieces) {
    if (piece.empty()) return;
    if (piece.whole) pieces.clear();
    pieces.push_back(std::move(piece.bytes));
  }
  void Take(DeliveryEvent event, const Verdict& verdict) {
    MessageJoin::Place place = join.Complete(event);
    const bool first = join.Settle(place, event, verdict);
    counts.Count(event, verdict);
    if (first) counts.CountFirstDeferral(verdict.provider, 1);
  }
  JoinedRows Rows() const { return counts.RowsWith(join); }
  // As a restart finds it.
  JoinedRows Restarted(const RuleNames& names = Names()) const {
    Source fresh;
    EXPECT_TRUE(fresh.join.Restore(join_pieces, names));
    EXPECT_TRUE(fresh.counts.Restore(count_pieces, names));
    return fresh.Rows();
  }
};

TEST(JoinedState, IsAfterARestartWhatItWasAtTheLastCommit) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    std::mt19937 random(seed);
    Source source;
    for (int step = 0; step < 3000; ++step) {
      const std::string id = "Q" + std::to_string(random() % 60);
      const std::string to = "r" + std::to_string(random() % 4) + "@example.net";
      const auto provider = static_cast<std::uint16_t>(random() % 3);
      switch (random() % 6) {
        case 0:
          source.join.Take(Note(NoteKind::kArrival, id));
          source.join.Take(
              Note(NoteKind::kFacts, id, "a@s" + std::to_string(random() % 9) + ".example.com"));
          break;
        case 1:
        case 2:
          source.Take(
              Result(Outcome::kDeferred, id, to),
              Because(random() % 2 == 0 ? CauseId::kGreylisted : CauseId::kMailboxFull, provider));
          break;
        case 3:
          source.Take(Result(Outcome::kDelivered, id, to), Because({}, provider));
          break;
        case 4:
          if (random() % 3 == 0) source.join.Take(Note(NoteKind::kEnd, id));
          break;
        default:
          if (random() % 10 != 0) break;
          source.Commit(random() % 5 == 0);
          ASSERT_EQ(source.Restarted(), source.Rows()) << "seed " << seed << " step " << step;
      }
    }
  }
}

// A queue that is tried again and again must not cost what it holds at each attempt.
TEST(JoinedState, WritesOnlyTheClockWhenAMessageIsPutOffForTheSameReason) {
  Source source;
  const auto put_off = [&](CauseId cause, std::string_view time) {
    source.join.Take(Note(NoteKind::kFacts, "A1", "a@example.com"));
    DeliveryEvent event = Result(Outcome::kDeferred, "A1", "b@example.net");
    event.time = time;
    source.Take(event, Because(cause));
  };
  put_off(CauseId::kGreylisted, "Nov 21 16:49:30");
  source.Commit();
  put_off(CauseId::kGreylisted, "Nov 21 17:49:30");
  const TablePiece clock = source.join.Take(Names(), false);
  EXPECT_LT(clock.bytes.size(), 16U);
  source.join_pieces.push_back(clock.bytes);
  EXPECT_EQ(source.Restarted().waiting, source.Rows().waiting) << "and the oldest has aged";
  put_off(CauseId::kMailboxFull, "Nov 21 17:49:30");
  const TablePiece reason = source.join.Take(Names(), false);
  EXPECT_LT(reason.bytes.size(), 40U) << "neither sender nor recipient";
  source.join_pieces.push_back(reason.bytes);
  EXPECT_EQ(source.Restarted().waiting, source.Rows().waiting);
}

TEST(JoinedState, KeepsWhyEachRecipientOfAMessageWaits) {
  Source source, fresh;
  for (int i = 0; i < 9; ++i) {
    const std::string to = "r" + std::to_string(i) + "@example.net";
    DeliveryEvent event = Result(Outcome::kDeferred, "A1", to);
    event.reply.code = i < 6 ? 451 : 452;
    event.reply.enhanced = {4, 2, static_cast<std::uint16_t>(i / 2)};
    source.Take(event, Because(CauseId::kGreylisted));
    source.Commit();
  }
  source.Take(Result(Outcome::kDelivered, "A1", "r4@example.net"), {});
  source.Commit();
  ASSERT_TRUE(fresh.join.Restore(source.join_pieces, Names()));
  for (MessageJoin* join : {&source.join, &fresh.join}) {
    std::string told;
    DeliveryEvent expiry = Result(Outcome::kExpired, "A1", "");
    expiry.reply.code = 0;
    join->Expire(join->Complete(expiry), expiry, [&](const DeliveryEvent& one, const Verdict&) {
      told +=
          std::to_string(one.reply.code) + '/' + std::to_string(one.reply.enhanced.detail) + ' ';
    });
    EXPECT_EQ(told, "452/4 452/3 452/3 451/2 451/1 451/1 451/0 451/0 ");
  }
}

// What had to go there need not be what has to go here: the rest comes back all the same.
TEST(JoinedState, IsReadWhereThereIsLessRoom) {
  Source source;
  std::mt19937 random(7);
  for (int step = 0; step < 400; ++step) {
    const auto provider = static_cast<std::uint16_t>(random() % 3);
    source.Take(Result(Outcome::kDeferred, "Q" + std::to_string(random() % 50), "b@example.net"),
                Because(CauseId::kGreylisted, provider));
    source.Commit();
  }
  MessageJoin small(MessageJoin::Keep::kDomains, {.messages = 20});
  ASSERT_TRUE(small.Restore(source.join_pieces, Names()));
  EXPECT_GE(small.table().size(), 19U);
  EXPECT_LE(small.table().size(), 20U);
}

TEST(JoinedState, SurvivesPiecesOfAnyBytes) {
  Source source;
  source.Take(Result(Outcome::kDeferred, "A1", "b@example.net"), Because(CauseId::kGreylisted, 1));
  source.Commit();
  source.Take(Result(Outcome::kDeferred, "A1", "c@example.net"), Because(CauseId::kMailboxFull, 2));
  source.Commit();
  std::mt19937 random(5);
  for (int i = 0; i < 20'000; ++i) {
    Source fresh;
    for (std::vector<std::string> pieces : {source.join_pieces, source.count_pieces}) {
      std::string& piece = pieces[random() % pieces.size()];
      piece[random() % piece.size()] = static_cast<char>(random());
      EXPECT_TRUE(!fresh.join.Restore(pieces, Names()) || fresh.join.table().waiting() <= 3);
      static_cast<void>(fresh.counts.Restore(pieces, Names()));
    }
  }
}

TEST(JoinedCounts, CostWhatMovedAndNotWhatIsKnown) {
  Source source;
  DeliveryEvent event = Result(Outcome::kBounced, "A1", "b@example.net");
  for (int i = 0; i < 100; ++i) {
    const std::string sender = "a@sender" + std::to_string(i) + ".example.com";
    event.message.sender = sender;
    for (int cause = 1; cause < 20; ++cause) {
      source.counts.Count(event, Because(static_cast<CauseId>(cause)));
    }
  }
  source.Commit();
  for (int i = 0; i < 100; ++i) {
    const std::string sender = "a@sender" + std::to_string(i) + ".example.com";
    event.message.sender = sender;
    source.counts.Count(event, Because(CauseId::kGreylisted));
  }
  const TablePiece change = source.counts.Take(Names(), false);
  EXPECT_LT(change.bytes.size(), 100U * 8);
  source.count_pieces.push_back(change.bytes);
  EXPECT_EQ(source.Restarted(), source.Rows());
}

TEST(JoinedState, WritesNothingOfWhatCameAndWentBetweenTwoCommits) {
  Source source;
  source.Commit();
  const std::size_t before = source.join_pieces.size();
  source.join.Take(Note(NoteKind::kFacts, "A1", "a@example.com"));
  source.join.Take(Note(NoteKind::kEnd, "A1"));
  EXPECT_TRUE(source.join.Take(Names(), false).empty());
  EXPECT_EQ(source.join_pieces.size(), before);
}

TEST(JoinedState, NamesTheSenderOfWhatCameBeforeTheRestart) {
  Source source, fresh;
  source.Commit();
  source.join.Take(Note(NoteKind::kFacts, "A1", "a@example.com"));
  source.Commit();
  ASSERT_TRUE(fresh.join.Restore(source.join_pieces, Names()));
  DeliveryEvent event = Result(Outcome::kDelivered, "A1", "b@example.net");
  fresh.join.Complete(event);
  EXPECT_EQ(SenderDomain(event.message), "example.com");
}

TEST(JoinedState, KnowsCausesAndProvidersByNameUnderOtherRules) {
  Source source;
  source.Take(Result(Outcome::kDeferred, "A1", "b@example.net"), Because(CauseId::kGreylisted, 2));
  source.Commit();
  RuleNames other = Names();
  other.providers = {"", "two"};
  const JoinedRows rows = source.Restarted(other);
  ASSERT_EQ(rows.waiting.size(), 1U);
  EXPECT_EQ(rows.waiting[0].provider, 1U);
  EXPECT_EQ(rows.first_deferrals, (std::vector<std::uint64_t>{0, 1}));
  source.join.Rename(Names(), other);
  source.counts.Rename(Names(), other);
  EXPECT_EQ(source.Rows().waiting[0].provider, 1U);
  EXPECT_EQ(source.Rows().first_deferrals, (std::vector<std::uint64_t>{0, 1}));
}

TEST(JoinedState, RefusesDamagedPiecesAndStaysAsItWas) {
  Source source;
  source.Take(Result(Outcome::kDeferred, "A1", "b@example.net"), Because(CauseId::kGreylisted, 1));
  source.Commit();
  for (std::vector<std::string> pieces : {source.join_pieces, source.count_pieces}) {
    for (std::size_t size = 0; size < pieces[0].size(); ++size) {
      Source fresh;
      const std::vector<std::string> cut = {pieces[0].substr(0, size)};
      EXPECT_FALSE(fresh.join.Restore(cut, Names()));
      EXPECT_FALSE(fresh.counts.Restore(cut, Names()));
      EXPECT_EQ(fresh.Rows(), Source().Rows());
    }
  }
}

// A change of nothing makes room for its cause, which is no counter that moved.
TEST(JoinedCounts, AreOneRecordHoweverManyCausesStandAtZero) {
  ByteWriter piece;
  for (const std::uint64_t number : {2, 1, 0, 0}) piece.Number(number);  // version, whole, no names
  for (const std::uint64_t number : {0, 1}) piece.Number(number);        // of the senders one name
  piece.String("");
  for (const std::uint64_t number : {1, 0}) piece.Number(number);  // one row moved, the first:
  for (const std::uint64_t number : {0, 1, 8, 0}) piece.Number(number);  // its eighth cause, by 0
  for (const std::uint64_t number : {0, 0, 0, 0}) piece.Number(number);  // no accounts, deferrals
  JoinedCounts counts(true), again(true);
  ASSERT_TRUE(counts.Restore({piece.Take()}, Names()).has_value());
  const std::string whole = counts.Take(Names(), true).bytes;
  ASSERT_TRUE(again.Restore({whole}, Names()).has_value());
  EXPECT_EQ(again.Take(Names(), true).bytes, whole);
}

TEST(JoinedCounts, GiveRowsToSendersThatFailAndFoldTheRest) {
  JoinedCounts counts(true);
  for (int i = 0; i < 10'000; ++i) {
    DeliveryEvent event = Result(Outcome::kBounced, "A1", "b@example.net");
    const std::string sender = "a@d" + std::to_string(i) + ".example.com";
    const std::string account = "u" + std::to_string(i) + "\n\"x";
    event.message.sender = i % 2 == 0 ? "a@Large.Example.COM" : std::string_view(sender);
    event.message.account = account;
    counts.Count(event, Because(CauseId::kUserUnknown));
  }
  const JoinedRows rows = counts.RowsWith(MessageJoin());
  EXPECT_LE(rows.senders.size(), 1 + 3 + JoinedCounts::kMostSenders);
  EXPECT_LE(rows.accounts.size(), 1 + JoinedCounts::kMostAccounts);
  std::uint64_t sum = 0, large = 0;
  for (const LabelRow& row : rows.senders) {
    for (const std::uint64_t one : row.failures) sum += one;
    if (row.name == "large.example.com") large = row.deliveries[2];
  }
  EXPECT_EQ(sum, 10'000U);
  EXPECT_EQ(large, 5000U);
  for (const LabelRow& row : rows.accounts) {
    EXPECT_EQ(row.name.find_first_of("\n\""), std::string::npos) << row.name;
  }
}

TEST(JoinedCounts, KeepLoginsOnlyWhereTheOperatorAsksForThem) {
  JoinedCounts counts;
  DeliveryEvent event = Result(Outcome::kBounced, "A1", "b@example.net");
  event.message.account = "alice";
  counts.Count(event, Because(CauseId::kUserUnknown));
  EXPECT_TRUE(counts.RowsWith(MessageJoin()).accounts.empty());
  DeliveryEvent suspended = Result(Outcome::kSuspended, "A1", "b@example.net");
  suspended.message.sender = "a@example.com";
  counts.Count(suspended, {});
  for (const LabelRow& row : counts.RowsWith(MessageJoin()).senders) {
    EXPECT_NE(row.name, "example.com") << "no attempt was made";
  }
}

}  // namespace
}  // namespace bouncesight
