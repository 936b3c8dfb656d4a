#include "parsers/mta/format_reader.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

constexpr std::string_view kPostfix =
    "Nov 21 16:49:30 mx1 postfix/smtp[1]: 4F1A2B3C4D: to=<u@example.net>, relay=none, delay=1, "
    "dsn=4.4.1, status=deferred (connect to mx.example.net[192.0.2.7]:25: Connection refused)";
constexpr std::string_view kExim =
    "2026-11-21 16:49:30 1xUoNV-00005S-1i ** u@example.org: Unrouteable address";

std::string Told(FormatReader& reader, std::string_view line) {
  const Parsed parsed = reader.Parse(line);
  if (const Skip* skip = std::get_if<Skip>(&parsed)) {
    return std::string(SkipReasonName(skip->reason));
  }
  const DeliveryEvent& event = std::get<DeliveryEvent>(parsed);
  return std::string(MtaName(event.mta)) + " " + std::string(event.recipient) + " " +
         std::string(event.reply.text);
}

std::string Told(std::string_view line) {
  FormatReader reader;
  return Told(reader, line);
}

TEST(FormatReader, FindsTheFormatOfEachLineInAMixedStream) {
  FormatReader reader;
  EXPECT_EQ(reader.last_fit(), Format::kAuto);
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(Told(reader, kPostfix).starts_with("postfix u@example.net"));
    EXPECT_EQ(reader.last_fit(), FormatOf(Mta::kPostfix));
    EXPECT_TRUE(Told(reader, kExim).starts_with("exim u@example.org"));
    EXPECT_EQ(reader.last_fit(), FormatOf(Mta::kExim));
    EXPECT_EQ(Told(reader, "Nov 21 16:49:30 mx1 sshd[7]: Accepted publickey for u"), "foreign");
    EXPECT_EQ(reader.last_fit(), FormatOf(Mta::kExim));
  }
}

TEST(FormatReader, TriesNoOtherFormatThanTheOneNamed) {
  FormatReader reader(FormatOf(Mta::kPostfix));
  EXPECT_TRUE(Told(reader, kPostfix).starts_with("postfix"));
  EXPECT_EQ(Told(reader, kExim), "unknown_format");
}

TEST(FormatReader, SaysWhyALineIsNoEvent) {
  const struct {
    std::string_view line, skipped;
  } kCases[] = {
      {"", "empty"},
      {" \t ", "empty"},
      {"no log line at all", "unknown_format"},
      {std::string_view("\0\0\0\0", 4), "binary"},
      {"Nov 21 16:49:30 mx1 kernel: text", "foreign"},
      {"Nov 21 16:49:30 mx1 postfix/qmgr[1]: 4F1A2B3C4D: removed", "not_delivery"},
      {"Nov 21 16:49:30 mx1 last message repeated 3 times", "not_delivery"},
      {"{\"MESSAGE\":\"cut", "malformed"},
      {"{\"MESSAGE\":null,\"SYSLOG_IDENTIFIER\":\"postfix/smtp\"}", "malformed"},
      {"{braces that are no JSON}", "unknown_format"},
      {"{\"type\":\"neither\"}", "foreign"},
      {"Nov 21 16:49:30 mx1 postfix/smtp[1]: 4F1A2B3C4D: to=<u@example.net>, relay=none",
       "malformed"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Told(c.line), c.skipped) << c.line;
}

TEST(FormatReader, CountsAFoldedLineAsOftenAsItStood) {
  const std::string head = "Nov 21 16:49:30 mx1 postfix/smtp[1]: ";
  const std::string text = std::string(kPostfix.substr(head.size()));
  FormatReader reader;
  const Parsed parsed = reader.Parse(head + "message repeated 12 times: [ " + text + "]");
  ASSERT_TRUE(std::holds_alternative<DeliveryEvent>(parsed));
  EXPECT_EQ(std::get<DeliveryEvent>(parsed).repeat, 12U);
  EXPECT_FALSE(std::get<DeliveryEvent>(parsed).truncated);
  for (const std::string_view odd : {"message repeated x times: [ ", "message repeated 0 times: [ ",
                                     "message repeated 99999999999 times: [ ",
                                     "message repeated 2 times: [ message repeated 2 "
                                     "times: [ "}) {
    EXPECT_EQ(Told(head + std::string(odd) + text + "]"), "not_delivery") << odd;
  }
}

TEST(FormatReader, JoinsWhatAContainersRuntimeCutApart) {
  const std::string whole = Told(kPostfix);
  const std::string first(kPostfix.substr(0, 90));
  const std::string middle(kPostfix.substr(90, 40));
  const std::string last(kPostfix.substr(130));
  const auto docker = [](const std::string& text) {
    return "{\"log\":\"" + text + "\",\"stream\":\"stdout\",\"time\":\"2026-11-21T16:49:30Z\"}";
  };
  const auto cri = [](const std::string& tag, const std::string& text) {
    return "2026-11-21T16:49:30.1Z stdout " + tag + " " + text;
  };
  FormatReader reader;
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(Told(reader, docker(first)), "partial");
    EXPECT_EQ(Told(reader, docker(middle)), "partial");
    EXPECT_EQ(Told(reader, docker(last + "\\n")), whole);
    EXPECT_EQ(Told(reader, cri("P", first)), "partial");
    EXPECT_EQ(Told(reader, cri("P", middle)), "partial");
    EXPECT_EQ(Told(reader, "2026-11-21T16:49:30.1Z stderr F some other stream"), "foreign");
    EXPECT_EQ(Told(reader, cri("F", last)), whole);
  }
}

