#include "parsers/reason/notice_kind.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

struct Text {
  std::string_view name;
  std::string_view text;
  std::string_view kind;  // NoticeName; empty: it may well be a bounce
};

constexpr Text kTexts[] = {
    {"a vacation program's headers",
     "From: ann@example.org\nTo: bob@example.com\nSubject: Re: hello\n"
     "Auto-Submitted: auto-replied (vacation)\n\nBack on Monday.\n",
     "automatic_reply"},
    {"the subject of an automatic reply, German",
     "From: ann@example.org\nTo: bob@example.com\nSubject: Automatische Antwort: "
     "Angebot\n\nHallo.\n",
     "automatic_reply"},
    {"a pasted out-of-office text", "Hello,\nI am out of the office until Monday.\nAnn\n",
     "automatic_reply"},
    {"a pasted out-of-office text, Chinese", "您好，这是自动回复。\n我正在休假。\n",
     "automatic_reply"},
    {"an abuse report",
     "From: fbl@example.org\nTo: abuse@example.com\nMIME-Version: 1.0\n"
     "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
     "--b\nContent-Type: text/plain\n\nA user marked this as spam.\n--b--\n",
     "abuse_report"},
    {"the fields of an abuse report", "Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n",
     "abuse_report"},
    {"a DMARC report by its subject",
     "From: noreply@example.org\nTo: dmarc@example.com\n"
     "Subject: Report Domain: example.com Submitter: example.org Report-ID: 1\n\n\n",
     "dmarc_report"},
    {"a DMARC report's XML",
     "<?xml version=\"1.0\"?><feedback><report_metadata/><policy_published><domain>example.com"
     "</domain></policy_published></feedback>",
     "dmarc_report"},
    {"a TLS report",
     "From: tls@example.org\nTo: tls@example.com\n"
     "Content-Type: multipart/report; report-type=\"tlsrpt\"; boundary=b\n\n--b--\n",
     "tls_report"},
    {"a read receipt",
     "From: ann@example.org\nTo: bob@example.com\nContent-Type: multipart/report; "
     "report-type=disposition-notification; boundary=b\n\n--b\n\nYour message was read.\n--b--\n",
     "read_receipt"},
    {"a delivery status of success alone",
     "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; ann@example.org\n"
     "Action: relayed\nStatus: 2.0.0\n",
     "receipt"},
    {"the words of success", "Your message was successfully delivered to the destination(s)\n",
     "receipt"},
    {"a headline", "Undelivered Mail Returned to Sender", "headline"},
    {"a headline as a subject", "Subject: Re: Mail delivery failed: returning message to sender\n",
     "headline"},
    {"a headline with the mail's own subject", "Undeliverable: minutes of Monday", "headline"},
    {"a headline, Chinese", "系统退信", "headline"},
    {"the headline of a delay", "Delivery Status Notification (Delay)", "delay"},
    {"a bounce of Postfix",
     "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\nTo: bob@example.com\n"
     "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n\n"
     "<ann@example.org>: unknown user: \"ann\"\n",
     ""},
    {"a bounce of Exim",
     "From: Mail Delivery System <Mailer-Daemon@mx.example.org>\nTo: bob@example.com\n"
     "X-Failed-Recipients: ann@example.org\nAuto-Submitted: auto-replied\n\n"
     "  ann@example.org\n    Unrouteable address\n",
     ""},
    {"a failure beside a success",
     "Final-Recipient: rfc822; ann@example.org\nAction: delivered\nStatus: 2.0.0\n\n"
     "Final-Recipient: rfc822; bob@example.org\nAction: failed\nStatus: 5.1.1\n",
     ""},
    {"a reply", "550 5.1.1 <ann@example.org>: user unknown", ""},
    {"a reply that begins as a headline does", "550 Returned mail: host is unknown", ""},
    {"phishing, as a message",
     "From: IT Support <it@example.net>\nTo: bob@example.com\nSubject: Your mailbox is full\n\n"
     "Your mailbox is full. Incoming mail will be rejected.\nUpgrade at "
     "http://example.net/verify\n",
     "no_bounce"},
    {"phishing, pasted",
     "Dear bob,\nyour mailbox has exceeded its storage limit.\nClick here to validate it.\n",
     "no_bounce"},
    {"phishing, one line", "Your mailbox is full, click here to upgrade", "no_bounce"},
    {"phishing, Chinese", "尊敬的用户：您的邮箱容量已满，请点击此处升级", "no_bounce"},
    {"phishing that speaks of mail that did not come in",
     "From: Mail <m@example.net>\nTo: bob@example.com\nSubject: (5) undelivered messages\n\n5 "
     "incoming messages could not be delivered to your inbox. Click here to release them.\n",
     "no_bounce"},
    {"a newsletter about block lists",
     "From: news@example.org\nTo: bob@example.com\nSubject: How to stay off the lists\n\nIf your "
     "address is on a blacklist, mail is refused as spam.\n",
     "no_bounce"},
    {"a digest of a quarantine", "Quarantine digest for bob\n ann@example.net Invoice virus\n",
     "no_bounce"},
    {"a letter of a person",
     "From: ann@example.org\nTo: bob@example.com\nSubject: Hi\n\nMy mailbox is full again.\n",
     "no_bounce"},
    {"a notice of a mailing list",
     "From: list-request@example.org\nTo: bob@example.com\nSubject: Welcome\n\nOnly subscribers "
     "may post. Messages larger than 500 KB are too large.\n",
     "no_bounce"},
    {"a read receipt without a report",
     "From: ann@example.org\nTo: bob@example.com\nSubject: Read: minutes\n\nYour message\n",
     "read_receipt"},
    {"a read receipt, pasted", "Your message was read on Monday, November 23, 2026.\n",
     "read_receipt"},
    {"the fields of a read receipt",
     "Final-Recipient: rfc822;ann@example.org\n"
     "Disposition: manual-action/MDN-sent-manually; displayed\n",
     "read_receipt"},
    {"a DMARC report by its file",
     "From: d@example.org\nTo: d@example.com\nSubject: Report\nContent-Type: application/zip; "
     "name=\"example.org!example.com!1700000000!1700086399.zip\"\n\nPK\n",
     "dmarc_report"},
    {"a DMARC report by another subject",
     "From: d@example.org\nTo: d@example.com\nSubject: DMARC Aggregate Report for example.com\n\n"
     "Messages that fail are rejected.\n",
     "dmarc_report"},
    {"two words of somebody away",
     "I will be back on Monday and have limited access to e-mail. This mailbox is not "
     "monitored.\n",
     "automatic_reply"},
    {"a bounce from a sender of an odd name",
     "From: noreply@example.org\nTo: bob@example.com\nSubject: Notice\n\nThe message you sent to "
     "ann@example.org: mailbox is full.\n",
     ""},
    {"a bounce that has only the null sender to show",
     "Return-Path: <>\nFrom: Robot <robot@example.org>\nTo: bob@example.com\n\nMailbox full.\n",
     ""},
    {"a bounce that somebody forwards",
     "From: ann@example.org\nTo: help@example.com\nSubject: what is it\n\nI got this error: "
     "mailbox is full\n",
     ""},
    {"a bounce that asks to click",
     "Your message to ann@example.org could not be delivered: mailbox is full. Click here for "
     "help.\n",
     ""},
    {"a plain sentence", "The mailbox is full.", ""},
    {"a plain sentence, Chinese", "您的邮箱容量已满", ""},
    {"bytes that are no text", std::string_view("\x00\x01\x02PK", 5), ""},
};

