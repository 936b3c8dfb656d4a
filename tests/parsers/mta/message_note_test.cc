// What lines tell of a message beside its deliveries, of every MTA, as the reader hands it on.
#include "parsers/event/message_note.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "parsers/mta/format_reader.h"
#include "parsers/reason/handed_on.h"
#include "tests/parsers/mta/wrappers.h"

namespace bouncesight {
namespace {

void Add(std::string_view key, std::string_view value, std::string& text) {
  if (!value.empty()) text.append(" ").append(key).append("=").append(value);
}

std::string TextOf(const MessageFacts& message) {
  std::string text;
  Add("from", message.sender, text);
  Add("account", message.account, text);
  Add("ip", message.client_ip, text);
  Add("host", message.client_host, text);
  Add("msgid", message.message_id, text);
  Add("size", message.size == 0 ? "" : std::to_string(message.size), text);
  return text;
}

// "arrival mx1 4F1A2B3C4D from=… ip=… other=…"; "nothing": the line tells nothing of a message.
std::string Told(const Parsed& parsed) {
  const Skip* skip = std::get_if<Skip>(&parsed);
  if (skip == nullptr) return "event" + TextOf(std::get<DeliveryEvent>(parsed).message);
  if (skip->reason == SkipReason::kForeign) return "foreign";
  if (skip->note == nullptr) return "nothing";
  const MessageNote& note = *skip->note;
  std::string text(NoteKindName(note.kind));
  text.append(" ").append(note.host).append(" ").append(note.queue_id) += TextOf(note.message);
  Add(note.requeued ? "was" : "other", note.other_id, text);
  return text + (note.taken_away ? " taken away" : "");
}

std::string Read(std::string_view line, ReaderOptions options = {}) {
  FormatReader reader(std::move(options));
  return Told(reader.Parse(line));
}

// What the last of several lines tells.
std::string Read(const std::vector<std::string>& lines) {
  FormatReader reader;
  std::string told;
  for (const std::string& line : lines) told = Told(reader.Parse(line));
  return told;
}

struct Case {
  std::string_view line;
  std::string_view want;
};

void Check(std::string_view head, std::initializer_list<Case> cases) {
  for (const Case& one : cases) {
    EXPECT_EQ(Read(std::string(head) + std::string(one.line)), one.want) << one.line;
  }
}

constexpr std::string_view kPostfix = "Nov 21 16:49:30 mx1 postfix/";

TEST(MessageNote, TellsWhereAMessageOfPostfixCameFrom) {
  Check(kPostfix, {{"smtpd[9]: 4F1A2B3C4D: client=mail.example.com[192.0.2.9]",
                    "arrival mx1 4F1A2B3C4D ip=192.0.2.9 host=mail.example.com"},
                   {"smtpd[9]: 4F1A2B3C4D: client=unknown[2001:db8::9]:4711",
                    "arrival mx1 4F1A2B3C4D ip=2001:db8::9"},
                   {"submission/smtpd[9]: 4jWysw6H2Kz1bwGL: client=h.example.com[192.0.2.9], "
                    "sasl_method=PLAIN, sasl_username=alice@example.com",
                    "arrival mx1 4jWysw6H2Kz1bwGL account=alice@example.com ip=192.0.2.9 "
                    "host=h.example.com"},
                   {"smtpd[9]: 4F1A2B3C4D: client=h.example.com[192.0.2.9], sasl_method=LOGIN, "
                    "sasl_username=o'hara, a, sasl_sender=x",
                    "arrival mx1 4F1A2B3C4D account=o'hara, a ip=192.0.2.9 host=h.example.com"},
                   {"smtpd[9]: 5A1A2B3C4D: client=localhost[127.0.0.1], orig_queue_id=4F1A2B3C4D, "
                    "orig_client=h.example.com[192.0.2.9]",
                    "arrival mx1 5A1A2B3C4D ip=192.0.2.9 host=h.example.com other=4F1A2B3C4D"},
                   {"pickup[9]: 4F1A2B3C4D: uid=0 from=<root>", "arrival mx1 4F1A2B3C4D from=root"},
                   {"pickup[9]: 5A1A2B3C4D: uid=101 from=<root> orig_id=4F1A2B3C4D",
                    "arrival mx1 5A1A2B3C4D from=root was=4F1A2B3C4D"}});
}

TEST(MessageNote, TellsWhatPostfixLearnsOfAMessageLater) {
  Check(kPostfix,
        {{"cleanup[9]: 4F1A2B3C4D: message-id=<20261121.1@example.com>",
          "facts mx1 4F1A2B3C4D msgid=20261121.1@example.com"},
         {"qmgr[9]: 4F1A2B3C4D: from=<ann@example.com>, size=1234, nrcpt=2 (queue active)",
          "facts mx1 4F1A2B3C4D from=ann@example.com size=1234"},
         {"qmgr[9]: 4F1A2B3C4D: from=<\"a, b\"@example.com>, size=1, nrcpt=1 (queue active)",
          "facts mx1 4F1A2B3C4D from=\"a, b\"@example.com size=1"},
         {"qmgr[9]: 4F1A2B3C4D: from=<>, size=9, nrcpt=1 (queue active)",
          "facts mx1 4F1A2B3C4D from=<> size=9"},
         {"bounce[9]: 4F1A2B3C4D: sender non-delivery notification: 5A1A2B3C4D",
          "notice mx1 4F1A2B3C4D other=5A1A2B3C4D"},
         {"bounce[9]: 4F1A2B3C4D: postmaster delay notification: 5A1A2B3C4D",
          "notice mx1 4F1A2B3C4D other=5A1A2B3C4D"},
         {"postsuper[9]: 4F1A2B3C4D: placed on hold", "held mx1 4F1A2B3C4D"},
         {"cleanup[9]: 4F1A2B3C4D: hold: header Subject: x from c.example.net[192.0.2.1]",
          "held mx1 4F1A2B3C4D"},
         {"smtpd[9]: NOQUEUE: hold: RCPT from c.example.net[192.0.2.1]: later", "nothing"},
         {"postsuper[9]: 4F1A2B3C4D: released from hold", "released mx1 4F1A2B3C4D"},
         {"postsuper[9]: 4F1A2B3C4D: requeued", "end mx1 4F1A2B3C4D taken away"},
         {"postsuper[9]: 4F1A2B3C4D: removed", "end mx1 4F1A2B3C4D taken away"},
         {"qmgr[9]: 4F1A2B3C4D: removed", "end mx1 4F1A2B3C4D"},
         {"qmgr[9]: 4F1A2B3C4D: from=<ann@example.com>, status=expired, returned to sender",
          "event from=ann@example.com"}});
}

TEST(MessageNote, SaysNothingWhereALineOfPostfixOnlyLooksLikeOne) {
  Check(kPostfix, {{"smtpd[9]: NOQUEUE: client=mail.example.com[192.0.2.9]", "nothing"},
                   {"qmgr[9]: 4F1A2B3C4D: removed by hand", "nothing"},
                   {"cleanup[9]: 4F1A2B3C4D: message-id=", "nothing"},
                   {"cleanup[9]: 4F1A2B3C4D: resent-message-id=<1@example.com>", "nothing"},
                   {"qmgr[9]: 4F1A2B3C4D: from=<ann@example.com", "nothing"},
                   {"smtpd[9]: connect from mail.example.com[192.0.2.9]", "nothing"},
                   {"smtpd[9]: warning: removed", "nothing"}});
}

constexpr std::string_view kExim = "2026-11-21 16:49:30 1xUoNV-0000Cv-2t ";

TEST(MessageNote, TellsWhatEximSaysOfAMessage) {
  Check(kExim,
        {{"<= ann@example.com H=h.example.com (helo) [192.0.2.9]:4711 P=esmtpsa X=TLS1.3:A:256 "
          "CV=no A=plain_login:alice S=1234 id=1@example.com T=\"S=9 id=no\" for b@example.net",
          "arrival  1xUoNV-0000Cv-2t from=ann@example.com account=alice ip=192.0.2.9 "
          "host=h.example.com msgid=1@example.com size=1234"},
         {"<= ann@example.com H=(helo.example.com) [192.0.2.9] P=esmtp S=7",
          "arrival  1xUoNV-0000Cv-2t from=ann@example.com ip=192.0.2.9 host=helo.example.com "
          "size=7"},
         {"<= ann@example.com H=([192.0.2.9]) [192.0.2.9]:4711 I=[192.0.2.1]:25 P=esmtp L.- S=253 "
          "M8S=0 RT=0.001s T=\"test\" from <ann@example.com> for b@example.net",
          "arrival  1xUoNV-0000Cv-2t from=ann@example.com ip=192.0.2.9 host=[192.0.2.9] size=253"},
         {"<= carl@h.example.com U=carl P=local S=300 id=E1xUoNV@h.example.com",
          "arrival  1xUoNV-0000Cv-2t from=carl@h.example.com account=carl "
          "msgid=E1xUoNV@h.example.com size=300"},
         {"<= <> R=1xUoNU-0000Cv-1x U=Debian-exim P=local S=1200",
          "arrival  1xUoNV-0000Cv-2t from=<> account=Debian-exim size=1200 "
          "other=1xUoNU-0000Cv-1x"},
         {"Completed", "end  1xUoNV-0000Cv-2t"},
         {"Completed QT=3s", "end  1xUoNV-0000Cv-2t"},
         {"Frozen (delivery error message)", "held  1xUoNV-0000Cv-2t"},
         {"Message is frozen", "held  1xUoNV-0000Cv-2t"},
         {"Unfrozen by errmsg timer", "released  1xUoNV-0000Cv-2t"},
         {"cancelled by timeout_frozen_after", "end  1xUoNV-0000Cv-2t taken away"},
         {"removed by root", "end  1xUoNV-0000Cv-2t taken away"},
         {"=> b@example.net F=<ann@example.com> R=dns T=smtp H=mx.example.net [192.0.2.7]",
          "event from=ann@example.com"},
         {"no immediate delivery: load average 9.00", "nothing"}});
  EXPECT_EQ(Read("2026-11-21 16:49:30 Start queue run: pid=9"), "nothing");
}

TEST(MessageNote, TellsWhatOtherMtasSayOfAMessage) {
  constexpr std::string_view kSendmail = "Nov 21 16:49:30 b sm-mta[9]: 4ALGnUWx013960: ";
  Check(kSendmail, {{"from=<ann@example.com>, size=1234, class=0, nrcpts=1, "
                     "msgid=<1@example.com>, proto=ESMTP, daemon=MTA, relay=h.example.com "
                     "[192.0.2.9]",
                     "arrival b 4ALGnUWx013960 from=ann@example.com ip=192.0.2.9 "
                     "host=h.example.com msgid=1@example.com size=1234"},
                    {"from=<>, size=1, class=0, nrcpts=1, relay=localhost [127.0.0.1]",
                     "arrival b 4ALGnUWx013960 from=<> ip=127.0.0.1 host=localhost size=1"},
                    {"AUTH=server, relay=h.example.com [192.0.2.9], authid=alice, mech=PLAIN",
                     "facts b 4ALGnUWx013960 account=alice ip=192.0.2.9 host=h.example.com"}});
  Check("Nov 21 16:49:30 o smtpd[9]: 4b3a6c195c1f6010 ",
        {{"smtp message msgid=8f26ea98 size=1047 nrcpt=1 proto=ESMTP",
          "arrival o 8f26ea98 size=1047"},
         {"smtp event=message address=192.0.2.9 host=h.example.com msgid=8f26ea98 "
          "from=<ann@example.com> to=<b@example.net> size=7 ndest=1 proto=ESMTP",
          "arrival o 8f26ea98 from=ann@example.com ip=192.0.2.9 host=h.example.com size=7"},
         {"mta delivery evpid=8f26ea98359eccea from=<ann@example.com> to=<b@example.net> "
          "rcpt=<-> source=\"192.0.2.1\" relay=\"192.0.2.7 (mx.example.net)\" delay=0s "
          "result=\"Ok\" stat=\"250 ok\"",
          "event from=ann@example.com"}});
  EXPECT_EQ(Read(R"({"type":"Reception","id":"1d98","sender":"ann@example.com","recipient":)"
                 R"("b@example.net","size":9,"peer_address":{"name":"h.example.com","addr":)"
                 R"("192.0.2.9"},"timestamp":1795280970,"meta":{"authn_id":"alice"}})"),
            "arrival  1d98 from=ann@example.com account=alice ip=192.0.2.9 host=h.example.com "
            "size=9");
  EXPECT_EQ(Read("id=18cd 18cd.001 ACCEPTED from=ann@example.com to=b@example.net "
                 "mx=mx.example.net[192.0.2.7] message-id=<1@example.com> (250 ok)"),
            "event from=ann@example.com msgid=1@example.com");
}

// The words of a message that comes in, however log.ini has them written.
TEST(MessageNote, TellsWhoSentAMessageOfHaraka) {
  Check("[NOTICE] [9C4C-58.1] [core] ",
        {{"sender <ann@example.com> code=CONT msg=\"\"", "arrival  9C4C-58.1 from=ann@example.com"},
         {"sender <> code=OK msg=\"\"", "arrival  9C4C-58.1 from=<>"},
         {"sender <\"a > b\"@example.com> code=CONT msg=\"\"",
          "arrival  9C4C-58.1 from=\"a > b\"@example.com"},
         {"message mid=\"<1@example.com>\" size=421 rcpts=1/0/0 delay=0.1 code=CONT msg=\"\"",
          "facts  9C4C-58.1 msgid=1@example.com size=421"},
         {"sender <ann@example.com> code=DENY msg=\"no\"", "nothing"},
         {"message mid=\"<1@example.com>\" size=421 code=DENYSOFT msg=\"later\"", "nothing"},
         {"sender <ann@exam", "nothing"},
         {"recipient <b@example.net> code=OK msg=\"\" sender=\"ann@example.com\"", "nothing"},
         {"disconnect ip=192.0.2.9 bytes=421", "nothing"}});
  const std::string_view logfmt = "level=NOTICE uuid=9C4C-58.1 source=core ";
  Check(logfmt, {{"code=CONT msg=\"\" message=\"sender <ann@example.com>\"",
                  "arrival  9C4C-58.1 from=ann@example.com"},
                 {"message=\"message\" mid=\"<1@example.com>\" size=421 code=CONT",
                  "facts  9C4C-58.1 msgid=1@example.com size=421"},
                 {"mid=\"<1@example.com>\" size=421 code=CONT message=\"message\"",
                  "facts  9C4C-58.1 msgid=1@example.com size=421"},
                 {"code=DENY msg=\"\" message=\"sender <ann@example.com>\"", "nothing"}});
  EXPECT_EQ(Read(R"({"level":"NOTICE","uuid":"9C4C-58.1","source":"core","mid":"<1@example.com>",)"
                 R"("size":421,"code":"CONT","msg":"","message":"message"})"),
            "facts  9C4C-58.1 msgid=1@example.com size=421");
  EXPECT_EQ(Read(R"({"level":"NOTICE","uuid":"9C4C-58.1","source":"core","code":"CONT",)"
                 R"("msg":"","message":"sender <ann@example.com>"})"),
            "arrival  9C4C-58.1 from=ann@example.com");
}

// The object around such a line is not Haraka's, and has none of what it is asked for.
TEST(MessageNote, TellsWhoSentAMessageOfHarakaInAContainer) {
  EXPECT_EQ(Read(R"({"log":"[INFO] [9C4C-58.1] [core] sender <ann@example.com> code=CONT )"
                 R"(msg=\"\"\n","stream":"stdout","time":"2026-11-21T16:49:30.1Z"})"),
            "arrival  9C4C-58.1 from=ann@example.com");
  EXPECT_EQ(Read(R"({"SYSLOG_IDENTIFIER":"haraka","MESSAGE":"[INFO] [9C4C-58.1] [core] message )"
                 R"(mid=\"<1@example.com>\" size=421 code=CONT"})"),
            "facts  9C4C-58.1 msgid=1@example.com size=421");
  EXPECT_EQ(Read(R"({"SYSLOG_IDENTIFIER":"haraka","MESSAGE":"level=INFO uuid=9C4C-58.1 )"
                 R"(source=core code=DENY message=\"sender <ann@example.com>\""})"),
            "nothing");
}

