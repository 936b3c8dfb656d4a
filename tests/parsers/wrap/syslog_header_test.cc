#include "parsers/wrap/syslog_header.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

struct Case {
  std::string_view line, time, host, program, message;
};

void Check(const Case& c) {
  const std::optional<Record> record = ParseSyslogHeader(c.line);
  ASSERT_TRUE(record.has_value()) << c.line;
  EXPECT_EQ(record->time, c.time) << c.line;
  EXPECT_EQ(record->host, c.host) << c.line;
  EXPECT_EQ(record->program, c.program) << c.line;
  EXPECT_EQ(record->message, c.message) << c.line;
}

TEST(SyslogHeader, ReadsWhatSyslogDaemonsWriteIntoFiles) {
  const Case kCases[] = {
      {"Nov 21 16:49:30 mx1 postfix/smtp[2596]: text: more", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "text: more"},
      {"Jul  5 01:02:03 mx1 postfix/smtp[1]: text", "Jul  5 01:02:03", "mx1", "postfix/smtp",
       "text"},
      {"Nov 01 16:49:30 mx1 dovecot: text", "Nov 01 16:49:30", "mx1", "dovecot", "text"},
      {"Nov 21 16:49:30.123456 mx1 exim[7]: text", "Nov 21 16:49:30.123456", "mx1", "exim", "text"},
      {"Nov 21 2026 16:49:30 mx1 exim[7]: text", "Nov 21 2026 16:49:30", "mx1", "exim", "text"},
      {"2026-11-21T16:49:30.123456+00:00 mx1 postfix/smtp[1]: text",
       "2026-11-21T16:49:30.123456+00:00", "mx1", "postfix/smtp", "text"},
      {"2026-11-21T17:09:30+0000 mx1 postfix/smtp[1]: text", "2026-11-21T17:09:30+0000", "mx1",
       "postfix/smtp", "text"},
      {"2026-11-21T17:09:30Z mx1 postfix/smtp[1]: text", "2026-11-21T17:09:30Z", "mx1",
       "postfix/smtp", "text"},
      {"2026/11/21 16:49:30 gw postfix/smtpd[5530]: text", "2026/11/21 16:49:30", "gw",
       "postfix/smtpd", "text"},
      {"2013 Jun 10 06:27:30.123 gw postfix/smtpd[5530]: text", "2013 Jun 10 06:27:30.123", "gw",
       "postfix/smtpd", "text"},
      {"1795280970.123456 mx1 postfix/smtp[1]: text", "1795280970.123456", "mx1", "postfix/smtp",
       "text"},
      {"Sat 2026-11-21 16:49:30 UTC mx1 postfix/smtp[1]: text", "Sat 2026-11-21 16:49:30 UTC",
       "mx1", "postfix/smtp", "text"},
      {"2026-11-21 16:49:30 mx1 postfix/smtp[1]: text", "2026-11-21 16:49:30", "mx1",
       "postfix/smtp", "text"},
      {"Nov 21 16:49:30 <mail.info> mx1 postfix/smtp[1]: text", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "text"},
      {"Nov 8 01:00:00 mx1 postfix/smtp[9]: text", "Nov 8 01:00:00", "mx1", "postfix/smtp", "text"},
      {"Sat Nov 28 01:00:00 2026 mx1 postfix/smtp[9]: text", "Sat Nov 28 01:00:00 2026", "mx1",
       "postfix/smtp", "text"},
      {"Sat Nov  8 01:00:00 CEST 2026 mx1 postfix/smtp[9]: text", "Sat Nov  8 01:00:00 CEST 2026",
       "mx1", "postfix/smtp", "text"},
      {"Nov 21 16:49:30 2001:db8:5804:29e3:: postfix/smtp[9]: text", "Nov 21 16:49:30",
       "2001:db8:5804:29e3::", "postfix/smtp", "text"},
      // as BusyBox writes it, in most small containers
      {"Nov 21 16:49:30 mx1 mail.info postfix/smtp[1]: text", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "text"},
      {"Nov 21 16:49:30 mx1 postfix/smtp[1]: [ID 197553 mail.info] text", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "text"},
  };
  for (const Case& c : kCases) Check(c);
}