TEST(FormatReader, ForgetsUnfinishedPiecesWhenTheSourceBeginsAnew) {
  FormatReader reader;
  EXPECT_EQ(Told(reader, "2026-11-21T16:49:30.1Z stdout P the end of an old file"), "partial");
  EXPECT_EQ(Told(reader, "__CURSOR=1"), "partial");
  reader.Restart();
  EXPECT_EQ(Told(reader, "2026-11-21T16:49:30.1Z stdout F " + std::string(kPostfix)),
            Told(kPostfix));
  EXPECT_EQ(Told(reader, "MESSAGE=text"), "unknown_format");
}

TEST(FormatReader, TakesObjectsWholeFromShippersThatDropTheNewline) {
  FormatReader reader;
  const std::string line = "{\"log\":\"" + std::string(kPostfix) + "\",\"stream\":\"stdout\"}";
  EXPECT_TRUE(Told(reader, line).starts_with("postfix"));
  EXPECT_TRUE(Told(reader, line).starts_with("postfix"));
}

TEST(FormatReader, GivesTextOfAnyCharsetAsUtf8) {
  const std::string line =
      "Nov 21 16:49:30 mx1 postfix/smtp[1]: 4F1A2B3C4D: to=<\xD3\xC3\xBB\xA7@example.net>, "
      "relay=mx.example.net[192.0.2.7]:25, delay=1, dsn=5.1.1, status=bounced (host "
      "mx.example.net[192.0.2.7] said: 550 \xD3\xC3\xBB\xA7\xB2\xBB\xB4\xE6\xD4\xDA (in reply to "
      "RCPT TO command))";
  FormatReader reader;
  const Parsed parsed = reader.Parse(line);
  ASSERT_TRUE(std::holds_alternative<DeliveryEvent>(parsed));
  const DeliveryEvent& event = std::get<DeliveryEvent>(parsed);
  EXPECT_EQ(event.reply.text, "550 用户不存在");
  EXPECT_EQ(event.recipient, "用户@example.net");
  EXPECT_EQ(event.recipient_domain, "example.net");
  EXPECT_EQ(event.recipient_domain.data(), event.recipient.data() + 7);
}