TEST(MessageNote, IsPartOfADeliveryOfCoremail) {
  Check("T:77(08:09:10)[da:Info] AQAAf.-+_1:",
        {{"size=907,from=<ann@example.com>,to=<b@example.net>,channel=remote,state=sent",
          "event from=ann@example.com size=907"},
         {"size=9k,from=<>,to=<b@example.net>,channel=remote,state=sent", "event from=<>"}});
  Check("08:09:10 ", {{"[cmd:DATA,ip:192.0.2.9,SenderEmail:ann@example.com,AuthUser:ann,Result:No]",
                       "event from=ann@example.com account=ann"}});
}

// Exim repeats its stamp behind a syslog header unless syslog_timestamp is off.
TEST(MessageNote, OfEximIsTheSameWithAStampBehindTheHeader) {
  const std::string_view texts[] = {"ID <= ann@example.com H=h.example.com [192.0.2.9] P=esmtp",
                                    "ID <= <> R=1abcDE-000002-XY U=exim P=local S=100",
                                    "ID Completed",
                                    "ID cancelled by root",
                                    "ID removed by root",
                                    "ID Message is frozen",
                                    "ID Unfrozen by forced delivery",
                                    "ID ** u@example.net: Unrouteable address",
                                    "ID [192.0.2.7]: Connection refused",
                                    "no host name found for IP address 192.0.2.9",
                                    "Start queue run: pid=5"};
  const std::string_view stamps[] = {"2026-11-21 16:49:30 ", "2026-11-21 16:49:30.123 ",
                                     "2026-11-21 16:49:30 +0100 ", "2026-11-21 16:49:30 [340] ",
                                     "2026-11-21 16:49:30.123 -0500 [340] "};
  for (const Wrapper& wrapper : AllWrappers()) {
    if (wrapper.name.ends_with("pieces")) continue;  // these lines are too short for any
    for (const std::string_view id : {"1xUoNV-00005S-1i", "1xUoNV-00000000Abc-12XY"}) {
      for (const std::string_view one : texts) {
        std::string text(one);
        if (text.starts_with("ID")) text.replace(0, 2, id);
        const std::string want = Read(wrapper.wrap({"exim4", text}));
        for (const std::string_view stamp : stamps) {
          const std::string line = std::string(stamp) + text;
          EXPECT_EQ(Read(wrapper.wrap({"exim4", line})), want) << wrapper.name << ": " << line;
        }
      }
    }
  }
}