TEST(SyslogHeader, ReadsWhatRelaysMakeOfIt) {
  const Case kCases[] = {
      // without the blank behind the tag
      {"<22>Nov 21 16:49:30 mx1 postfix/smtp[9]:4F1A2B: text", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "4F1A2B: text"},
      {"Nov 21 16:49:30 mx1 postfix/smtp[9]:4F1A2B: text", "Nov 21 16:49:30", "mx1", "postfix/smtp",
       "4F1A2B: text"},
      {"<22>postfix/smtp[9]:4F1A2B: text", "", "", "postfix/smtp", "4F1A2B: text"},
      {"<22>Nov 21 16:49:30 mx1 a[b]:c: text", "Nov 21 16:49:30", "mx1", "a[b]:c", "text"},
      // AIX and Solaris name the host that they had it from
      {"<22>Nov 21 16:49:30 Message forwarded from mx1: postfix/smtp[9]: text", "Nov 21 16:49:30",
       "mx1", "postfix/smtp", "text"},
      {"<22>Nov 21 16:49:30 Message forwarded from mx1: words without a tag", "Nov 21 16:49:30",
       "mx1", "", "words without a tag"},
      {"Nov 21 16:49:30 relay Message forwarded from mx1: postfix/smtp[9]: text", "Nov 21 16:49:30",
       "mx1", "postfix/smtp", "text"},
      {"Nov 21 16:49:30 relay Message forwarded", "Nov 21 16:49:30", "relay", "",
       "Message forwarded"},
      // the tag twice
      {"<22>1 2026-11-21T16:49:30Z mx1 postfix/smtp 9 - - postfix/smtp[9]: text",
       "2026-11-21T16:49:30Z", "mx1", "postfix/smtp", "text"},
      {"<22>1 2026-11-21T16:49:30Z mx1 exim - - - exim: text", "2026-11-21T16:49:30Z", "mx1",
       "exim", "text"},
      {"<22>1 2026-11-21T16:49:30Z mx1 postfix/smtp 9 - - exim[9]: text", "2026-11-21T16:49:30Z",
       "mx1", "postfix/smtp", "exim[9]: text"},
  };
  for (const Case& c : kCases) Check(c);
}

TEST(SyslogHeader, LeavesASolarisIdThatNeverEnds) {
  Check({"Nov 21 16:49:30 mx1 exim[7]: [ID 7 mail.in", "Nov 21 16:49:30", "mx1", "exim",
         "[ID 7 mail.in"});
}

TEST(SyslogHeader, ReadsDatagramsWithAndWithoutHostAndTime) {
  const Case kCases[] = {
      {"<22>Nov 21 16:49:30 mx1 postfix/smtp[1]: text", "Nov 21 16:49:30", "mx1", "postfix/smtp",
       "text"},
      {"<22>Nov 21 16:49:30 postfix/smtp[1]: text", "Nov 21 16:49:30", "", "postfix/smtp", "text"},
      {"<22>Nov 8 01:00:00 mx1 postfix/smtp[9]: text", "Nov 8 01:00:00", "mx1", "postfix/smtp",
       "text"},
      {"<22>2026-11-28 01:00:00 mx1 postfix/smtp[9]: text", "2026-11-28 01:00:00", "mx1",
       "postfix/smtp", "text"},
      {"<22>2026-11-28 01:00:00.123456 +0100 mx1 postfix/smtp[9]: text",
       "2026-11-28 01:00:00.123456 +0100", "mx1", "postfix/smtp", "text"},
      {"<22>Sat Nov 28 01:00:00 2026 mx1 postfix/smtp[9]: text", "Sat Nov 28 01:00:00 2026", "mx1",
       "postfix/smtp", "text"},
      {"<22>Nov 21 16:49:30 2001:db8:: postfix/smtp[9]: text", "Nov 21 16:49:30",
       "2001:db8::", "postfix/smtp", "text"},
      {"<22>postfix/smtp[1]: text", "", "", "postfix/smtp", "text"},
      {"<22>1 2026-11-21T16:49:30+00:00 mx1 postfix 259 - -  A1B2C3: text",
       "2026-11-21T16:49:30+00:00", "mx1", "postfix", "A1B2C3: text"},
      {"<22>1 2026-11-21T16:49:30Z mx1 postfix/smtp 259 ID7 [a@1 k=\"] \\\" x\"][b] "
       "\xEF\xBB\xBFtext",
       "2026-11-21T16:49:30Z", "mx1", "postfix/smtp", "text"},
      {"<22>1 - - - - - - text", "", "", "", "text"},
      {"66 <22>1 2026-11-21T16:49:30Z mx1 exim - - - text", "2026-11-21T16:49:30Z", "mx1", "exim",
       "text"},
  };
  for (const Case& c : kCases) Check(c);
}

