#include "metrics/message_join.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

using Keep = MessageJoin::Keep;

MessageNote Note(NoteKind kind, std::string_view id, MessageFacts message = {},
                 std::string_view instance = "postfix", std::string_view host = "mx1") {
  MessageNote note;
  note.kind = kind;
  note.mta = Mta::kPostfix;
  note.time = "Nov 21 16:49:30";
  note.host = host;
  note.instance = instance;
  note.queue_id = id;
  note.message = message;
  return note;
}

MessageFacts From(std::string_view sender, std::uint64_t size = 0) {
  MessageFacts facts;
  facts.sender = sender;
  facts.size = size;
  return facts;
}
MessageFacts Client(std::string_view ip, std::string_view account = {}) {
  MessageFacts facts;
  facts.client_ip = ip;
  facts.account = account;
  return facts;
}
MessageFacts MessageId(std::string_view id, std::string_view sender = {}) {
  MessageFacts facts = From(sender);
  facts.message_id = id;
  return facts;
}

DeliveryEvent Result(Outcome outcome, std::string_view id, std::string_view recipient,
                     std::string_view instance = "postfix", std::string_view host = "mx1") {
  DeliveryEvent event;
  event.outcome = outcome;
  event.time = "Nov 21 16:49:30";
  event.host = host;
  event.instance = instance;
  event.queue_id = id;
  event.recipient = recipient;
  event.recipient_domain = DomainOf(recipient);
  return event;
}

Verdict Because(CauseId cause) {
  Verdict verdict;
  verdict.cause = cause;
  return verdict;
}

std::string SenderOf(MessageJoin& join, std::string_view id, std::string_view instance = "postfix",
                     std::string_view host = "mx1") {
  DeliveryEvent event = Result(Outcome::kDelivered, id, "b@example.net", instance, host);
  join.Complete(event);
  return std::string(event.message.sender);
}

// As the pump asks: where the message stands, then what became of it.
bool Settle(MessageJoin& join, DeliveryEvent event, const Verdict& verdict) {
  MessageJoin::Place place = join.Complete(event);
  return join.Settle(place, event, verdict);
}

template <typename One>
bool Expire(MessageJoin& join, DeliveryEvent event, One one) {
  const MessageJoin::Place place = join.Complete(event);
  return join.Expire(place, event, one);
}

std::uint64_t Waiting(const MessageJoin& join) {
  std::uint64_t sum = 0;
  for (const WaitingRow& row : join.WaitingNow()) sum += row.recipients;
  return sum;
}

TEST(MessageJoin, GivesADeliveryTheSenderOfItsQueueId) {
  MessageJoin join(Keep::kAll);
  join.Take(Note(NoteKind::kArrival, "A1", Client("192.0.2.9", "alice"), "postfix/submission"));
  join.Take(Note(NoteKind::kFacts, "A1", MessageId("1@example.com")));
  join.Take(Note(NoteKind::kFacts, "A1", From("ann@example.com", 9)));
  DeliveryEvent event = Result(Outcome::kDelivered, "A1", "b@example.net");
  join.Complete(event);
  EXPECT_EQ(event.message.sender, "ann@example.com");
  EXPECT_EQ(event.message.account, "alice");
  EXPECT_EQ(event.message.client_ip, "192.0.2.9");
  EXPECT_EQ(event.message.message_id, "1@example.com");
  EXPECT_EQ(event.message.size, 9U);
  DeliveryEvent said = Result(Outcome::kDelivered, "A1", "b@example.net");
  said.message.sender = "carl@example.org";
  join.Complete(said);
  EXPECT_EQ(said.message.sender, "carl@example.org") << "what the line says counts";
}