TEST(MessageNote, OfAContainerCalledEximIsThatOfTheLineWithin) {
  Check("Nov 21 16:49:31 mx1 exim[7]: ",
        {{"Nov 21 16:49:30 mx2 exim[9]: 1xUoNV-00005S-1i Completed", "end mx2 1xUoNV-00005S-1i"},
         {"2026-11-21 16:49:30 mx2 exim[9]: 2026-11-21 16:49:30 1xUoNV-00005S-1i Completed",
          "end mx2 1xUoNV-00005S-1i"},
         {"Nov 21 16:49:30 mx2 postfix/qmgr[9]: 4F1A2B3C4D: removed", "end mx2 4F1A2B3C4D"},
         {"Nov 21 16:49:30 mx2 cron[9]: words", "foreign"}});
}

TEST(MessageNote, FollowsAMessageThroughAContentFilterOfThisHost) {
  const ReaderOptions usual;
  ASSERT_FALSE(usual.internal_relays.empty());
  EXPECT_EQ(Read("Nov 21 16:49:30 mx1 postfix/smtp[9]: 4F1A2B3C4D: to=<b@example.net>, "
                 "relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=0/0/0/1, dsn=2.0.0, "
                 "status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued "
                 "as 5A1A2B3C4D)",
                 usual),
            "handed_on mx1 4F1A2B3C4D other=5A1A2B3C4D");
}