TEST(NoticeKind, TellsWhatIsNoBounceFromWhatIsOne) {
  for (const Text& one : kTexts) {
    SCOPED_TRACE(one.name);
    EXPECT_EQ(NoticeName(ReadNotice(one.text).kind), one.kind);
  }
}

TEST(NoticeKind, IsCertainOfHeadersAndUncertainOfWordsAlone) {
  EXPECT_TRUE(ReadNotice("Subject: Out of office\nFrom: ann@example.org\n\nHi\n").certain);
  EXPECT_FALSE(ReadNotice("Hi,\nI am out of the office.\n").certain);
}

TEST(NoticeKind, ReadsHowLongADelayedMailIsTriedAgain) {
  const struct {
    std::string_view text, span;
  } spans[] = {
      {"Your message could not be delivered for more than 4 hour(s).\nIt will be retried until it "
       "is 5 day(s) old.\n",
       "until it is 5 day(s) old"},
      {"The server will retry for 46 more hours. You'll be notified", "for 46 more hours"},
      {"Will keep trying until message is 5 days old\n", "until message is 5 days old"},
      {"It will be retried.", ""},
      {"This message was created automatically.", ""},
  };
  for (const auto& one : spans) EXPECT_EQ(TriedAgain(one.text), one.span) << one.text;
}

}  // namespace
}  // namespace bouncesight
