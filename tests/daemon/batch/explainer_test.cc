#include "daemon/batch/explainer.h"

#include <gtest/gtest.h>

#include "rules/rule_set.h"

namespace bouncesight {
namespace {

Explainer MakeExplainer() {
  static const Result<std::shared_ptr<const RuleSet>> rules = RuleSet::Load(EmbeddedSources());
  EXPECT_TRUE(rules.has_value());
  return Explainer(*rules);
}

ExplainedText Explain(std::string_view text) { return MakeExplainer().ExplainLine(text); }

std::vector<ExplainedText> ExplainAll(std::string_view text) {
  return MakeExplainer().ExplainText(text);
}

TEST(Explainer, JoinsTheLinesOfAReplyThatWereWrittenAsEscapes) {
  const ExplainedText explained = Explain(
      R"(The message to ann@example.com is bounced because :\n550-5.1.1 no such\n550 5.1.1 user)");
  EXPECT_EQ(explained.code, 550);
  EXPECT_EQ(explained.enhanced_code, "5.1.1");
  EXPECT_EQ(explained.recipient, "ann@example.com");
  EXPECT_EQ(explained.reply, "550-5.1.1 no such 550 5.1.1 user");
}

TEST(Explainer, ReadsALogLineWithTheParserOfItsFormat) {
  const ExplainedText explained = Explain(
      "2026-03-04 05:06:07 1vQr5t-0001bo-D3 ** ann@example.com R=r T=t H=mx.example.com "
      R"([192.0.2.9]: SMTP error from remote mail server after RCPT TO:<ann@example.com>: 550 5.1.1 no\n)");
  EXPECT_EQ(explained.code, 550);
  EXPECT_EQ(explained.phase, "rcpt");
  EXPECT_EQ(explained.outcome_hint, "bounced");
  EXPECT_EQ(explained.remote, "mx.example.com");
}

constexpr std::string_view kBounced =
    "Nov 21 18:00:00 mx1 postfix/smtp[1]: 902C386BBC4: to=<ann@example.org>, relay=none, delay=1, "
    "delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: 550 5.1.1 no)";
constexpr std::string_view kRemoved = "Nov 21 18:00:01 mx1 postfix/qmgr[1]: 902C386BBC4: removed";

TEST(Explainer, AnswersForTheFailuresOfALogExcerpt) {
  const auto all = ExplainAll(std::string(kBounced) + "\n" + std::string(kRemoved) + "\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].recipient, "ann@example.org");
  EXPECT_EQ(all[0].outcome_hint, "bounced");
}

TEST(Explainer, ReadsALogLineThatWasFoldedWhenItWasCopied) {
  std::string folded(kBounced);
  folded.replace(folded.find(" status="), 1, "\n    ");
  const auto all = ExplainAll(folded);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].code, 550);
  EXPECT_EQ(all[0].recipient, "ann@example.org");
}

TEST(Explainer, AnswersForEachEventOfAWebHook) {
  const auto all = ExplainAll(R"([{"email":"ann@example.com","reason":"552 5.2.2 mailbox full"},)"
                              R"({"email":"bob@example.com","reason":"550 5.1.1 no such user"}])");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].recipient, "ann@example.com");
  EXPECT_EQ(all[1].recipient, "bob@example.com");
  EXPECT_EQ(all[1].enhanced_code, "5.1.1");
}

TEST(Explainer, AnswersForEachRecipientOfOneEvent) {
  const auto all = ExplainAll(
      R"({"bounce":{"bouncedRecipients":[)"
      R"({"emailAddress":"ann@example.com","diagnosticCode":"smtp; 550 5.1.1 user unknown"},)"
      R"({"emailAddress":"bob@example.org","diagnosticCode":"smtp; 552 5.2.2 mailbox full"}]},)"
      R"("mail":{"source":"eve@example.net"}})");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].recipient, "ann@example.com");
  EXPECT_EQ(all[0].code, 550);
  EXPECT_EQ(all[1].recipient, "bob@example.org");
  EXPECT_EQ(all[1].enhanced_code, "5.2.2");
}

