#include "parsers/reason/loose_reply.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

struct Sample {
  std::string_view text;
  std::string_view told;  // "code enhanced recipient: words"; empty: no reply
};

const Sample kSamples[] = {
    {"SMTPRecipientsRefused: {'ann@example.com': (550, b'5.1.1 no such user')}",
     "550 5.1.1 ann@example.com: 5.1.1 no such user"},
    {"smtplib.SMTPDataError: (554, 'refused it')", "554  : refused it"},
    {R"(Expected response code "250/251/252" but got code "553", with message "553 5.7.1 <a@example.com>: no".)",
     "553 5.7.1 : 553 5.7.1 <a@example.com>: no"},
    {R"(expected 354 but got code "452", with message "452 too much".)", "452  : 452 too much"},
    {"Net::SMTPFatalError (550 5.1.1 user unknown\n)", "550 5.1.1 : 550 5.1.1 user unknown\n)"},
    {"SMTP Error: data not accepted. 554: 5.7.1 spam", "554 5.7.1 : 554: 5.7.1 spam"},
    {R"({"code":550,"message":"5.1.1 none"})", "550 5.1.1 : 5.1.1 none"},
    {R"(["550-5.1.1 no such", "550 5.1.1 user"])",
     R"(550 5.1.1 : 550-5.1.1 no such", "550 5.1.1 user)"},
    {"Resposta: '550 ann@example.com... Negada', Porta: 25",
     "550  : 550 ann@example.com... Negada"},
    {"投递失败550 拒收", "550  : 550 拒收"},
    {">> RCPT TO:<a@example.com>  << 553 5.7.1 not yours  !! stopped",
     "553 5.7.1 : 553 5.7.1 not yours"},
    {"Mailbox unavailable. The server response was: 5.1.1 <ann@example.com>: no such user",
     "0 5.1.1 : 5.1.1 <ann@example.com>: no such user"},
    {"ann@example.com #550 5.1.1 RESOLVER; not found ##",
     "550 5.1.1 : 550 5.1.1 RESOLVER; not found"},
    {"ticket #550 of the support", ""},
    {"The mail server responded: 5.1.1 <ann@example.com>: no such user. Please check the recipient",
     "0 5.1.1 : 5.1.1 <ann@example.com>: no such user. Please check the recipient"},
    {"Die Serverantwort war: nicht zugestellt", "0  : nicht zugestellt"},
    {"dial 192.0.2.1:587 failed, and [::1]:465 failed too", ""},
    {"failed at line 512 in send.go, after 450 seconds", ""},
    {"send.go:511: cannot dial port 465 here", ""},
    {"no such user", ""},
};

std::string Told(const Reason& reason) {
  EnhancedCodeText code;
  std::string told = std::to_string(reason.reply.code) + " ";
  told.append(FormatEnhancedCode(reason.reply.enhanced, code)).append(" ");
  return told.append(reason.recipient).append(": ").append(reason.reply.text);
}

TEST(LooseReply, FindsTheReplyInAProgramsText) {
  for (const Sample& sample : kSamples) {
    Reason reason;
    std::string told;
    if (FindLooseReply(sample.text, reason)) told = Told(reason);
    EXPECT_EQ(told, sample.told) << sample.text;
  }
}

TEST(LooseReply, TakesWordsThatStandBeforeTheirCodes) {
  const struct {
    std::string_view text;
    std::string_view told;
  } cases[] = {
      {"SMTP Error: data not accepted. SMTP server error: DATA END command failed Detail: no such "
       "user here SMTP code: 550 Additional SMTP info: 5.1.1",
       "550 5.1.1 : no such user here"},
      {"SMTP Error: data not accepted.SMTP server error: DATA END command failed Detail: refused "
       "SMTP code: 554",
       "554  : refused"},
      {"SMTP Error: The following recipients failed: ann@example.net: gone awaySMTP server error: "
       "RCPT TO command failed Detail: gone away\r\n SMTP code: 550",
       "550  ann@example.net: gone away"},
      {"SMTP Error: The following From address failed: kim@example.com : MAIL FROM command "
       "failed,not yours,553,5.7.1SMTP server error: MAIL FROM command failed Detail: not yours "
       "SMTP code: 553 Additional SMTP info: 5.7.1",
       "553 5.7.1 : not yours"},
      {"SMTP-Fehler: Daten nicht akzeptiert. Fehler vom SMTP-Server: DATA END command failed "
       "Details: nein SMTP-Fehlercode: 554 Zusätzliche SMTP-Informationen: 5.7.0",
       "554 5.7.0 : nein"},
      {"Erreur du serveur SMTP : DATA END command failed Détails : non Code SMTP : 554 "
       "Informations supplémentaires SMTP : 5.7.0",
       "554 5.7.0 : non"},
      // No refusal: a number in the words.
      {"Detail: the SMTP code: 250 was expected", "0  : Detail: the SMTP code: 250 was expected"},
  };
  for (const auto& c : cases) EXPECT_EQ(Told(ParseReason(c.text)), c.told) << c.text;
}

TEST(LooseReply, NeverTakesAPortForACode) {
  for (const std::string_view text :
       {"Error: connect ECONNREFUSED 127.0.0.1:587 at net.js", "cannot reach [2001:db8::1]:465 now",
        "tcp://mx1.example.com:587 (Connection refused)"}) {
    EXPECT_EQ(ParseReason(text).reply.code, 0) << text;
  }
}

TEST(LooseReply, LetsTheInnerReplyOfAGiveUpBeTheCause) {
  const Reason expired =
      ParseReason("554 4.4.7 Message expired.<421 4.4.0 cannot look up example.com>");
  EXPECT_EQ(expired.reply.code, 554);
  EXPECT_EQ(expired.reply.text, "421 4.4.0 cannot look up example.com");
  EXPECT_EQ(ParseReason("550 5.7.5 held by a filter -> 550 no such user").reply.text,
            "550 no such user");
  EXPECT_EQ(ParseReason("550 5.7.5 held as spam -> 554 5.7.1 Message refused").reply.text,
            "550 5.7.5 held as spam -> 554 5.7.1 Message refused");
  EXPECT_EQ(ParseReason("550 5.1.1 unknown <ann@example.com>").reply.text,
            "550 5.1.1 unknown <ann@example.com>");
}

}  // namespace
}  // namespace bouncesight