TEST(MessageJoin, KeepsNoAddressWhereOnlyDomainsAreCounted) {
  MessageJoin join(Keep::kDomains);
  join.Take(Note(NoteKind::kArrival, "A1", Client("192.0.2.9", "alice")));
  join.Take(Note(NoteKind::kFacts, "A1", MessageId("1@x", "ann@example.com")));
  DeliveryEvent event = Result(Outcome::kDelivered, "A1", "b@example.net");
  join.Complete(event);
  EXPECT_EQ(event.message.sender, "@example.com");
  EXPECT_EQ(event.message.account, "");
  EXPECT_EQ(event.message.client_ip, "");
  EXPECT_EQ(event.message.message_id, "");
  Settle(join, Result(Outcome::kDeferred, "A1", "b@example.net"), Because(CauseId::kGreylisted));
  Expire(join, Result(Outcome::kExpired, "A1", ""), [](const DeliveryEvent& one, const Verdict&) {
    EXPECT_EQ(one.recipient, "");
    EXPECT_EQ(one.recipient_domain, "example.net");
  });
}

TEST(MessageJoin, NamesTheDomainOfEverySender) {
  EXPECT_EQ(SenderDomain(From("ann@Example.com")), "Example.com");
  EXPECT_EQ(SenderDomain(From("@example.com")), "example.com");
  EXPECT_EQ(SenderDomain(From("<>")), "null");
  EXPECT_EQ(SenderDomain(From("root")), "local");
  EXPECT_EQ(SenderDomain(From("@")), "local");
  EXPECT_EQ(SenderDomain({}), "unknown");
}

TEST(MessageJoin, TellsHostsAndInstancesApartButNotServices) {
  MessageJoin join;
  join.Take(Note(NoteKind::kFacts, "A1", From("a@one.example")));
  join.Take(Note(NoteKind::kFacts, "A1", From("a@two.example"), "postfix-out"));
  join.Take(Note(NoteKind::kFacts, "A1", From("a@three.example"), "postfix", "mx2"));
  EXPECT_EQ(SenderOf(join, "A1", "postfix/relay"), "@one.example");
  EXPECT_EQ(SenderOf(join, "A1", "postfix-out/relay"), "@two.example");
  EXPECT_EQ(SenderOf(join, "A1", "postfix", "mx2"), "@three.example");
  EXPECT_EQ(SenderOf(join, "A2"), "");
}

TEST(MessageJoin, TakesAQueueIdThatIsUsedAgainForAnotherMessage) {
  MessageJoin join(Keep::kAll);
  join.Take(Note(NoteKind::kArrival, "A1", Client("192.0.2.9", "alice")));
  join.Take(Note(NoteKind::kFacts, "A1", From("a@one.example")));
  Settle(join, Result(Outcome::kDeferred, "A1", "b@example.net"), Because(CauseId::kGreylisted));
  // Its end was not read.
  join.Take(Note(NoteKind::kArrival, "A1", Client("192.0.2.8")));
  EXPECT_EQ(SenderOf(join, "A1"), "");
  EXPECT_EQ(Waiting(join), 0U);
  // A notice arrives without a line of smtpd, told by its message id.
  join.Take(Note(NoteKind::kFacts, "A1", MessageId("1@x")));
  join.Take(Note(NoteKind::kFacts, "A1", From("a@two.example")));
  join.Take(Note(NoteKind::kFacts, "A1", MessageId("2@x")));
  EXPECT_EQ(SenderOf(join, "A1"), "");
}

TEST(MessageJoin, IsNotMovedByLinesThatComeLate) {
  MessageJoin join;
  join.Take(Note(NoteKind::kArrival, "A1", Client("192.0.2.9")));
  Settle(join, Result(Outcome::kDeferred, "A1", "b@example.net"), Because(CauseId::kGreylisted));
  join.Take(Note(NoteKind::kEnd, "A1"));
  EXPECT_EQ(Waiting(join), 0U) << "a message that is removed waits no more";
  join.Take(Note(NoteKind::kFacts, "A1", From("a@one.example")));
  EXPECT_EQ(SenderOf(join, "A1"), "@one.example") << "the queue manager's line behind the end";
  EXPECT_FALSE(Settle(join, Result(Outcome::kDeferred, "A1", "b@example.net"),
                      Because(CauseId::kGreylisted)));
  EXPECT_EQ(Waiting(join), 0U) << "a deferral behind the end";
  join.Take(Note(NoteKind::kEnd, "A9"));  // of one that was never seen
  EXPECT_EQ(join.table().size(), 1U);
}