// Whatever a sender writes, nothing that leaves may end a line, colour a terminal or break UTF-8.
TEST(FormatReader, GivesEveryTextOfAnEventClean) {
  using std::string_literals::operator""s;
  const std::string dirt = "a\x01\0\x1B[2J\xFF"s;
  const std::string kLines[] = {
      "[NOTICE] [9C4C-" + dirt + "] [outbound] delivered file=\"1\" domain=\"" + dirt +
          ".example.com\" host=\"" + dirt + "\" ip=\"" + dirt + "\" response=\"250 " + dirt + "\"",
      "[NOTICE] [9C4C] [outbound] recipient <" + dirt + "@" + dirt + "> deferred: 450 " + dirt,
      "Nov 21 16:49:30 m" + dirt + " postfix" + dirt + "/smtp[1]: 4F1A2B3C4D: to=<u@" + dirt +
          ">, relay=mx" + dirt + "[1" + dirt + "]:25, delay=1, tls=" + dirt +
          ", dsn=5.1.1, status=bounced (host x[y] said: 550 " + dirt + ")",
      "2026-11-21 16:49:30 1xUoNV-00005S-1i == u@" + dirt + " R=r" + dirt + " T=t" + dirt +
          " defer (-44) H=mx" + dirt + " [1" + dirt + "]: " + dirt,
      "Nov 21 16:49:30 mx sendmail[7]: jB4JCnPo019367: to=<a@" + dirt + ">,<b@" + dirt +
          ">, delay=00:00:01, mailer=es" + dirt + ", relay=mx" + dirt +
          ". [192.0.2.9], dsn=5.1.1, stat=" + dirt,
  };
  for (const std::string& line : kLines) {
    FormatReader reader;
    const Parsed parsed = reader.Parse(line);
    ASSERT_TRUE(std::holds_alternative<DeliveryEvent>(parsed)) << line;
    DeliveryEvent event = std::get<DeliveryEvent>(parsed);
    for (const std::string_view* text : TextsOf(event)) EXPECT_TRUE(IsCleanText(*text)) << line;
    EXPECT_TRUE(IsCleanText(event.recipient_domain)) << line;
    EXPECT_FALSE(event.recipient_domain.empty()) << line;
  }
}

// Whoever relays, collects or contains a program's lines may put a header or an object of its own
// before them.
TEST(FormatReader, ReadsALineThroughThreeLayersOfHeaders) {
  const std::string text(kPostfix);
  const std::string tagged = text.substr(20);
  const std::string whole = Told(kPostfix);
  const std::string docker =
      "{\\\"log\\\":\\\"" + text + "\\\\n\\\",\\\"stream\\\":\\\"stdout\\\"}";
  for (const std::string& line :
       {"Nov 28 01:00:00 node1 1f2e3d4c5b6a[812]: " + text,
        "<22>Nov 28 01:00:00 node1 docker/mail[812]: <22>" + text,
        "<22>1 2026-11-28T01:00:00Z node1 mail 812 - - " + tagged,
        "Nov 28 01:00:00 relay1 Nov 28 01:00:00 relay2 " + text,
        "Nov 28 01:00:00 mx1 mx1 " + tagged, "<22><22>" + text,
        "Nov 28 01:00:00 node1 collector[1]: Nov 28 01:00:00 node2 1f2e[8]: " + text,
        "Nov 28 01:00:00 node1 shipper: {\"message\":\"" + text + "\"}",
        "{\"log\":\"" + docker + "\\n\",\"stream\":\"stdout\"}",
        "{\"SYSLOG_IDENTIFIER\":\"mail-1\",\"CONTAINER_ID\":\"1f2e\",\"MESSAGE\":\"" + text + "\"}",
        "smtp_1       | " + tagged, "smtp_1  | {\"message\":\"" + text + "\"}"}) {
    EXPECT_EQ(Told(line), whole) << line;
  }
}