TEST(SyslogHeader, ReadsATagWithoutColonAsRsyslogWritesItFromRfc5424) {
  Check({"Nov 21 16:49:30 mx1 exim[123] 2026-11-21 16:49:30 text", "Nov 21 16:49:30", "mx1", "exim",
         "2026-11-21 16:49:30 text"});
}

TEST(SyslogHeader, TakesAMessageWithoutTagWhole) {
  Check({"Nov 21 16:49:30 mx1 last message repeated 3 times", "Nov 21 16:49:30", "mx1", "",
         "last message repeated 3 times"});
}

TEST(SyslogHeader, PassesOverPrefixesThatOtherToolsPutInFront) {
  const Case kCases[] = {
      {"2026-11-21T16:49:30.123456789Z Nov 21 16:49:30 mx1 postfix/smtp[1]: text",
       "Nov 21 16:49:30", "mx1", "postfix/smtp", "text"},
      {"mail-1  | Nov 21 16:49:30 mx1 postfix/smtp[1]: text", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "text"},
      {"smtp_1       | postfix/smtp[1]: text", "", "", "postfix/smtp", "text"},
      {"\x1B[36mmail-1  |\x1B[0m Nov 21 16:49:30 mx1 postfix/smtp[1]: text", "Nov 21 16:49:30",
       "mx1", "postfix/smtp", "text"},
      {"[12345.678901] mx1 postfix/smtp[1]: text", "12345.678901", "mx1", "postfix/smtp", "text"},
      {"postfix/smtp[1]: text", "", "", "postfix/smtp", "text"},
      {"postfix/smtp: text", "", "", "postfix/smtp", "text"},
      {"[2026-11-21 16:49:30] mx1 postfix/smtp[1]: text", "2026-11-21 16:49:30", "mx1",
       "postfix/smtp", "text"},
      {"\xEF\xBB\xBFNov 21 16:49:30 mx1 postfix/smtp[1]: text", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "text"},
      {"  \tNov 21 16:49:30 mx1 postfix/smtp[1]: text", "Nov 21 16:49:30", "mx1", "postfix/smtp",
       "text"},
      {"2026-11-21 16:49:31,123 Nov 21 16:49:30 mx1 postfix/smtp[1]: text", "Nov 21 16:49:30",
       "mx1", "postfix/smtp", "text"},
      {"2026-11-21 16:49:30.123456789  postfix/smtp[1]: text", "2026-11-21 16:49:30.123456789", "",
       "postfix/smtp", "text"},
      {"16:49:31 mail.1  | Nov 21 16:49:30 mx1 postfix/smtp[1]: text", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "text"},
      {"\x1B[36m16:49:31 mail.1  | \x1B[0mpostfix/smtp[1]: text", "", "", "postfix/smtp", "text"},
      {"@400000006921e9fa0a1b2c3d Nov 21 16:49:30 mx1 postfix/smtp[1]: text", "Nov 21 16:49:30",
       "mx1", "postfix/smtp", "text"},
      {"@400000006921e9fa0a1b2c3d postfix/smtp[1]: text", "@400000006921e9fa0a1b2c3d", "",
       "postfix/smtp", "text"},
      {"2026-11-21_16:49:30.12345 postfix/smtp[1]: text", "2026-11-21_16:49:30.12345", "",
       "postfix/smtp", "text"},
      {"2026-11-21_16:49:31.12345 mail.info: Nov 21 16:49:30 postfix/smtp[1]: text",
       "Nov 21 16:49:30", "", "postfix/smtp", "text"},
      {"[pod/mx-0/postfix] 2026-11-21T16:49:31Z Nov 21 16:49:30 mx1 postfix/smtp[1]: text",
       "Nov 21 16:49:30", "mx1", "postfix/smtp", "text"},
      {"[   12.345678 <    0.001234 >] mx1 postfix/smtp[1]: text", "", "mx1", "postfix/smtp",
       "text"},
      {"mx-0 postfix Nov 21 16:49:30 mx1 postfix/smtp[1]: text", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "text"},
      {"/var/log/mail.log:7:Nov 21 16:49:30 mx1 postfix/smtp[1]: text", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "text"},
      {"     7\tNov 21 16:49:30 mx1 postfix/smtp[1]: text", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "text"},
  };
  for (const Case& c : kCases) Check(c);
}