// A tab of a stranger's header would go to the terminal.
TEST(Explainer, KeepsARecipientOnOneLineWithoutTabs) {
  const auto all = ExplainAll(
      "From: MAILER-DAEMON@example.net\nSubject: Undelivered Mail\n"
      "X-Failed-Recipients: ann@example.com\t\tReply\n\n552 5.2.2 mailbox full\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].recipient, "ann@example.com Reply");
}

TEST(Explainer, TellsOfADelayThatNothingHasExpired) {
  const auto all = ExplainAll(
      "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; ann@example.com\n"
      "Action: delayed\nStatus: 4.4.7\nDiagnostic-Code: smtp; 400 4.4.7 Message delayed\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].notice, NoticeKind::kDelay);
  EXPECT_TRUE(all[0].silent);
}

TEST(Explainer, TellsOfWhatWasTakenThatNothingFailed) {
  for (const std::string_view text :
       {"250 2.0.0 Ok: queued as 4ABC", "250-mx.example.com\n250 done",
        "Nov 28 10:00:00 mx1 postfix/smtp[9]: 4ABCDE: to=<ann@example.com>, relay=mx.example.com["
        "192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok)"}) {
    const auto all = ExplainAll(std::string(text));
    ASSERT_EQ(all.size(), 1U) << text;
    EXPECT_EQ(all[0].notice, NoticeKind::kReceipt) << text;
    EXPECT_FALSE(all[0].failed) << text;
  }
}

// A report may quote the last reply that it got, which was none of the failure.
TEST(Explainer, BelievesAReportOfAFailureThatQuotesAPositiveReply) {
  const auto all = ExplainAll(
      "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; ann@example.com\n"
      "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 250 2.1.5 Ok\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].notice, NoticeKind::kNone);
  EXPECT_TRUE(all[0].failed);
}

TEST(Explainer, ReadsAQueueOfOneMessage) {
  const auto all =
      ExplainAll(R"({"queue_name": "deferred", "queue_id": "4C56", "recipients": [{"address": )"
                 R"("ann@example.com", "delay_reason": "connect to mx1.example.com[192.0.2.1]:25: )"
                 R"(Connection timed out"}, {"address": "bob@example.com"}]})");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].recipient, "ann@example.com");
  EXPECT_EQ(all[0].family, "network");
  EXPECT_EQ(all[1].notice, NoticeKind::kWaiting);
}

TEST(Explainer, TellsOfHeldMailWhatReleasesItBeforeAnyCause) {
  const struct {
    std::string_view text, release;
  } held[] = {
      {"4C5601753190!    1234 Sat Nov 21 14:19:58  me@example.org\n     ann@example.net\n",
       "`postsuper -H 4C5601753190`"},
      {"25h  2.9K 0t5C6f-0000c8-00 <> *** frozen ***\n          ann@example.net\n",
       "`exim -M 0t5C6f-0000c8-00`"},
      {"Nov 21 18:00:00 mx1 postfix/postsuper[9]: 4C5601753190: placed on hold",
       "`postsuper -H 4C5601753190`"},
      {"2026-11-21 18:00:00 1rABCd-000123-4X Frozen (delivery error message)",
       "`exim -M 1rABCd-000123-4X`"},
      {"-----Q-ID----- --Size-- -----Q-Time----- ------------Sender/Recipient-----------\n"
       "5AUCx1Yz012345      842 Sat Nov 21 12:00 <me@example.org>\n"
       "      QUARANTINE: virus\n\t\t <ann@example.net>\n",
       "`sendmail -qQ -Q -qI5AUCx1Yz012345`"},
  };
  for (const auto& one : held) {
    const auto all = ExplainAll(one.text);
    ASSERT_EQ(all.size(), 1U) << one.text;
    EXPECT_EQ(all[0].notice, NoticeKind::kHeld) << one.text;
    EXPECT_TRUE(all[0].silent) << one.text;
    EXPECT_NE(all[0].advice.en.steps.at(1).find(one.release), std::string::npos) << one.text;
    EXPECT_EQ(all[0].advice.zh.steps.size(), all[0].advice.en.steps.size()) << one.text;
  }
}