// Whoever writes lines without a header, and a tool that put something of its own before them.
TEST(FormatReader, ReadsBareLinesBehindThePrefixOfATool) {
  for (const std::string_view prefix : {"postfix-1  | ",
                                        "16:49:31 mail.1   | ",
                                        "@400000006921e9fa0a1b2c3d ",
                                        "2026-11-21_16:49:30.12345 ",
                                        "2026-11-21 16:49:30.123456789  ",
                                        "2026-11-21T16:49:31.123456789Z ",
                                        "postfix-1  | 2026-11-21T16:49:31.123456789Z ",
                                        "[pod/mx-0/exim] ",
                                        "[pod/mx-0/exim] 2026-11-21T16:49:31.1Z ",
                                        "mx-0 exim ",
                                        "mx1: ",
                                        "mx: ",
                                        "mx1:\t",
                                        "mx1:  ",
                                        "mainlog:",
                                        "/var/log/exim4/mainlog.1:77:",
                                        "77:",
                                        "     7\t",
                                        "    ",
                                        "\xEF\xBB\xBF"}) {
    EXPECT_EQ(Told(std::string(prefix) + std::string(kExim)), Told(kExim)) << prefix;
    EXPECT_EQ(Told(std::string(prefix) + std::string(kPostfix)), Told(kPostfix)) << prefix;
  }
}

TEST(FormatReader, ReadsTheLinesOfAContainerThatIsCalledLikeItsProgram) {
  for (const std::string_view name : {"postfix", "postfix-1", "postfix.1.4f1a2b3c"}) {
    const std::string head = "Nov 21 16:49:30 docker1 " + std::string(name) + "[4711]: ";
    FormatReader reader;
    EXPECT_EQ(Told(reader, kPostfix), Told(kPostfix));
    for (int round = 0; round < 2; ++round) {  // the second goes the short way, as far as it may
      EXPECT_EQ(Told(reader, head + std::string(kPostfix)), Told(kPostfix)) << name;
      EXPECT_EQ(Told(reader, head + "starting the Postfix mail system"), "not_delivery") << name;
    }
  }
}

TEST(FormatReader, ReadsNoHeaderThatAProgramQuotes) {
  const std::string tagged(kPostfix.substr(20));
  const std::string node = "Nov 28 01:00:00 node1 ";
  for (const std::string& line :
       {node + "sshd[7]: Invalid user " + tagged, node + "app[7]: {\"cut\":\"" + tagged,
        node + "a[1]: " + node + "b[1]: " + node + "c[1]: " + node +
            "d[1]: " + std::string(kPostfix)}) {
    EXPECT_EQ(Told(line), "foreign") << line;
  }
  EXPECT_EQ(Told("a | b | c | " + std::string(kExim)), "unknown_format");
}

TEST(FormatReader, JoinsThePiecesOfAContainersLineInTheJournal) {
  const std::string whole = Told(kPostfix);
  const auto entry = [](std::string_view text, std::string_view more) {
    return "{\"SYSLOG_IDENTIFIER\":\"mail-1\"," + std::string(more) + "\"MESSAGE\":\"" +
           std::string(text) + "\"}";
  };
  constexpr std::string_view kPartial = "\"CONTAINER_PARTIAL_MESSAGE\":\"true\",";
  FormatReader reader;
  EXPECT_EQ(Told(reader, entry(kPostfix.substr(0, 90), kPartial)), "partial");
  EXPECT_EQ(Told(reader, "{\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":\"text\"}"), "foreign");
  EXPECT_EQ(Told(reader, entry(kPostfix.substr(90), "\"CONTAINER_PARTIAL_LAST\":\"true\",")),
            whole);
  EXPECT_EQ(Told(reader, entry(kPostfix, "")), whole);

  const auto exported = [&reader](std::string_view text, bool partial) {
    for (const std::string& line :
         {std::string("__CURSOR=1"), std::string("SYSLOG_IDENTIFIER=mail-1"),
          partial ? std::string("CONTAINER_PARTIAL_MESSAGE=true") : std::string("PRIORITY=6"),
          "MESSAGE=" + std::string(text)}) {
      EXPECT_EQ(Told(reader, line), "partial");
    }
    return Told(reader, "");
  };
  EXPECT_EQ(exported(kPostfix.substr(0, 90), true), "partial");
  EXPECT_EQ(exported(kPostfix.substr(90), false), whole);
}

