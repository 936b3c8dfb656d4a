// The forms of bounce messages, in words of our own.
#include "parsers/reason/bounce_text.h"

#include <string>

#include <gtest/gtest.h>

#include "parsers/reason/reason.h"
#include "tests/parsers/mta/event_text.h"
#include "tests/parsers/reason/reason_text.h"

namespace bouncesight {
namespace {

class BounceText : public testing::TestWithParam<Sample> {};

TEST_P(BounceText, IsUnwrapped) {
  EXPECT_EQ(ReasonText(ParseReason(GetParam().line)), GetParam().expected);
}

constexpr Sample kBecause[] = {
    {"English", "The message to ann@example.com is bounced because: 550 no such box (#5.1.1)",
     "to=ann@example.com code=550 5.1.1 said=550 no such box (#5.1.1)"},
    {"OnTheNextLine", "The message to ann@example.com is bounced because :\n452 try later",
     "to=ann@example.com code=452 said=452 try later"},
    {"AddressTwice",
     "the message to mailto:ann@example.com ann@example.com is Bounced Because : Rcpt queued "
     "timeout",
     "to=ann@example.com text=Rcpt queued timeout"},
    {"Traditional", "你發送到 ann@example.com 的郵件由於以下原因被退回 : 郵件在隊列中處理時間過長",
     "to=ann@example.com text=郵件在隊列中處理時間過長"},
    {"SimplifiedFullWidth", "你发送到 ann@example.com 的邮件由于以下原因被退回：552 5.2.2 满",
     "to=ann@example.com code=552 5.2.2 said=552 5.2.2 满"},
    {"InAReport",
     "[ MuseMail Server -- Error Report ] Sorry.\nMail [17.mx] From [example.org]. Mail from: "
     "<bob@example.org> Rcpt to: <ann@example.com>\nThe message to ann@example.com is bounced "
     "because: 553 not here",
     "to=ann@example.com code=553 said=553 not here"},
    {"InsideAnother", "<ann@example.com>: the message to ann@example.com is bounced because : full",
     "to=ann@example.com text=full"},
};
INSTANTIATE_TEST_SUITE_P(Because, BounceText, testing::ValuesIn(kBecause), SampleName);

constexpr Sample kRecipients[] = {
    {"Colon", "<ann@example.com> : Message refused", "to=ann@example.com text=Message refused"},
    {"Comma", "ann@example.com, 550 5.5.0 refused",
     "to=ann@example.com code=550 5.5.0 said=550 5.5.0 refused"},
    {"Semicolon", "ann@example.com；550 refused", "to=ann@example.com code=550 said=550 refused"},
    {"Dots", "<ann@example.com>... invalid address", "to=ann@example.com text=invalid address"},
    {"DotsAndColon", "<ann@example.com>...: over quota", "to=ann@example.com text=over quota"},
    {"ColonAndDots", "<ann@example.com>: ... Error: content",
     "to=ann@example.com text=Error: content"},
    {"BlankOnly", "ann@example.com mailbox is full", "to=ann@example.com text=mailbox is full"},
    {"CodeGluedToTheNext", "<ann@example.com> : 550<ann@example.com>... Relaying denied",
     "to=ann@example.com code=550 text=550<ann@example.com>... Relaying denied"},
    {"SenderInTheReply", "<ann@example.com>... <bob@example.net>... no mail from you",
     "to=ann@example.com text=<bob@example.net>... no mail from you"},
    {"PartOfASentence", "ann@example.com is disabled", "text=ann@example.com is disabled"},
    {"QuotedLocalPart", "<\"a > b\"@example.com>: gone", "to=\"a > b\"@example.com text=gone"},
    {"HostSaid", "<ann@example.com> : host mx.example.com[192.0.2.9] said: 552 full",
     "to=ann@example.com remote=mx.example.com[192.0.2.9] code=552 said=552 full"},
    {"HostElided", "<ann@example.com>: host …… said: 550 no",
     "to=ann@example.com code=550 said=550 no"},
    {"HostElidedWithoutBlanks", "host……said:552 no", "code=552 said=552 no"},
    {"SuffixNamesIt", "550 5.7.1 no relaying (RCPT TO: ann@example.com)",
     "to=ann@example.com code=550 5.7.1 phase=rcpt said=550 5.7.1 no relaying"},
    {"SuffixNamesThePhase", "user unknown (in reply to RCPT TO command)",
     "phase=rcpt text=user unknown"},
    {"ServerSaid", "<ann@example.com> , remote server said: 550-one\n550 two",
     "to=ann@example.com code=550 said=550-one\n550 two"},
    {"DsnField", "Diagnostic-Code: SMTP; SMTP error, RCPT TO: 550 no",
     "code=550 phase=rcpt said=550 no"},
    {"CutByAPage", "remote server said: 553 not welcome,........", "code=553 said=553 not welcome"},
};
INSTANTIATE_TEST_SUITE_P(Recipients, BounceText, testing::ValuesIn(kRecipients), SampleName);

constexpr Sample kServers[] = {
    {"ConnectFailure", "ann@example.com ; Connect to 192.0.2.9:25 failure",
     "to=ann@example.com remote=[192.0.2.9]:25 phase=connect own=Connect to 192.0.2.9:25 failure"},
    {"ConnectError", "connect remote host error (192.0.2.9 : 25)",
     "remote=[192.0.2.9]:25 phase=connect own=connect remote host error (192.0.2.9 : 25)"},
    {"NoGreeting", "ann@example.com ： No welcome message from 192.0.2.9",
     "to=ann@example.com remote=[192.0.2.9] phase=connect own=No welcome message from 192.0.2.9"},
    {"BadGreeting", "Failure welcome message from 2001:db8::9",
     "remote=[2001:db8::9] phase=connect own=Failure welcome message from 2001:db8::9"},
    {"BodyLost", "ann@example.com; Error sending mail body to 192.0.2.9",
     "to=ann@example.com remote=[192.0.2.9] phase=end_of_data own=Error sending mail body to "
     "192.0.2.9"},
    {"FailureReply",
     "ann@example.com ; Failure reply of RCPT to ann@example.com from 192.0.2.9, 451 later",
     "to=ann@example.com remote=[192.0.2.9] code=451 phase=rcpt said=451 later"},
    {"FailureReplyOfMail", "Failure reply of MAIL to bob@example.net from 192.0.2.9, 553 no",
     "remote=[192.0.2.9] code=553 phase=mail said=553 no"},
    {"MtaServer", "the mta server of example.com(192.0.2.9) reply:554 5.7.1 no",
     "remote=example.com[192.0.2.9] code=554 5.7.1 said=554 5.7.1 no"},
    {"MtaServerWithBlanks", "the mta server of example.com (192.0.2.9) reply : 554 no",
     "remote=example.com[192.0.2.9] code=554 said=554 no"},
    {"ConnectRefused", "<ann@example.com> : connect to mx.example.com: Connection refused",
     "to=ann@example.com remote=mx.example.com phase=connect own=connect to mx.example.com: "
     "Connection refused"},
    {"NameService", "<ann@example.com>: Name service error for domain example.com: Host not found",
     "to=ann@example.com remote=example.com phase=connect own=Name service error for domain "
     "example.com: Host not found"},
    {"NumberedForRecipient", "SMTP 550 (ann@example.com 收件人无效 - ERR010)",
     "to=ann@example.com code=550 said=SMTP 550 (ann@example.com 收件人无效 - ERR010)"},
    {"NumberedForSender", "SMTP 452 (bob@example.net 发件人被拒绝)",
     "code=452 said=SMTP 452 (bob@example.net 发件人被拒绝)"},
    {"NumberedForHost", "SMTP 552 (远程MTA 192.0.2.9:URL)",
     "remote=[192.0.2.9] code=552 said=SMTP 552 (远程MTA 192.0.2.9:URL)"},
    {"NumberedInChinese", "错误 421 反向DNS", "code=421 said=错误 421 反向DNS"},
};
INSTANTIATE_TEST_SUITE_P(Servers, BounceText, testing::ValuesIn(kServers), SampleName);

constexpr Sample kNotices[] = {
    {"Winmail",
     "Hi. This is the smtp delivery program.\nI'm afraid it did not work.\n=====\n您好！\n\n"
     "<ann@example.com>, sorry, no mailbox here by that name\n\n--- Below this line is a copy of "
     "the message.\n\nReceived: from bob@example.net\n",
     "to=ann@example.com text=sorry, no mailbox here by that name"},
    {"Qmail",
     "Hi. This is the qmail-send program at example.net.\nIt failed.\n\n<ann@example.com>:\nSorry, "
     "no host named example.com. (#5.1.2)\n\n--- Below this line is a copy of the message.\n",
     "to=ann@example.com 5.1.2 text=Sorry, no host named example.com. (#5.1.2)"},
    {"JoinedLines",
     "Hi. This is the smtp delivery program. It failed <at 5 o'clock>. <ann@example.com>, sorry, "
     "no "
     "mailbox --- Below this line is a copy of the message. <bob@example.net>: x",
     "to=ann@example.com text=sorry, no mailbox"},
    {"JoinedReport",
     "[ MuseMail Server -- Error Report ] Sorry. Mail [17.mx] From [example.org]. Mail from: "
     "<bob@example.org> Rcpt to: <ann@example.com> The message to ann@example.com is bounced "
     "because: 553 not here",
     "to=ann@example.com code=553 said=553 not here"},
    {"WithoutARecipient",
     "Hi. This is the smtp delivery program.\n--- Below this line\n<ann@example.com>, x",
     "text=Hi. This is the smtp delivery program.\n--- Below this line\n<ann@example.com>, x"},
};
INSTANTIATE_TEST_SUITE_P(Notices, BounceText, testing::ValuesIn(kNotices), SampleName);

constexpr Sample kMtas[] = {
    {"Exim",
     "SMTP error from remote mail server after RCPT TO:<ann@example.com>: host mx.example.com "
     "[192.0.2.9]: 550 5.1.1 no",
     "remote=mx.example.com[192.0.2.9] code=550 5.1.1 phase=rcpt said=550 5.1.1 no"},
    {"EximInABounce",
     "  ann@example.com\n    host mx.example.com [192.0.2.9]\n    SMTP error from remote mail "
     "server "
     "after MAIL FROM:<bob@example.net> SIZE=99:\n    554 5.7.1 no",
     "to=ann@example.com remote=mx.example.com[192.0.2.9] code=554 5.7.1 phase=mail said=554 5.7.1 "
     "no"},
    {"EximOfOldTimes",
     "SMTP error from remote mailer after RCPT TO: <ann@example.com>: host mx.example.com "
     "[192.0.2.9]: 553 no",
     "remote=mx.example.com[192.0.2.9] code=553 phase=rcpt said=553 no"},
    {"EximSessionBroken",
     "host mx.example.com [192.0.2.9]: Remote host closed connection in response to end of data",
     "remote=mx.example.com[192.0.2.9] phase=end_of_data own=Remote host closed connection in "
     "response to end of data"},
    {"QmailRecipient",
     "<ann@example.com>: 192.0.2.9 does not like recipient. Remote host said: 550 5.1.1 no Giving "
     "up on 192.0.2.9.",
     "to=ann@example.com remote=[192.0.2.9] code=550 5.1.1 phase=rcpt said=550 5.1.1 no"},
    {"QmailGivenUp",
     "Connected to 192.0.2.9 but sender was rejected. Remote host said: 421 4.7.0 wait I'm not "
     "going "
     "to try again; this message has been in the queue too long.",
     "remote=[192.0.2.9] code=421 4.7.0 phase=mail said=421 4.7.0 wait"},
    {"QmailWithoutACode",
     "192.0.2.9 failed after I sent the message. Remote host said: not from you",
     "remote=[192.0.2.9] phase=end_of_data said=not from you"},
    {"StageInBrackets", "Remote host said: 552 5.2.2 full [RCPT_TO]",
     "code=552 5.2.2 phase=rcpt said=552 5.2.2 full"},
    {"SendmailTranscript",
     "   ----- Transcript of session follows -----\n... while talking to mx.example.com.:\n>>> "
     "RCPT "
     "To:<ann@example.com>\n<<< 550 5.1.1 no\n550 5.1.1 <ann@example.com>... User unknown",
     "remote=mx.example.com code=550 5.1.1 phase=rcpt said=550 5.1.1 no"},
    {"SendmailOwnWords", "----- Transcript of session follows -----\n554 5.4.6 Hop count exceeded",
     "code=554 5.4.6 said=554 5.4.6 Hop count exceeded"},
    {"Exchange",
     "Diagnostic information for administrators: ann@example.com Remote Server returned '550 "
     "5.1.10 "
     "Recipient not found'",
     "code=550 5.1.10 said=550 5.1.10 Recipient not found"},
    {"SaidWithoutAReply", "the doctor said: take 500 of these",
     "text=the doctor said: take 500 of these"},
};
INSTANTIATE_TEST_SUITE_P(Mtas, BounceText, testing::ValuesIn(kMtas), SampleName);

TEST(BounceTexts, LeaveAReplyAloneThatSpeaksOfBounces) {
  const std::string text = "550 the message to ann@example.com is bounced because: spam";
  EXPECT_EQ(ReasonText(ParseReason(text)), "code=550 said=" + text);
}

TEST(BounceTexts, StopAtABoundedNumberOfWrappers) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "remote server said: ";
  Reason reason;
  EXPECT_TRUE(UnwrapBounceText(text + "550 no", reason));
  EXPECT_NE(reason.reply.text, "550 no");
}

}  // namespace
}  // namespace bouncesight
