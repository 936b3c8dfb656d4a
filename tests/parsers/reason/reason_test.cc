#include "parsers/reason/reason.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(Reason, FindsTheRemoteReplyInsideItsWrapper) {
  const struct {
    std::string_view text, reply, host, ip;
    int code;
    Phase phase;
  } kCases[] = {
      {"host mx.example.com[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO command)",
       "550 5.1.1 no such user", "mx.example.com", "192.0.2.1", 550, Phase::kRcpt},
      {"host mx.example.com[2001:db8::1] said: 554 5.7.1 spam (in reply to end of DATA command)",
       "554 5.7.1 spam", "mx.example.com", "2001:db8::1", 554, Phase::kEndOfData},
      {"host pf.example.com[private/lmtp] said: 452 4.2.2 full (in reply to RCPT TO command)",
       "452 4.2.2 full", "pf.example.com", "", 452, Phase::kRcpt},
      {"host mx.example.com[192.0.2.1] refused to talk to me: 421 too many connections",
       "421 too many connections", "mx.example.com", "192.0.2.1", 421, Phase::kConnect},
      {"connect to mx.example.com[192.0.2.1]: server refused to talk to me: 554 go away",
       "554 go away", "mx.example.com", "192.0.2.1", 554, Phase::kConnect},
      {"Protocol error: host mx.example.com[192.0.2.1] said: 250 ok (in reply to QUIT command)",
       "250 ok", "mx.example.com", "192.0.2.1", 250, Phase::kQuit},
      {"TLS is required, but host mx.example.com[192.0.2.1] refused to start TLS: 454 4.7.0 not "
       "now",
       "454 4.7.0 not now", "mx.example.com", "192.0.2.1", 454, Phase::kTls},
      {"SASL authentication failed; server mx.example.com[192.0.2.1] said: 535 5.7.8 bad password",
       "535 5.7.8 bad password", "mx.example.com", "192.0.2.1", 535, Phase::kAuth},
      {"550 5.1.1 bare reply", "550 5.1.1 bare reply", "", "", 550, Phase::kUnknown},
  };
  for (const auto& c : kCases) {
    const Reason reason = ParseReason(c.text);
    EXPECT_EQ(reason.reply.text, c.reply) << c.text;
    EXPECT_EQ(reason.remote_host, c.host) << c.text;
    EXPECT_EQ(reason.remote_ip, c.ip) << c.text;
    EXPECT_EQ(reason.reply.code, c.code) << c.text;
    EXPECT_EQ(reason.reply.phase, c.phase) << c.text;
    EXPECT_EQ(reason.reply.origin, Origin::kRemote) << c.text;
  }
}

TEST(Reason, KnowsOurOwnMtasWordsAndWhereTheSessionBroke) {
  const struct {
    std::string_view text, host;
    int port;
    Phase phase;
  } kCases[] = {
      {"connect to mx.example.com[192.0.2.1]:25: Connection refused", "mx.example.com", 25,
       Phase::kConnect},
      {"connect to mx.example.com[2001:db8::1]: No route to host", "mx.example.com", 0,
       Phase::kConnect},
      {"connect to pf.example.com[/run/lmtp]: No such file or directory", "pf.example.com", 0,
       Phase::kConnect},
      {"lost connection with mx.example.com[192.0.2.1] while sending RCPT TO", "mx.example.com", 0,
       Phase::kRcpt},
      {"conversation with mx.example.com[192.0.2.1] timed out while receiving the initial server "
       "greeting",
       "mx.example.com", 0, Phase::kConnect},
      {"conversation with mx.example.com[192.0.2.1] timed out while sending end of data -- message "
       "may be sent more than once",
       "mx.example.com", 0, Phase::kEndOfData},
      {"lost connection with mx.example.com[192.0.2.1] while performing the EHLO handshake",
       "mx.example.com", 0, Phase::kEhlo},
      {"Host or domain name not found. Name service error for name=example.com type=MX: Host not "
       "found, try again",
       "", 0, Phase::kConnect},
      {"Domain example.com does not accept mail (nullMX)", "", 0, Phase::kConnect},
      {"mail for example.com loops back to myself", "", 0, Phase::kConnect},
      {"TLS is required, but was not offered by host mx.example.com[192.0.2.1]", "mx.example.com",
       0, Phase::kTls},
      {"message size 3349 exceeds size limit 500 of server mx.example.com[192.0.2.1]",
       "mx.example.com", 0, Phase::kMail},
  };
  for (const auto& c : kCases) {
    const Reason reason = ParseReason(c.text);
    EXPECT_EQ(reason.reply.text, c.text);
    EXPECT_EQ(reason.remote_host, c.host) << c.text;
    EXPECT_EQ(reason.remote_port, c.port) << c.text;
    EXPECT_EQ(reason.reply.phase, c.phase) << c.text;
    EXPECT_EQ(reason.reply.code, 0) << c.text;
    EXPECT_EQ(reason.reply.origin, Origin::kLocal) << c.text;
  }
}

TEST(Reason, GivesWayToWhatASuspensionWraps) {
  const Reason reason = ParseReason(
      "delivery temporarily suspended: host mx.example.com[192.0.2.1] refused to talk to me: 421 "
      "later");
  EXPECT_TRUE(reason.suspended);
  EXPECT_EQ(reason.reply.text, "421 later");
  EXPECT_EQ(reason.remote_ip, "192.0.2.1");
}

TEST(Reason, BelievesOnlyThePhraseAtTheVeryEnd) {
  const Reason cut = ParseReason(
      "host mx.example.com[192.0.2.1] said: 550 no (in reply to MAIL FROM command) and so on");
  EXPECT_EQ(cut.reply.phase, Phase::kUnknown);
  const Reason twice = ParseReason(
      "host mx.example.com[192.0.2.1] said: 550 (in reply to MAIL FROM command) (in reply to RCPT "
      "TO command)");
  EXPECT_EQ(twice.reply.phase, Phase::kRcpt);
  EXPECT_EQ(twice.reply.text, "550 (in reply to MAIL FROM command)");
}

TEST(Reason, LeavesWordsOfUnknownOriginAsTheyAre) {
  const Reason reason = ParseReason("host said something else");
  EXPECT_EQ(reason.reply.text, "host said something else");
  EXPECT_EQ(reason.reply.origin, Origin::kUnknown);
}

TEST(Reason, KnowsEveryPhraseOfASession) {
  const struct {
    std::string_view phrase;
    Phase phase;
  } kCases[] = {
      {"EHLO command", Phase::kEhlo},
      {"XFORWARD name/address command", Phase::kEhlo},
      {"MAIL FROM command", Phase::kMail},
      {"RCPT TO command", Phase::kRcpt},
      {"DATA command", Phase::kData},
      {"end of DATA command", Phase::kEndOfData},
      {"QUIT command", Phase::kQuit},
      {"final RSET command", Phase::kQuit},
      {"sending MAIL FROM", Phase::kMail},
      {"sending DATA command", Phase::kData},
      {"sending message body", Phase::kEndOfData},
      {"receiving the STARTTLS response", Phase::kTls},
      {"performing the initial protocol handshake", Phase::kEhlo},
      {"something new", Phase::kUnknown},
      {"", Phase::kUnknown},
  };
  for (const auto& c : kCases) EXPECT_EQ(PhaseOfPhrase(c.phrase), c.phase) << c.phrase;
}

}  // namespace
}  // namespace bouncesight