TEST(Explainer, KeepsTheCauseOfHeldMailButNotItsAdviceToWait) {
  const auto all = ExplainAll(
      "4C5601753190!    1234 Sat Nov 21 14:19:58  me@example.org\n"
      "(connect to mx1.example.com[192.0.2.1]:25: Connection timed out)\n     ann@example.net\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].verdict.cause, CauseId::kConnectTimeout);
  EXPECT_EQ(all[0].notice, NoticeKind::kHeld);
  EXPECT_EQ(all[0].advice.retry, Retry::kLater);
  for (const std::string& step : all[0].advice.en.steps)
    EXPECT_EQ(step.find("Leave the mail"), std::string::npos) << step;
  const std::string text = ExplanationText(all[0], *RuleSet::Load(EmbeddedSources()).value(), {});
  EXPECT_LT(text.find("State"), text.find("Reply"));
}

TEST(Explainer, NamesTheHostAndTheDomainsThatItKnowsInItsAdvice) {
  const struct {
    std::string_view text, named;
  } samples[] = {
      {"connect to mx9.example.net[192.0.2.1]:25: Connection timed out",
       "`telnet mx9.example.net 25`"},
      {"<ann@shop.example.net>: Host or domain name not found. Name service error for "
       "name=shop.example.net type=MX: Host not found",
       "`dig MX shop.example.net`"},
      {"Host or domain name not found. Name service error for name=shop.example.net type=A: Host "
       "not found",
       "`dig MX shop.example.net`"},
  };
  for (const auto& one : samples) {
    const ExplainedText explained = Explain(one.text);
    std::string steps;
    for (const std::string& step : explained.advice.en.steps) steps += step + "\n";
    EXPECT_NE(steps.find(one.named), std::string::npos) << steps;
  }
}

TEST(Explainer, JudgesEachMessageOfAnMboxAsIfItWereAlone) {
  const std::string messages[] = {
      "From: MAILER-DAEMON@example.org\nSubject: Undelivered Mail\n\n<ann@example.net>: mailbox "
      "full\n\n",
      "From: it@example.net\nSubject: Your mailbox is full\n\nYour mailbox is full, click "
      "here.\n\n",
      "From: bob@example.net\nSubject: Automatic reply: x\n\nI am away.\n\n",
      "From: MAILER-DAEMON@example.org\nSubject: Mail delivery failed\nContent-Type: "
      "multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: "
      "message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; "
      "eve@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such "
      "user\n\n--b--\n\n"};
  std::string mbox;
  for (const std::string& one : messages)
    mbox += "From MAILER-DAEMON Sat Nov 21 10:00:00 2026\n" + one;
  const auto all = ExplainAll(mbox);
  ASSERT_EQ(all.size(), std::size(messages));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto alone = ExplainAll(messages[i]);
    ASSERT_EQ(alone.size(), 1U) << i;
    EXPECT_EQ(all[i].message, i + 1);
    EXPECT_EQ(alone[0].message, 0U);
    EXPECT_EQ(all[i].notice, alone[0].notice) << i;
    EXPECT_EQ(all[i].verdict.cause, alone[0].verdict.cause) << i;
    EXPECT_EQ(all[i].recipient, alone[0].recipient) << i;
  }
  EXPECT_EQ(all[1].notice, NoticeKind::kNoBounce);
  EXPECT_EQ(all[3].enhanced_code, "5.1.1");
}

TEST(Explainer, GivesAnAnswerALineForAListAndOneForOneText) {
  EXPECT_EQ(ExplainAll("550 5.1.1 no such user\n452 4.2.2 mailbox full\n").size(), 2U);
  EXPECT_EQ(ExplainAll("550-5.1.1 no such\n550 5.1.1 user\n").size(), 1U);
  EXPECT_TRUE(ExplainAll(" \n\n").empty());
}

