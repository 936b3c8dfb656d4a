// What waits, and whose it is, over the lives that messages have in real queues: lines in, figures
// out.
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "metrics/pump.h"
#include "rules/rule_set.h"

namespace bouncesight {
namespace {

std::shared_ptr<const RuleSet> Rules() {
  constexpr std::string_view kText =
      "rules:\n"
      "  - {id: full, cause: mailbox_full, match: mailbox full, examples: [452 mailbox full]}\n";
  static const auto rules = RuleSet::Load({{{"test.yaml", kText}}, {}, {}});
  return rules.value();
}

// Lines of Postfix on a host, for an instance.
struct Postfix {
  std::string instance = "postfix";
  std::string host = "mx1";

  std::string Line(const std::string& daemon, const std::string& text) const {
    return "Jan  2 03:04:05 " + host + " " + instance + "/" + daemon + "[7]: " + text + "\n";
  }
  std::string Arrival(const std::string& id, const std::string& sender) const {
    return Line("smtpd", id + ": client=app.example.com[198.51.100.7]") +
           Line("cleanup", id + ": message-id=<" + id + sender + ">") + Active(id, sender);
  }
  std::string Active(const std::string& id, const std::string& sender) const {
    return Line("qmgr", id + ": from=<" + sender + ">, size=900, nrcpt=1 (queue active)");
  }
  std::string Deferred(const std::string& id, const std::string& to) const {
    return Line("smtp", id + ": to=<" + to +
                            ">, relay=mx.example.net[192.0.2.1]:25, delay=9, delays=1/1/1/6, "
                            "dsn=4.2.2, status=deferred (host mx.example.net[192.0.2.1] said: 452 "
                            "4.2.2 Mailbox full (in reply to RCPT TO command))");
  }
  std::string Sent(const std::string& id, const std::string& to, const std::string& relay,
                   const std::string& answer) const {
    return Line("smtp", id + ": to=<" + to + ">, relay=" + relay +
                            ", delay=9, delays=1/1/1/6, dsn=2.0.0, status=sent (" + answer + ")");
  }
  std::string Removed(const std::string& id, const std::string& by = "qmgr") const {
    return Line(by, id + ": removed");
  }
};

const Postfix kMx1;
const Postfix kMx2{.host = "mx2"};
const Postfix kOut{.instance = "postfix-out"};
const std::string kAnn = "ann@example.net";
const std::string kNow = "2026-01-02 03:04:05 1wAbCd-0000000001a-0Xyz ";
const std::string kExim =
    kNow + "<= news@shop.example.com H=app.example.com [198.51.100.7] P=esmtp S=900\n" + kNow +
    "== ann@example.net R=dnslookup T=remote_smtp defer (-44) H=mx.example.net [192.0.2.1]: SMTP "
    "error from remote mail server after RCPT TO:<ann@example.net>: 452 4.2.2 Mailbox full\n";

struct Life {
  const char* what;
  std::string log;
  std::uint64_t waiting;          // at the end
  std::uint64_t first_deferrals;  // in all
  std::string failed;             // "sender deferrals" of those that failed, in the order of rows
};

// Long because: it is a table.
const std::vector<Life>& Lives() {
  static const std::vector<Life> lives = {
      {"put off, tried again by postqueue -f, delivered",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", kAnn) +
           kMx1.Active("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", kAnn) +
           kMx1.Active("A1B2C3", "a@one.example") +
           kMx1.Sent("A1B2C3", kAnn, "mx.example.net[192.0.2.1]:25", "250 Ok") +
           kMx1.Removed("A1B2C3"),
       0, 1, "one.example 2"},
      {"a short queue id that is another message's an hour later",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", kAnn) +
           kMx1.Removed("A1B2C3") + kMx1.Arrival("A1B2C3", "b@two.example") +
           kMx1.Deferred("A1B2C3", kAnn),
       1, 2, "one.example 1 two.example 1"},
      {"the same, with the end of the first one lost",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", "bob@example.org") +
           kMx1.Arrival("A1B2C3", "b@two.example") + kMx1.Deferred("A1B2C3", kAnn),
       1, 2, "one.example 1 two.example 1"},
      {"one queue id on two hosts",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx2.Arrival("A1B2C3", "b@two.example") +
           kMx1.Deferred("A1B2C3", kAnn) + kMx2.Deferred("A1B2C3", kAnn) + kMx1.Removed("A1B2C3"),
       1, 2, "one.example 1 two.example 1"},
      {"one queue id in two instances of Postfix on a host",
       kMx1.Arrival("A1B2C3", "a@one.example") + kOut.Arrival("A1B2C3", "b@two.example") +
           kOut.Deferred("A1B2C3", kAnn) + kMx1.Removed("A1B2C3"),
       1, 1, "two.example 1"},
      {"deleted by postsuper -d",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", kAnn) +
           kMx1.Removed("A1B2C3", "postsuper"),
       0, 1, "one.example 1"},
      {"put on hold, which is still the queue, and released",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", kAnn) +
           kMx1.Line("postsuper", "A1B2C3: placed on hold") +
           kMx1.Line("postsuper", "A1B2C3: released from hold") + kMx1.Deferred("A1B2C3", kAnn),
       1, 1, "one.example 2"},
      {"requeued by postsuper -r under another id",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", kAnn) +
           kMx1.Line("postsuper", "A1B2C3: requeued") +
           kMx1.Line("pickup", "D4E5F6: uid=100 from=<a@one.example> orig_id=A1B2C3") +
           kMx1.Active("D4E5F6", "a@one.example") + kMx1.Deferred("D4E5F6", kAnn),
       1, 2, "one.example 2"},
      {"requeued by postsuper -r ALL, which names none of them",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", kAnn) +
           kMx1.Line("postsuper", "Requeued: 1 message") +
           kMx1.Line("pickup", "D4E5F6: uid=100 from=<a@one.example> orig_id=A1B2C3") +
           kMx1.Active("D4E5F6", "a@one.example") + kMx1.Deferred("D4E5F6", kAnn),
       1, 2, "one.example 2"},
      {"given back by a content filter, while the first half still waits",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", kAnn) +
           kMx1.Line("smtpd",
                     "D4E5F6: client=localhost[127.0.0.1], orig_queue_id=A1B2C3, "
                     "orig_client=app.example.com[198.51.100.7]") +
           kMx1.Active("D4E5F6", "a@one.example") + kMx1.Deferred("D4E5F6", "bob@example.org"),
       2, 2, "one.example 2"},
      {"requeued under the id that it had",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", kAnn) +
           kMx1.Line("postsuper", "A1B2C3: requeued") +
           kMx1.Line("pickup", "A1B2C3: uid=100 from=<a@one.example> orig_id=A1B2C3") +
           kMx1.Active("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", kAnn),
       1, 2, "one.example 2"},
      {"given up by the queue's manager, which names nobody; the notice to the sender waits",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Deferred("A1B2C3", kAnn) +
           kMx1.Line("qmgr", "A1B2C3: from=<a@one.example>, status=expired, returned to sender") +
           kMx1.Line("cleanup", "D4E5F6: message-id=<2@mx1.example.com>") +
           kMx1.Line("bounce", "A1B2C3: sender non-delivery notification: D4E5F6") +
           kMx1.Active("D4E5F6", "") + kMx1.Removed("A1B2C3") +
           kMx1.Deferred("D4E5F6", "a@one.example"),
       1, 2, "null 1 one.example 2"},
      {"a notice that nobody wants: the double bounce to the postmaster waits",
       kMx1.Line("cleanup", "D4E5F6: message-id=<2@mx1.example.com>") + kMx1.Active("D4E5F6", "") +
           kMx1.Line("smtp",
                     "D4E5F6: to=<a@one.example>, relay=none, delay=1, delays=1/0/0/0, "
                     "dsn=5.4.4, status=bounced (Host or domain name not found)") +
           kMx1.Line("cleanup", "E5F6A7: message-id=<3@mx1.example.com>") +
           kMx1.Line("bounce", "D4E5F6: postmaster non-delivery notification: E5F6A7") +
           kMx1.Active("E5F6A7", "double-bounce@mx1.example.com") + kMx1.Removed("D4E5F6") +
           kMx1.Deferred("E5F6A7", "postmaster@one.example"),
       1, 1, "null 1 mx1.example.com 1"},
      {"a milter gives it another sender: the queue's manager has the last word",
       kMx1.Line("smtpd",
                 "A1B2C3: client=app.example.com[198.51.100.7], sasl_method=PLAIN, "
                 "sasl_username=ann, sasl_sender=a@one.example") +
           kMx1.Line("cleanup", "A1B2C3: message-id=<1@one.example>") +
           kMx1.Active("A1B2C3", "bounce+1@two.example") + kMx1.Deferred("A1B2C3", kAnn),
       1, 1, "two.example 1"},
      {"two recipients of an alias, one delivered and one that waits",
       kMx1.Arrival("A1B2C3", "a@one.example") +
           kMx1.Sent("A1B2C3", "bob@example.net", "mx.example.net[192.0.2.1]:25", "250 Ok") +
           kMx1.Deferred("A1B2C3", "ann@example.net>, orig_to=<team@one.example") +
           kMx1.Active("A1B2C3", "a@one.example"),
       1, 1, "one.example 1"},
      {"refused by a milter at the end of data: it never was in the queue",
       kMx1.Line("smtpd", "A1B2C3: client=app.example.com[198.51.100.7]") +
           kMx1.Line("cleanup", "A1B2C3: message-id=<1@one.example>") +
           kMx1.Line("cleanup",
                     "A1B2C3: milter-reject: END-OF-MESSAGE from app.example.com[198.51.100.7]: "
                     "5.7.1 Spam message rejected; from=<a@one.example> to=<ann@example.net> "
                     "proto=ESMTP helo=<app.example.com>"),
       0, 0, ""},
      {"handed to a content filter, and put off behind it: it waits once",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Arrival("D4E5F6", "a@one.example") +
           kMx1.Sent("A1B2C3", kAnn, "127.0.0.1[127.0.0.1]:10024",
                     "250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as D4E5F6") +
           kMx1.Removed("A1B2C3") + kMx1.Deferred("D4E5F6", kAnn),
       1, 1, "one.example 1"},
      {"a deferral that is logged behind its message's end",
       kMx1.Arrival("A1B2C3", "a@one.example") + kMx1.Removed("A1B2C3") +
           kMx1.Deferred("A1B2C3", kAnn),
       0, 0, "one.example 1"},
      {"Exim: frozen, which is still the queue", kExim + kNow + "Frozen\n", 1, 1,
       "shop.example.com 1"},
      {"Exim: thrown away by -Mrm", kExim + kNow + "removed by root\n" + kNow + "Completed\n", 0, 1,
       "shop.example.com 1"},
      {"Exim: given up by -Mg",
       kExim + kNow + "** ann@example.net: delivery cancelled by administrator\n" + kNow +
           "Completed\n",
       0, 1, "shop.example.com 2"},
      {"Exim: delivered at the next run of the queue",
       kExim + kNow +
           "=> ann@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.1]\n" + kNow +
           "Completed\n",
       0, 1, "shop.example.com 1"},
  };
  return lives;
}

TEST(QueueLife, CountsAnExpiryOfHarakaForEachRecipientThatWaited) {
  const std::string head = "[NOTICE] [9C4C-58.1.1] [outbound] ";
  Classifier classifier(Rules());
  MessageJoin join;
  Tally tally(NamesOf(*Rules()));
  JoinedCounts joined;
  Pump pump("mail");
  std::vector<CauseId> causes;
  struct Causes : NullObserver {
    std::vector<CauseId>* into = nullptr;
    void OnEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo&) {
      if (event.outcome == Outcome::kExpired) into->push_back(verdict.cause);
    }
  } observer;
  observer.into = &causes;
  pump.Feed(head + "recipient <ann@example.net> deferred: 452 4.2.2 mailbox full\n" + head +
                "recipient <bob@example.net> deferred: 451 4.9.9 xyzzy\n" + head +
                "recipient <eve@example.net> deferred: 452 4.2.2 mailbox full\n" + head +
                "bouncing mail: Too many failures (Tried all MXs)\n",
            {classifier, join, tally, &joined}, observer);
  EXPECT_EQ(causes, std::vector<CauseId>(3, CauseId::kMailboxFull))
      << "the one of no known cause takes that of another";
  EXPECT_TRUE(join.WaitingNow().empty());
}

TEST(QueueLife, IsCountedAsItWent) {
  for (const Life& life : Lives()) {
    SCOPED_TRACE(life.what);
    Classifier classifier(Rules());
    MessageJoin join;
    JoinedCounts joined;
    Tally tally(NamesOf(*Rules()));
    Pump pump("mail");
    pump.Feed(life.log, {classifier, join, tally, &joined});
    const JoinedRows rows = joined.RowsWith(join);
    std::uint64_t waiting = 0, first_deferrals = 0;
    for (const WaitingRow& row : rows.waiting) waiting += row.recipients;
    for (const std::uint64_t one : rows.first_deferrals) first_deferrals += one;
    EXPECT_EQ(waiting, life.waiting);
    EXPECT_EQ(first_deferrals, life.first_deferrals);
    std::string failed;
    for (const LabelRow& row : rows.senders) {
      std::uint64_t sum = 0;
      for (const std::uint64_t one : row.failures) sum += one;
      if (sum > 0) failed += (failed.empty() ? "" : " ") + row.name + " " + std::to_string(sum);
    }
    EXPECT_EQ(failed, life.failed);
  }
}

}  // namespace
}  // namespace bouncesight