// A content filter hands the message back, and that delivery is the one that counts.
TEST(FormatReader, PassesOverWhatWasHandedToAContentFilter) {
  const auto postfix = [](std::string_view daemon, std::string_view relay, std::string_view rest) {
    return "Nov 21 16:49:30 mx1 postfix/" + std::string(daemon) +
           "[1]: 4F1A2B3C4D: to=<u@example.net>, relay=" + std::string(relay) +
           ", delay=1, dsn=2.0.0, status=" + std::string(rest);
  };
  const std::string exim = "2026-11-21 16:49:30 1xUoNV-00005S-1i => u@example.org R=r T=";
  const std::string sendmail =
      "Nov 21 16:49:30 mx1 sendmail[7]: jB4JCnPo019367: to=<u@example.net>, mailer=";
  const struct {
    std::string line;
    bool hop;
  } kCases[] = {
      {postfix("smtp", "127.0.0.1[127.0.0.1]:10024", "sent (250 2.0.0 from MTA: queued as A1)"),
       true},
      {postfix("smtp", "localhost[::1]:10024", "sent (250 ok)"), true},
      {postfix("lmtp", "127.0.0.1[127.0.0.1]:24", "sent (250 ok)"), false},
      {postfix("smtp", "mx.example.net[192.0.2.7]:25", "sent (250 ok)"), false},
      {postfix("smtp", "127.0.0.1[127.0.0.1]:10024",
               "bounced (host 127.0.0.1[127.0.0.1] said: 554 no)"),
       false},
      {postfix("pipe", "spamfilter", "sent (delivered via spamfilter service)"), false},
      {exim + "to_filter H=localhost [127.0.0.1]:10025", true},
      {exim + "dovecot_lmtp H=localhost [127.0.0.1]:24", false},
      {sendmail + "relay, relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, stat=Sent (ok)", true},
      {sendmail + "esmtp, relay=mx.example.net. [192.0.2.7], dsn=2.0.0, stat=Sent (ok)", false},
  };
  for (const auto& c : kCases) {
    FormatReader reader;
    EXPECT_EQ(Told(reader, c.line) == "internal_hop", c.hop) << c.line;
  }
  ReaderOptions options;
  options.internal_relays = {*ReadIpNetwork("192.0.2.0/28")};
  FormatReader reader(options);
  EXPECT_NE(Told(reader, kCases[0].line), "internal_hop");
  EXPECT_EQ(Told(reader, kCases[3].line), "internal_hop");
}

TEST(FormatReader, ReadsWrappersInsideWrappers) {
  const std::string text(kPostfix);
  const std::string whole = Told(kPostfix);
  for (const std::string& line :
       {"Nov 21 16:49:30 mx1 app: @cee: {\"msg\":\"" + text + "\"}",
        "\x1E{\"MESSAGE\":\"" + text + "\"}", "data: {\"MESSAGE\":\"" + text + "\"}",
        "{\"SYSLOG_IDENTIFIER\":\"1f2e3d\",\"MESSAGE\":\"" + text + "\"}",
        "{\"SYSLOG_IDENTIFIER\":\"1f2e3d\",\"MESSAGE\":\"" + text.substr(20) + "\"}",
        " {\"message\":\"" + text + "\",\"tag\":\"docker.1f2e\"}", "mail-1  | " + text,
        "2026-11-21T16:49:30.123Z " + text}) {
    EXPECT_EQ(Told(line), whole) << line;
  }
}

}  // namespace
}  // namespace bouncesight