TEST(Explainer, GivesAnAnswerForEachRowOfATable) {
  const auto all = ExplainAll(
      "email,status,reason\n"
      "ann@example.com,5.1.1,\"550 5.1.1 no such user\"\n"
      "bob@example.com,4.2.2,\"mailbox is full,\nsorry\"\n");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].verdict.cause, CauseId::kUserUnknown);
  EXPECT_EQ(all[0].recipient, "ann@example.com");
  EXPECT_EQ(all[1].verdict.cause, CauseId::kMailboxFull);
  EXPECT_EQ(all[1].enhanced_code, "4.2.2");
  EXPECT_EQ(all[1].outcome_hint, "deferred");
}

TEST(Explainer, TellsWhatACodeAloneStandsForAndAsksForTheWords) {
  const struct {
    const char* text;
    const char* wanted;  // in its reason
  } kCases[] = {
      {"5.7.1", "5.7.1 stands for security or the receiver's policy"},
      {"550 5.7.1", "5.7.1 stands for"},
      {"550", "550 stands for no such mailbox"},
      {"571", "571 stands for what that server alone knows"},
      {"5.0.0", "5.0.0 stands for no more than that it failed"},
      {"#5.99.3#", "5.99.3 stands for no more than that it failed"},
  };
  for (const auto& one : kCases) {
    const ExplainedText explained = Explain(one.text);
    EXPECT_EQ(explained.verdict.cause, CauseId::kUnclassified) << one.text;
    EXPECT_NE(explained.advice.en.why.find(one.wanted), std::string::npos)
        << one.text << ": " << explained.advice.en.why;
    EXPECT_NE(explained.advice.zh.why.find("只有代码"), std::string::npos) << one.text;
  }
}

TEST(Explainer, TellsThatHalfACodeIsHalfAndWhatItsSubjectStandsFor) {
  const struct {
    const char* text;
    const char* wanted;  // in its reason
    Retry retry;
  } kCases[] = {
      {"5.7", "class 5, a final failure, and its subject 7, which stands for security", Retry::kNo},
      {"#5.7.x", "its subject 7, which stands for security", Retry::kNo},
      {"5.2.", "its subject 2, which stands for the recipient's mailbox", Retry::kNo},
      {"4.4", "class 4, a failure for now, and its subject 4, which stands for the network",
       Retry::kLater},
      {"5.99", "its subject 99, which stands for no more than that it failed", Retry::kNo},
      {"550 5.7",
       "550 and part of an enhanced code: its class 5, a final failure, and its subject 7",
       Retry::kNo},
      {"554-5.6.x", "its subject 6, which stands for the content", Retry::kNo},
      {"471 4.2", "471 and part of an enhanced code: its class 4", Retry::kLater},
  };
  for (const auto& one : kCases) {
    const ExplainedText explained = Explain(one.text);
    EXPECT_EQ(explained.verdict.cause, CauseId::kUnclassified) << one.text;
    EXPECT_NE(explained.advice.en.why.find(one.wanted), std::string::npos)
        << one.text << ": " << explained.advice.en.why;
    EXPECT_NE(explained.advice.zh.why.find("前两位"), std::string::npos) << one.text;
    EXPECT_EQ(explained.advice.en.steps.front().find("Give the whole reply"), 0U) << one.text;
    EXPECT_EQ(explained.advice.retry, one.retry) << one.text;
  }
  for (const char* text : {"3.7", "5.7 of them", "5.1234", "55.7", "550 5.7 of them"}) {
    EXPECT_EQ(Explain(text).advice.en.why.find("art of a"), std::string::npos) << text;
  }
}

TEST(Explainer, TellsOfNoCodeWhereThereAreWordsOrARuleKnowsTheCode) {
  for (const char* text : {"550 qwertz", "550 5.7.1 拒收某某", "5.2.2", "421", "qwertz"}) {
    EXPECT_EQ(Explain(text).advice.en.why.find("stands for"), std::string::npos) << text;
  }
}

TEST(Explainer, PromisesNothingOfWhatIsFinal) {
  EXPECT_EQ(Explain("550 qwertz uiop").advice.retry, Retry::kNo);
  EXPECT_NE(Explain("550 5.4.1 try again later").advice.retry, Retry::kYes);
  EXPECT_EQ(Explain("554 4.4.7 gave up").outcome_hint, "bounced");
}

}  // namespace
}  // namespace bouncesight