TEST(MessageJoin, SaysOnceThatARecipientIsPutOffForTheFirstTime) {
  MessageJoin join;
  const Verdict greylisted = Because(CauseId::kGreylisted);
  EXPECT_TRUE(Settle(join, Result(Outcome::kDeferred, "A1", "b@example.net"), greylisted));
  EXPECT_FALSE(Settle(join, Result(Outcome::kSuspended, "A1", "b@example.net"), greylisted));
  EXPECT_TRUE(Settle(join, Result(Outcome::kSuspended, "A1", "c@example.net"), greylisted));
  EXPECT_FALSE(Settle(join, Result(Outcome::kDelivered, "A1", "b@example.net"), {}));
  EXPECT_EQ(Waiting(join), 1U);
  EXPECT_FALSE(Settle(join, Result(Outcome::kRejected, "A1", "c@example.net"), {}));
  EXPECT_EQ(Waiting(join), 1U);
}

TEST(MessageJoin, ExpiresEachRecipientThatWaitsForItsOwnCause) {
  MessageJoin join(Keep::kAll);
  Settle(join, Result(Outcome::kDeferred, "A1", "b@example.net"), Because(CauseId::kGreylisted));
  Settle(join, Result(Outcome::kDeferred, "A1", "c@example.org"), Because(CauseId::kMailboxFull));
  Settle(join, Result(Outcome::kDeferred, "A1", "d@example.org"), Because(CauseId::kMailboxFull));
  Settle(join, Result(Outcome::kDelivered, "A1", "d@example.org"), {});
  std::set<std::tuple<std::string, std::string, CauseId>> expired;
  const auto note = [&](const DeliveryEvent& one, const Verdict& verdict) {
    expired.emplace(one.recipient, one.recipient_domain, verdict.cause);
  };
  EXPECT_TRUE(Expire(join, Result(Outcome::kExpired, "A1", ""), note));
  const std::set<std::tuple<std::string, std::string, CauseId>> want = {
      {"b@example.net", "example.net", CauseId::kGreylisted},
      {"c@example.org", "example.org", CauseId::kMailboxFull}};
  EXPECT_EQ(expired, want);
  EXPECT_EQ(Waiting(join), 0U);
  EXPECT_FALSE(Expire(join, Result(Outcome::kExpired, "A1", ""), note));
}

TEST(MessageJoin, GivesWhatAContentFilterHandedBackItsFirstClient) {
  MessageJoin join(Keep::kAll);
  join.Take(Note(NoteKind::kArrival, "A1", Client("192.0.2.9", "alice")));
  join.Take(Note(NoteKind::kArrival, "B1", Client("127.0.0.1")));
  join.Take(Note(NoteKind::kFacts, "B1", From("ann@example.com")));
  MessageNote hop = Note(NoteKind::kHandedOn, "A1");
  hop.other_id = "B1";
  join.Take(hop);
  DeliveryEvent event = Result(Outcome::kDelivered, "B1", "b@example.net");
  join.Complete(event);
  EXPECT_EQ(event.message.account, "alice");
  EXPECT_EQ(event.message.client_ip, "192.0.2.9");
  hop.other_id = "A1";
  join.Take(hop);  // a hostile filter
  EXPECT_EQ(SenderOf(join, "B1"), "ann@example.com");
}

// What Haraka says of a transaction holds for its deliveries, one for each domain.
TEST(MessageJoin, GivesADeliveryOfHarakaTheSenderOfItsTransaction) {
  MessageJoin join(Keep::kAll);
  MessageNote note = Note(NoteKind::kArrival, "9C4C.1", From("ann@example.com"));
  note.mta = Mta::kHaraka;
  join.Take(note);
  for (const char* id : {"9C4C.1.1", "9C4C.1.2"}) {
    DeliveryEvent event = Result(Outcome::kDeferred, id, "b@example.net");
    event.mta = Mta::kHaraka;
    EXPECT_TRUE(Settle(join, event, Because(CauseId::kGreylisted)));
    join.Complete(event);
    EXPECT_EQ(event.message.sender, "ann@example.com") << id;
  }
  DeliveryEvent other = Result(Outcome::kDeferred, "9C4C.2.1", "b@example.net");
  other.mta = Mta::kHaraka;
  join.Complete(other);
  EXPECT_EQ(other.message.sender, "");
}