TEST(HandedOn, NamesTheQueueIdOfTheNextHost) {
  const Case kCases[] = {
      {"250 2.0.0 Ok: queued as 4F1A2B3C4D", "4F1A2B3C4D"},
      {"250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 5A1A2B3C4D",
       "5A1A2B3C4D"},
      {"forwarded as 5A1A2B3C4D", "5A1A2B3C4D"},
      {"250 OK id=1xUoNV-0000Cv-2t", "1xUoNV-0000Cv-2t"},
      {"250 2.0.0 4ALGnUWx013960 Message accepted for delivery", "4ALGnUWx013960"},
      {"250 2.0.0 8f26ea98 Message accepted for delivery", "8f26ea98"},
      {"250 OK ids=1d98076abbbc11ed940250ebf67f93bd", "1d98076abbbc11ed940250ebf67f93bd"},
      {"250 Message Queued (5E0E1A2B-3C4D-4E5F-8A9B-0C1D2E3F4A5B.1)",
       "5E0E1A2B-3C4D-4E5F-8A9B-0C1D2E3F4A5B.1"},
      {"250 2.6.0 queued mail for delivery", ""},
      {"250 queued as soon as possible", ""},
      {"250 queued as \x1b[31mA1", ""},
      {"Message accepted for delivery", ""},
      {" Message accepted for delivery", ""},
      {"250 ok", ""},
      {"", ""},
  };
  for (const Case& one : kCases) EXPECT_EQ(QueueIdGiven(one.line), one.want) << one.line;
}

