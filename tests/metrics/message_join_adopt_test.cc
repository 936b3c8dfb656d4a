#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "metrics/message_join.h"

namespace bouncesight {
namespace {

MessageNote Note(NoteKind kind, std::string_view id, const MessageFacts& message) {
  MessageNote note;
  note.kind = kind;
  note.mta = Mta::kPostfix;
  note.host = "mx1";
  note.queue_id = id;
  note.message = message;
  return note;
}

DeliveryEvent Result(Outcome outcome, std::string_view id, std::string_view recipient) {
  DeliveryEvent event;
  event.mta = Mta::kPostfix;
  event.outcome = outcome;
  event.host = "mx1";
  event.queue_id = id;
  event.recipient = recipient;
  event.recipient_domain = DomainOf(recipient);
  return event;
}

void Arrive(MessageJoin& join, std::string_view id, std::string_view sender, std::string_view ip,
            std::string_view account) {
  MessageFacts client, facts;
  client.client_ip = ip;
  client.account = account;
  join.Take(Note(NoteKind::kArrival, id, client));
  facts.sender = sender;
  facts.message_id = "1@example.com";
  join.Take(Note(NoteKind::kFacts, id, facts));
}

void PutOff(MessageJoin& join, std::string_view id, std::string_view recipient, CauseId cause) {
  DeliveryEvent event = Result(Outcome::kDeferred, id, recipient);
  Verdict verdict;
  verdict.cause = cause;
  MessageJoin::Place place = join.Complete(event);
  join.Settle(place, event, verdict);
}

std::vector<std::pair<std::string, CauseId>> Expired(MessageJoin& join, std::string_view id) {
  std::vector<std::pair<std::string, CauseId>> all;
  DeliveryEvent event = Result(Outcome::kExpired, id, "");
  const MessageJoin::Place place = join.Complete(event);
  join.Expire(place, event, [&](const DeliveryEvent& one, const Verdict& verdict) {
    all.emplace_back(one.recipient, verdict.cause);
  });
  return all;
}

// Joins of two stretches of a log: the id A1 belongs to another message in the later one, B2 came
// before it.
class TwoStretches : public testing::Test {
 protected:
  TwoStretches() {
    Arrive(earlier_, "A1", "old@example.com", "192.0.2.9", "");
    PutOff(earlier_, "A1", "z@example.net", CauseId::kMailboxFull);
    Arrive(later_, "A1", "ann@example.com", "192.0.2.8", "alice");
    PutOff(later_, "A1", "b@example.net", CauseId::kGreylisted);
    PutOff(later_, "A1", "c@example.net", CauseId::kMailboxFull);
    PutOff(later_, "B2", "b@example.net", CauseId::kGreylisted);
    for (const char* id : {"A1", "B2", "C3"}) {
      DeliveryEvent event = Result(Outcome::kDelivered, id, "b@example.net");
      earlier_.Adopt(later_, later_.Complete(event).key);
    }
  }
  MessageJoin earlier_{MessageJoin::Keep::kAll}, later_{MessageJoin::Keep::kAll};
};

TEST_F(TwoStretches, AMessageThatArrivedInTheLaterOneTakesThePlaceOfTheOther) {
  DeliveryEvent event = Result(Outcome::kDelivered, "A1", "b@example.net");
  earlier_.Complete(event);
  EXPECT_EQ(event.message.sender, "ann@example.com");
  EXPECT_EQ(event.message.account, "alice");
  EXPECT_EQ(event.message.client_ip, "192.0.2.8");
  EXPECT_EQ(event.message.message_id, "1@example.com");
}

TEST_F(TwoStretches, ItsRecipientsWaitInTheSameOrder) {
  const auto here = Expired(earlier_, "A1");
  EXPECT_EQ(here.size(), 2U);
  EXPECT_EQ(here, Expired(later_, "A1"));
  EXPECT_EQ(earlier_.table().waiting(), 0U);
}

TEST_F(TwoStretches, OneThatCameBeforeIsLeftAsItStands) {
  EXPECT_EQ(earlier_.table().size(), 1U);
  EXPECT_TRUE(Expired(earlier_, "B2").empty());
}

}  // namespace
}  // namespace bouncesight