// It names no recipient where a whole delivery went one way.
TEST(MessageJoin, TakesAResultOfHarakaWithoutRecipientForAllOfTheDelivery) {
  MessageJoin join;
  const auto settle = [&](Outcome outcome, std::string_view recipient, CauseId cause) {
    DeliveryEvent event = Result(outcome, "9C4C.1.1", recipient);
    event.mta = Mta::kHaraka;
    return Settle(join, event, Because(cause));
  };
  EXPECT_TRUE(settle(Outcome::kDeferred, "b@example.net", CauseId::kGreylisted));
  EXPECT_TRUE(settle(Outcome::kDeferred, "c@example.net", CauseId::kGreylisted));
  EXPECT_FALSE(settle(Outcome::kDeferred, "", CauseId::kConnectTimeout));
  ASSERT_EQ(join.WaitingNow().size(), 1U);
  EXPECT_EQ(join.WaitingNow()[0].cause, static_cast<std::uint16_t>(CauseId::kConnectTimeout));
  EXPECT_EQ(Waiting(join), 2U);
  EXPECT_FALSE(settle(Outcome::kDelivered, "", CauseId::kUnclassified));
  EXPECT_EQ(Waiting(join), 0U);
}

TEST(MessageJoin, KeepsTheClientOfAMessageThatIsRequeuedUnderAnotherId) {
  MessageJoin join(Keep::kAll);
  join.Take(Note(NoteKind::kArrival, "A1", Client("192.0.2.9", "alice")));
  join.Take(Note(NoteKind::kEnd, "A1"));
  MessageNote pickup = Note(NoteKind::kArrival, "B1", From("ann@example.com"));
  pickup.other_id = "A1";
  join.Take(pickup);
  pickup.other_id = "B1";  // the same id once more
  join.Take(pickup);
  DeliveryEvent event = Result(Outcome::kDelivered, "B1", "b@example.net");
  join.Complete(event);
  EXPECT_EQ(event.message.account, "");
  pickup.other_id = "A1";
  join.Take(pickup);
  event = Result(Outcome::kDelivered, "B1", "b@example.net");
  join.Complete(event);
  EXPECT_EQ(event.message.account, "alice");
  EXPECT_EQ(event.message.client_ip, "192.0.2.9");
  EXPECT_EQ(event.message.sender, "ann@example.com");
}

TEST(MessageJoin, TellsHowLongTheOldestWaitsByTheClockOfTheLog) {
  MessageJoin join;
  DeliveryEvent event = Result(Outcome::kDeferred, "A1", "b@example.net");
  event.time = "Dec 31 23:00:00";
  event.delay_seconds = 600;
  Settle(join, event, Because(CauseId::kGreylisted));
  DeliveryEvent later = Result(Outcome::kDeferred, "A2", "b@example.net");
  later.time = "Jan  1 01:00:00";
  later.delay_seconds = 5;
  Settle(join, later, Because(CauseId::kGreylisted));
  ASSERT_EQ(join.WaitingNow().size(), 1U);
  EXPECT_EQ(join.WaitingNow()[0].recipients, 2U);
  EXPECT_EQ(join.WaitingNow()[0].oldest_seconds, 7200U + 600U);
}

TEST(MessageJoin, ForgetsWhatHasEndedBeforeWhatWaitsAndCountsWhatItMissed) {
  MessageJoin join(Keep::kDomains, {.messages = 4, .ended = 4});
  for (const char* id : {"E1", "E2"}) {
    join.Take(Note(NoteKind::kFacts, id, From("a@example.com")));
    join.Take(Note(NoteKind::kEnd, id));
  }
  Settle(join, Result(Outcome::kDeferred, "W1", "b@example.net"), {});
  join.Take(Note(NoteKind::kFacts, "I1", From("a@example.com")));
  join.Take(Note(NoteKind::kFacts, "I2", From("a@example.com")));
  join.Take(Note(NoteKind::kFacts, "I3", From("a@example.com")));
  EXPECT_EQ(join.table().size(), 4U);
  EXPECT_EQ(SenderOf(join, "E1") + SenderOf(join, "E2"), "");
  EXPECT_EQ(join.table().forgotten(), 0U);
  join.Take(Note(NoteKind::kFacts, "I4", From("a@example.com")));
  EXPECT_EQ(SenderOf(join, "I1"), "") << "the oldest of those of which nothing waits";
  EXPECT_EQ(Waiting(join), 1U);
  EXPECT_EQ(join.table().forgotten(), 1U);
}