TEST(SyslogHeader, ReadsRfc5424WhosePriorityOrVersionWasLeftAway) {
  const Case kCases[] = {
      {"1 2026-11-21T16:49:30.1Z mx1 postfix/smtp 9 - [a@1 k=\"v\"] text", "2026-11-21T16:49:30.1Z",
       "mx1", "postfix/smtp", "text"},
      {"1 - mx1 exim 9 - - text", "", "mx1", "exim", "text"},
      {"2026-11-21T16:49:30Z mx1 postfix/smtp 9 - - text", "2026-11-21T16:49:30Z", "mx1",
       "postfix/smtp", "text"},
      {"2026-11-21T16:49:30Z mx1 exim - ID7 [a@1 k=\"v\"] text", "2026-11-21T16:49:30Z", "mx1",
       "exim", "text"},
      {"Nov 21 16:49:30 mx1 three 9 words more", "Nov 21 16:49:30", "mx1", "",
       "three 9 words more"},
  };
  for (const Case& c : kCases) Check(c);
}

TEST(SyslogHeader, ReadsDatesThatBeginWithTheDay) {
  for (const std::string_view stamp :
       {"21 Nov 2026 16:49:30", "1 Nov 2026 16:49:30.123", "21-Nov-2026 16:49:30",
        "21 Nov 2026 16:49:30 +0100", "Sat, 21 Nov 2026 16:49:30 +0100"}) {
    const std::string line = std::string(stamp) + " mx1 postfix/smtp: text";
    Check({line, stamp, "mx1", "postfix/smtp", "text"});
  }
}

TEST(SyslogHeader, ReadsTagsThatStandApartFromTheirColon) {
  const Case kCases[] = {
      {"Nov 21 16:49:30 mx1 postfix/smtp[9] : text", "Nov 21 16:49:30", "mx1", "postfix/smtp",
       "text"},
      {"Nov 21 16:49:30 mx1 postfix/smtp : text", "Nov 21 16:49:30", "mx1", "postfix/smtp", "text"},
      {"Nov 21 16:49:30 mx1 postfix/smtp [9]: text", "Nov 21 16:49:30", "mx1", "postfix/smtp",
       "text"},
      {"Nov 21 16:49:30 mx1 postfix/smtp[9] <Info>: text", "Nov 21 16:49:30", "mx1", "postfix/smtp",
       "text"},
      {"Nov 21 16:49:30\tmx1\tpostfix/smtp[9]:\ttext", "Nov 21 16:49:30", "mx1", "postfix/smtp",
       "text"},
      {"Nov 21 16:49:30 mx1 words [9] more", "Nov 21 16:49:30", "mx1", "", "words [9] more"},
      {"Nov 21 16:49:30 mx1 exim[9] <= text", "Nov 21 16:49:30", "mx1", "exim", "<= text"},
  };
  for (const Case& c : kCases) Check(c);
}