constexpr std::string_view kQmail = "Nov 21 16:49:30 mx1 qmail: 1795280400.057500 ";

TEST(MessageNote, TellsOfAMessageOfQmailFromItsArrivalToItsEnd) {
  Check(kQmail, {{"new msg 7", "arrival mx1 7"},
                 {"info msg 7: bytes 312 from <ann@example.com> qp 99 uid 89",
                  "facts mx1 7 from=ann@example.com size=312"},
                 {"info msg 7: bytes 312 from <> qp 99 uid 89", "facts mx1 7 from=<> size=312"},
                 {"info msg 7: bytes 1 from <\"a> qp 1\"@example.com> qp 99 uid 89",
                  "facts mx1 7 from=\"a> qp 1\"@example.com size=1"},
                 {"end msg 7", "end mx1 7"},
                 {"end msg 7 of it", "nothing"},
                 {"info msg 7: words", "nothing"},
                 {"bounce msg 7 qp 100", "nothing"}});
  Check("@40000000689f13a508f3214c ", {{"new msg 7", "arrival  7"}, {"end msg 7", "end  7"}});
  Check("1795280400.057500 ", {{"new msg 7", "arrival  7"},
                               {"info msg 7: bytes 312 from <ann@example.com> qp 99 uid 89",
                                "facts  7 from=ann@example.com size=312"}});
  EXPECT_EQ(Read("1795280400 info postfix/qmgr[1]: 4F1A2B3C4D: removed"), "end info 4F1A2B3C4D");
}

}  // namespace
}  // namespace bouncesight