TEST(MessageJoin, StaysWithinItsBytesWhateverTheLinesHold) {
  MessageJoin join(Keep::kAll, {.messages = 100'000, .bytes = 1 << 20});
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string id = std::to_string(i), text(random() % 3000, 'x');
    join.Take(Note(NoteKind::kArrival, id, MessageId(text, text)));
    if (i % 3 == 0) Settle(join, Result(Outcome::kDeferred, id, text), {});
    ASSERT_LE(join.table().bytes(), (1U << 20U) + 8192);
  }
  EXPECT_GT(join.table().forgotten(), 0U);
}

// What the join must say, with no bound and no cleverness.
struct Naive {
  struct Message {
    std::string sender;
    std::map<std::string, CauseId> waiting;
  };
  std::map<std::string, Message> live;
};

TEST(MessageJoin, AgreesWithANaiveMapOverRandomLives) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    const bool crowd = seed % 3 == 0;  // two messages of so many recipients that they are indexed
    const unsigned ids = crowd ? 2 : 40, recipients = crowd ? 150 : 5, rarely = crowd ? 30 : 1;
    MessageJoin join(Keep::kAll);
    Naive naive;
    for (int step = 0; step < 5000; ++step) {
      const std::string id = "Q" + std::to_string(random() % ids);
      const std::string to = "r" + std::to_string(random() % recipients) + "@example.net";
      const bool known = naive.live.contains(id);
      switch (random() % 6) {
        case 0: {  // an arrival, of a new message
          if (known && random() % rarely != 0) break;
          const std::string sender = "s" + std::to_string(step) + "@example.com";
          join.Take(Note(NoteKind::kArrival, id, Client("192.0.2.9")));
          join.Take(Note(NoteKind::kFacts, id, From(sender)));
          naive.live[id] = {sender, {}};
          break;
        }
        case 1:
        case 2: {
          if (!known) break;
          const auto cause = static_cast<CauseId>(random() % 3 + 1);
          const bool fresh = !naive.live[id].waiting.contains(to);
          ASSERT_EQ(Settle(join, Result(Outcome::kDeferred, id, to), Because(cause)), fresh);
          naive.live[id].waiting[to] = cause;
          break;
        }
        case 3:
          Settle(join, Result(Outcome::kDelivered, id, to), {});
          if (known) naive.live[id].waiting.erase(to);
          break;
        case 4:
          if (random() % (3 * rarely) != 0) break;
          join.Take(Note(NoteKind::kEnd, id));
          naive.live.erase(id);
          break;
        default: {
          if (random() % (5 * rarely) != 0) break;
          std::map<std::string, CauseId> expired;
          Expire(join, Result(Outcome::kExpired, id, ""),
                 [&](const DeliveryEvent& one, const Verdict& verdict) {
                   expired[std::string(one.recipient)] = verdict.cause;
                 });
          ASSERT_EQ(expired, known ? naive.live[id].waiting : decltype(expired){});
          if (known) naive.live[id].waiting.clear();
        }
      }
      if (naive.live.contains(id)) {
        ASSERT_EQ(SenderOf(join, id), naive.live[id].sender);
      }
    }
    std::uint64_t waiting = 0;
    for (const auto& [id, message] : naive.live) waiting += message.waiting.size();
    EXPECT_EQ(Waiting(join), waiting) << "seed " << seed;
    EXPECT_EQ(join.table().waiting(), waiting);
  }
}

}  // namespace
}  // namespace bouncesight