TEST(SyslogHeader, ReadsStampsWithTheMarksOfARouter) {
  const Case kCases[] = {
      {"*Nov 21 16:49:30: postfix/smtp[9]: text", "Nov 21 16:49:30", "", "postfix/smtp", "text"},
      {"*Nov 21 16:49:30 mx1 postfix/smtp[9]: text", "Nov 21 16:49:30", "mx1", "postfix/smtp",
       "text"},
      {"<22>.Nov 21 16:49:30.123 UTC: mx1 postfix/smtp[9]: text", "Nov 21 16:49:30.123", "mx1",
       "postfix/smtp", "text"},
      {"<22>000123: *Nov 21 16:49:30.123: mx1 postfix/smtp[9]: text", "Nov 21 16:49:30.123", "mx1",
       "postfix/smtp", "text"},
      {"Nov 21 16:49:30: mx1 postfix/smtp[9]: text", "Nov 21 16:49:30", "mx1", "postfix/smtp",
       "text"},
  };
  for (const Case& c : kCases) Check(c);
}

TEST(SyslogHeader, PassesOverTheNameOfAPriorityButNotOverAHost) {
  const Case kCases[] = {
      {"Nov 21 16:49:30 mail.info postfix/smtp[9]: text", "Nov 21 16:49:30", "", "postfix/smtp",
       "text"},
      {"Sat Nov 21 16:49:30 2026 mail.info postfix/smtp[9]: text", "Sat Nov 21 16:49:30 2026", "",
       "postfix/smtp", "text"},
      {"Nov 21 16:49:30 mx1 mail:info postfix/smtp[9]: text", "Nov 21 16:49:30", "mx1",
       "postfix/smtp", "text"},
      {"Nov 21 16:49:30 example.info postfix/smtp[9]: text", "Nov 21 16:49:30", "example.info",
       "postfix/smtp", "text"},
      {"Nov 21 16:49:30 mail.example.info postfix/smtp[9]: text", "Nov 21 16:49:30",
       "mail.example.info", "postfix/smtp", "text"},
  };
  for (const Case& c : kCases) Check(c);
}

TEST(SyslogHeader, LeavesLinesWithAHeadOfTheirOwnAlone) {
  for (const std::string_view line :
       {"2026-11-21 16:49:30 1xUoNV-00005S-1i ** a@example.com: Unrouteable address",
        "2026-11-21 16:49:30 [340] 1xUoNV-00005S-1i Completed",
        "2026-11-21 16:49:30.545 +0000 [340] 1xUoNV-00005S-1i H=a.example [192.0.2.1]: text",
        "T:140211(10:15:01)[da:Info] id:from=<a@example.com>", "A1B2C3D4: to=<a@example.com>",
        "plain words", "", "]: text", "[]: text", "a[]: text", "<", "<22", "<22>1 cut"}) {
    EXPECT_FALSE(ParseSyslogHeader(line).has_value()) << line;
  }
}

TEST(SyslogHeader, ReadsNoFurtherThanACutLineGoes) {
  constexpr std::string_view kWhole =
      "<22>1 2026-11-21T16:49:30Z mx1 postfix/smtp 259 ID7 [a@1 k=\"v\"] text";
  for (std::size_t size = 0; size <= kWhole.size(); ++size) {
    const std::string cut(kWhole.substr(0, size));
    const std::optional<Record> record = ParseSyslogHeader(cut);
    if (!record) continue;
    EXPECT_GE(record->message.data(), cut.data()) << size;
    EXPECT_LE(record->message.data() + record->message.size(), cut.data() + cut.size()) << size;
  }
}

}  // namespace
}  // namespace bouncesight
