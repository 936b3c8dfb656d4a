#include "parsers/mta/postfix.h"

#include <list>
#include <string>

#include <gtest/gtest.h>

#include "tests/parsers/mta/event_text.h"

namespace bouncesight {
namespace {

Parsed Parse(std::string_view message, std::string_view program = "postfix/smtp") {
  static ParseContext context;
  static std::list<std::string> kept;  // an event views its line
  Record record;
  record.time = "Nov 21 16:49:30";
  record.host = "mx1";
  record.program = program;
  record.message = kept.emplace_back(message);
  return ParsePostfix(record, context);
}

DeliveryEvent Event(std::string_view message, std::string_view program = "postfix/smtp") {
  const Parsed parsed = Parse(message, program);
  const DeliveryEvent* event = std::get_if<DeliveryEvent>(&parsed);
  EXPECT_NE(event, nullptr) << message;
  return event == nullptr ? DeliveryEvent{} : *event;
}

std::string_view SkipName(std::string_view message, std::string_view program = "postfix/smtp") {
  const Parsed parsed = Parse(message, program);
  const Skip* skip = std::get_if<Skip>(&parsed);
  return skip == nullptr ? "event" : SkipReasonName(skip->reason);
}

constexpr std::string_view kHead = "4F1A2B3C4D: to=<user@example.net>, relay=";

std::string Line(std::string_view rest) { return std::string(kHead) + std::string(rest); }

TEST(Postfix, ReadsEveryFieldOfADeliveryLine) {
  const DeliveryEvent event = Event(
      "4F1A2B3C4D: to=<User@Example.net>, orig_to=<alias@example.org>, relay=mx.example.net"
      "[192.0.2.7]:2525, conn_use=3, delay=1.5, delays=0.1/0.2/0.2/1, tls=dane:halfdane, "
      "dsn=5.1.1, "
      "status=bounced (host mx.example.net[192.0.2.7] said: 550 5.1.0 <user>: unknown here (in "
      "reply to RCPT TO command))",
      "postfix-out/smtp");
  EXPECT_EQ(event.outcome, Outcome::kBounced);
  EXPECT_EQ(event.mta, Mta::kPostfix);
  EXPECT_EQ(event.time, "Nov 21 16:49:30");
  EXPECT_EQ(event.host, "mx1");
  EXPECT_EQ(event.instance, "postfix-out");
  EXPECT_EQ(event.queue_id, "4F1A2B3C4D");
  EXPECT_EQ(event.recipient, "User@Example.net");
  EXPECT_EQ(event.recipient_domain, "Example.net");
  EXPECT_EQ(event.relay_host, "mx.example.net");
  EXPECT_EQ(event.relay_ip, "192.0.2.7");
  EXPECT_EQ(event.relay_port, 2525);
  EXPECT_DOUBLE_EQ(event.delay_seconds, 1.5);
  EXPECT_EQ(event.step_seconds, (std::array<double, kDelayStepCount>{0.1, 0.2, 0.2, 1}));
  EXPECT_EQ(event.dsn, (EnhancedCode{5, 1, 1}));
  EXPECT_EQ(event.reply.code, 550);
  EXPECT_EQ(event.reply.enhanced, (EnhancedCode{5, 1, 0}));
  EXPECT_EQ(event.reply.phase, Phase::kRcpt);
  EXPECT_EQ(event.reply.origin, Origin::kRemote);
  EXPECT_EQ(event.reply.text, "550 5.1.0 <user>: unknown here");
  EXPECT_FALSE(event.truncated);
  EXPECT_EQ(event.repeat, 1U);
}

TEST(Postfix, TakesTheOutcomeFromTheStatusWord) {
  const struct {
    std::string_view rest;
    Outcome outcome;
  } kCases[] = {
      {"none, delay=1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 1A2B3C4D5E)",
       Outcome::kDelivered},
      {"local, delay=1, dsn=2.0.0, status=sent (delivered to maildir)", Outcome::kDelivered},
      {"none, delay=1, dsn=2.0.0, status=sent (thrown away on purpose)", Outcome::kDelivered},
      {"none, delay=1, dsn=4.3.0, status=deferred (mail transport unavailable)",
       Outcome::kDeferred},
      {"local, delay=1, dsn=5.1.1, status=bounced (unknown user: \"user\")", Outcome::kBounced},
      {"none, delay=1, dsn=4.4.1, status=deferred (delivery temporarily suspended: connect to "
       "mx.example.net[192.0.2.7]:25: Connection timed out)",
       Outcome::kSuspended},
  };
  for (const auto& c : kCases) EXPECT_EQ(Event(Line(c.rest)).outcome, c.outcome) << c.rest;
}

TEST(Postfix, CountsASoftBounceAsADeferralAndKeepsTheRemoteCode) {
  const DeliveryEvent event = Event(
      Line("mx.example.net[192.0.2.7]:25, delay=1, dsn=4.1.1, status=SOFTBOUNCE (host "
           "mx.example.net[192.0.2.7] said: 550 5.1.1 unknown (in reply to RCPT TO command))"));
  EXPECT_EQ(event.outcome, Outcome::kDeferred);
  EXPECT_EQ(event.reply.code, 550);
  EXPECT_EQ(event.reply.enhanced, (EnhancedCode{5, 1, 1}));
  EXPECT_EQ(event.dsn, (EnhancedCode{4, 1, 1}));
}

TEST(Postfix, TakesTheFirstStatusAndNothingFromTheRemoteText) {
  const DeliveryEvent event = Event(Line(
      "mx.example.net[192.0.2.7]:25, delay=1, dsn=5.1.1, status=bounced (host mx.example.net"
      "[192.0.2.7] said: 550 5.1.1 \"x\", relay=evil[203.0.113.9]:25, dsn=2.0.0, status=sent (250 "
      "ok) to=<victim@example.org> (in reply to RCPT TO command))"));
  EXPECT_EQ(event.outcome, Outcome::kBounced);
  EXPECT_EQ(event.relay_ip, "192.0.2.7");
  EXPECT_EQ(event.recipient, "user@example.net");
  EXPECT_EQ(event.dsn, (EnhancedCode{5, 1, 1}));
  EXPECT_TRUE(event.reply.text.ends_with("to=<victim@example.org>"));
}

TEST(Postfix, ReadsAddressesAsEveryVersionWritesThem) {
  const struct {
    std::string_view field, recipient, domain;
  } kCases[] = {
      {"<\"with space\"@example.net>", "\"with space\"@example.net", "example.net"},
      {"<with space@example.net>", "with space@example.net", "example.net"},
      {"<\"a>, status=sent\"@example.net>", "\"a>, status=sent\"@example.net", "example.net"},
      {"<\"quo\\\"te>\"@example.net>", "\"quo\\\"te>\"@example.net", "example.net"},
      {"<o\"brien@example.net>", "o\"brien@example.net", "example.net"},
      {"<user,tag=x@example.net>", "user,tag=x@example.net", "example.net"},
      {"<\xE7\x94\xA8\xE6\x88\xB7@example.net>", "\xE7\x94\xA8\xE6\x88\xB7@example.net",
       "example.net"},
      {"user@example.net", "user@example.net", "example.net"},
      {"<root>", "root", ""},
      {"<>", "", ""},
  };
  for (const auto& c : kCases) {
    const std::string line = "4F1A2B3C4D: to=" + std::string(c.field) +
                             ", relay=none, delay=1, dsn=4.3.0, status=deferred (later)";
    const DeliveryEvent event = Event(line);
    EXPECT_EQ(event.recipient, c.recipient) << line;
    EXPECT_EQ(event.recipient_domain, c.domain) << line;
    EXPECT_EQ(event.outcome, Outcome::kDeferred) << line;
  }
}

TEST(Postfix, ReadsTheRelayInAllItsShapes) {
  const struct {
    std::string_view relay, host, ip;
    int port;
  } kCases[] = {
      {"mx.example.net[192.0.2.7]:25", "mx.example.net", "192.0.2.7", 25},
      {"mx.example.net[2001:db8::1]:25", "mx.example.net", "2001:db8::1", 25},
      {"mx.example.net[192.0.2.7]", "mx.example.net", "192.0.2.7", 0},
      {"pf.example.com[/run/dovecot/lmtp]", "pf.example.com", "", 0},
      {"pf.example.com[private/dovecot-lmtp]", "pf.example.com", "", 0},
      {"none", "", "", 0},
      {"virtual", "", "", 0},
      {"maildrop", "", "", 0},
  };
  for (const auto& c : kCases) {
    const DeliveryEvent event =
        Event(Line(std::string(c.relay) + ", delay=1, dsn=2.0.0, status=sent (ok)"));
    EXPECT_EQ(event.relay_host, c.host) << c.relay;
    EXPECT_EQ(event.relay_ip, c.ip) << c.relay;
    EXPECT_EQ(event.relay_port, c.port) << c.relay;
  }
}

TEST(Postfix, NamesTheHostOfTheReasonWhereThereWasNoRelay) {
  const DeliveryEvent event = Event(
      Line("none, delay=30, delays=0/0/30/0, dsn=4.4.1, status=deferred (connect to mx.example.net"
           "[192.0.2.7]:25: Connection timed out)"));
  EXPECT_EQ(event.relay_host, "mx.example.net");
  EXPECT_EQ(event.relay_ip, "192.0.2.7");
  EXPECT_EQ(event.relay_port, 25);
  EXPECT_EQ(event.reply.origin, Origin::kLocal);
  EXPECT_EQ(event.reply.phase, Phase::kConnect);
}

TEST(Postfix, ReadsOldLinesWithoutDelaysAndDsn) {
  const DeliveryEvent event = Event(Line(
      "none, delay=46, status=deferred (connect to mx.example.net[192.0.2.7]: Connection timed "
      "out)"));
  EXPECT_EQ(event.outcome, Outcome::kDeferred);
  EXPECT_DOUBLE_EQ(event.delay_seconds, 46);
  EXPECT_FALSE(event.dsn.present());
}

TEST(Postfix, ReadsACutLineAndSaysSo) {
  const std::string whole = Line(
      "mx.example.net[192.0.2.7]:25, delay=1, dsn=5.1.1, status=bounced (host mx.example.net"
      "[192.0.2.7] said: 550 5.1.1 no (in reply to RCPT TO command))");
  const std::size_t status = whole.find("status=bounced") + 14;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    const Parsed parsed = Parse(cut);
    const DeliveryEvent* event = std::get_if<DeliveryEvent>(&parsed);
    EXPECT_EQ(event != nullptr, size >= status) << cut;
    if (event != nullptr) {
      EXPECT_EQ(event->outcome, Outcome::kBounced) << cut;
      // The bracket that ends "command)" reads like the line's own.
      EXPECT_EQ(event->truncated, size + 1 != whole.size()) << cut;
    }
  }
}

TEST(Postfix, TellsOurOwnWordsFromTheRemoteHosts) {
  const DeliveryEvent own = Event(Line(
      "local, delay=1, dsn=5.2.2, status=bounced (maildir delivery failed: error writing message: "
      "Disk quota exceeded)"));
  EXPECT_EQ(own.reply.origin, Origin::kLocal);
  EXPECT_EQ(own.reply.code, 0);
  EXPECT_FALSE(own.reply.enhanced.present());
  const DeliveryEvent remote =
      Event(Line("mx.example.net[192.0.2.7]:25, delay=1, dsn=2.0.0, status=sent (250 2.0.0 Ok)"));
  EXPECT_EQ(remote.reply.origin, Origin::kRemote);
  EXPECT_EQ(remote.reply.code, 250);
}

TEST(Postfix, ReadsTheQueueManagersExpiryAsOneEventOfTheMessage) {
  for (const std::string_view message :
       {"4F1A2B3C4D: from=<s@example.org>, status=expired, returned to sender",
        "4F1A2B3C4D: from=<>, status=force-expired, returned to sender",
        "4F1A2B3C4D:from=<s@example.org>, status=expired, returned to sender"}) {
    const DeliveryEvent event = Event(message, "postfix/qmgr");
    EXPECT_EQ(event.outcome, Outcome::kExpired) << message;
    EXPECT_EQ(event.queue_id, "4F1A2B3C4D") << message;
    EXPECT_EQ(event.recipient, "") << message;
  }
}

TEST(Postfix, SkipsLinesThatAreNoResultWithTheirReason) {
  const struct {
    std::string_view message, skipped;
  } kCases[] = {
      {"connect to a.example.net[192.0.2.2]:25: Connection refused", "attempt"},
      {"connect to a[2001:db8::2]:25: Network is unreachable", "attempt"},
      {"4F1A2B3C4D: host d.example.net[192.0.2.5] refused to talk to me: 421 later", "attempt"},
      {"4F1A2B3C4D: host d.example.net[192.0.2.5] said: 450 later (in reply to RCPT TO command)",
       "attempt"},
      {"4F1A2B3C4D: lost connection with d.example.net[192.0.2.5] while sending RCPT TO",
       "attempt"},
      {"4F1A2B3C4D: conversation with d.example.net[192.0.2.5] timed out while sending QUIT",
       "attempt"},
      {"4F1A2B3C4D: host d.example.net[192.0.2.5] offers SMTPUTF8 support, but not 8BITMIME",
       "not_delivery"},
      {"4F1A2B3C4D: to=<u@example.net>, relay=mx.example.net[192.0.2.7]:25, delay=1, dsn=2.1.5, "
       "status=deliverable (250 ok)",
       "probe"},
      {"4F1A2B3C4D: to=<u@example.net>, relay=none, delay=1, dsn=4.7.1, status=undeliverable (host "
       "mx.example.net[192.0.2.7] said: 451 later (in reply to RCPT TO command))",
       "probe"},
      {"4F1A2B3C4D: to=<u@example.net>, relay=none, delay=1, status=undeliverable-but-not-cached "
       "(x)",
       "probe"},
      {"4F1A2B3C4D: from=<s@example.org>, size=391, nrcpt=1 (queue active)", "not_delivery"},
      {"4F1A2B3C4D: removed", "not_delivery"},
      {"4F1A2B3C4D: message-id=<reject: @example.org>", "not_delivery"},
      {"4F1A2B3C4D: sender non-delivery notification: 5F1A2B3C4D", "not_delivery"},
      {"Trusted TLS connection established to mx.example.net[192.0.2.7]:25: TLSv1.3",
       "not_delivery"},
      {"4F1A2B3C4D: TLSRPT: status=failure, domain=example.net", "not_delivery"},
      {"warning: to=<u@example.net>, relay=none, delay=1, status=flying (x)", "malformed"},
      {"4F1A2B3C4D: to=<u@example.net>, relay=none, delay=1", "malformed"},
      {"4F1A2B3C4D: to=<u@example.net", "malformed"},
      {"", "not_delivery"},
      {":", "not_delivery"},
  };
  for (const auto& c : kCases) EXPECT_EQ(SkipName(c.message), c.skipped) << c.message;
}

TEST(Postfix, KnowsItsLinesByContentWhereTheDaemonsNameIsLost) {
  const std::string line = Line("none, delay=1, dsn=4.3.0, status=deferred (later)");
  for (const std::string_view program :
       {"postfix", "mail", "", "mail/smtp", "postfix/relay/smtp"}) {
    EXPECT_EQ(Event(line, program).outcome, Outcome::kDeferred) << program;
  }
  EXPECT_EQ(Event(line, "mail/smtp").instance, "mail");
  EXPECT_EQ(Event(line, "postfix/relay/smtp").instance, "postfix/relay");
  EXPECT_EQ(Event(line, "").instance, "");
}

TEST(Postfix, LeavesOtherProgramsAlone) {
  const struct {
    std::string_view program, message;
  } kCases[] = {
      {"sshd", "Accepted publickey for root from 192.0.2.1 port 22"},
      {"sendmail",
       "jB4JCnPo019367: to=<u@example.net>, delay=00:00:03, mailer=esmtp, relay=mx. [192.0.2.7], "
       "dsn=5.1.1, stat=User unknown"},
      {"exim", "1xUoNV-00005S-1i ** u@example.net: Unrouteable address"},
      {"dovecot", "lmtp(u): msgid=<x>: saved mail to INBOX"},
      {"", "connect to nothing"},
      {"app/web", "connect to db failed"},
  };
  for (const auto& c : kCases) EXPECT_EQ(SkipName(c.message, c.program), "foreign") << c.message;
}

TEST(Postfix, ReadsLongQueueIds) {
  const DeliveryEvent event =
      Event("4jWysw6H2Kz1bwGL: to=<u@example.net>, relay=none, delay=1, status=deferred (later)");
  EXPECT_EQ(event.queue_id, "4jWysw6H2Kz1bwGL");
}

TEST(PostfixLine, NamesTheTransportAndTheTlsLevel) {
  Record record;
  record.program = "postfix-out/smtp";
  record.message =
      "4F1A2B3C4D: to=<u@example.net>, relay=mx.example.net[192.0.2.7]:25, delay=1, "
      "delays=0/0/1/0, tls=dane:halfdane, dsn=2.0.0, status=sent (250 ok)";
  ParseContext context;
  const Parsed parsed = ParsePostfix(record, context);
  ASSERT_TRUE(std::holds_alternative<DeliveryEvent>(parsed));
  EXPECT_EQ(std::get<DeliveryEvent>(parsed).tls, "dane:halfdane");
  EXPECT_EQ(std::get<DeliveryEvent>(parsed).transport, "smtp");
}

// A failing server must not look healthy because a version writes its lines in another way.
TEST(PostfixLine, OfAResultThatIsNotUnderstoodIsMalformed) {
  const struct {
    std::string_view message, told;
  } kCases[] = {
      {"4F1A2-B3: to=<u@example.net>, relay=none, status=bounced (no)", "skip: malformed"},
      {"A012: to=<u@example.net>, relay=none, status=deferred (later)", "skip: malformed"},
      {"0: to=<u@example.net>, relay=none, status=deferred (later)", "skip: malformed"},
      {": to=<u@example.net>, relay=none, status=deferred (later)", "skip: malformed"},
      {"4F1A2B3C4D4F1A2B3C4D4F1A2B3C4D: to=<u@example.net>, status=sent (ok)", "skip: malformed"},
      {"A012: from=<s@example.org>, status=expired, returned to sender", "skip: malformed"},
      {"4F1A2B3C4D: from=<s@example.org>, status=expired, thrown away", "skip: malformed"},
      {"4F1A2B3C4D: from=<s@example.org>, size=9, nrcpt=1 (queue active)", "skip: not_delivery"},
      {"A012: from=<s@example.org>, size=9, nrcpt=1 (queue active)", "skip: not_delivery"},
      {"A012: removed", "skip: not_delivery"},
      {"TLSRPT: status=failure, domain=example.net", "skip: not_delivery"},
  };
  for (const auto& c : kCases) {
    Record record;
    record.program = "postfix/smtp";
    record.message = c.message;
    ParseContext context;
    EXPECT_EQ(EventText(ParsePostfix(record, context)), c.told) << c.message;
  }
}

}  // namespace
}  // namespace bouncesight
