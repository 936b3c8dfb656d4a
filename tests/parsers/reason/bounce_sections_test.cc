#include "parsers/reason/bounce_sections.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "parsers/reason/failure_report.h"
#include "parsers/reason/reason.h"

namespace bouncesight {
namespace {

// "recipient|code", one a failure, parted by blanks.
std::string Told(std::string_view text) {
  std::string all;
  for (const ReportedFailure& one : ReadFailures(text)) {
    if (!all.empty()) all += ' ';
    all += one.recipient + "|" + std::to_string(ParseReason(one.words).reply.code);
  }
  return all;
}

struct Case {
  std::string_view name;
  std::string_view text;
  std::string_view told;
};

TEST(BounceSections, FindTheReplyInAParagraphOfItsOwn) {
  constexpr std::string_view kTo =
      "Delivery to the following recipient failed:\n\n  ann@example.com\n\n";
  const Case table[] = {
      {"announced in a paragraph before",
       "Details of the failure:\nmx.example.com [192.0.2.4] did not take your message.\n\n"
       "The server said:\n552 5.2.2 mailbox full\n",
       "ann@example.com|552"},
      {"at once", "mx.example.com did not take your message.\n\n552 5.2.2 mailbox full\n",
       "ann@example.com|552"},
      {"behind two blank lines and a word",
       "mx.example.com did not take it.\n\n\nAnswer:\n\n552 5.2.2 mailbox full\n",
       "ann@example.com|552"},
      {"which ends in a colon", "because:\n\nUser ann is not in the directory 550\n",
       "ann@example.com|0"},
      {"of which a paragraph of other words is none",
       "mx.example.com did not take it.\n\nAsk your postmaster.\n\n552 5.2.2 mailbox full\n",
       "ann@example.com|0"},
      {"not behind the reply of this one",
       "mx.example.com said 450 4.2.1 later.\n\nWhat it said then:\n552 5.2.2 mailbox full\n",
       "ann@example.com|450"},
      {"not of the recipient before",
       "mx.example.com did not take it.\n\n  bob@example.net\n\n552 5.2.2 mailbox full\n",
       "ann@example.com|0 bob@example.net|552"},
  };
  for (const Case& one : table) EXPECT_EQ(Told(std::string(kTo) += one.text), one.told) << one.name;
}

TEST(BounceSections, AReasonBelowSeveralRecipientsIsThatOfEach) {
  const Case table[] = {
      {"a list", "Failed for:\n\n* ann@example.com\n* bob@example.net\n\n550 5.7.1 no relaying\n",
       "ann@example.com|550 bob@example.net|550"},
      {"right below them",
       "Failed for:\n\nann@example.com\nbob@example.net\n  550 5.7.1 no relaying\n",
       "ann@example.com|550 bob@example.net|550"},
      {"in brackets behind each",
       "Not reached:\nann@example.com (550 5.1.1 unknown)\nbob@example.net (552 full)\n",
       "ann@example.com|550 bob@example.net|552"},
      {"and a name in brackets is none",
       "Not reached:\n\nann@example.com (Ann Lee)\n\n550 5.1.1 unknown\n", "ann@example.com|550"},
      {"each has its own",
       "Failed for:\n\nann@example.com\n\n450 4.2.1 later\n\nbob@example.net\n\n550 5.1.1 "
       "unknown\n",
       "ann@example.com|450 bob@example.net|550"},
  };
  for (const Case& one : table) EXPECT_EQ(Told(one.text), one.told) << one.name;
}

TEST(BounceSections, AParagraphThatNamesARecipientIsItsOwn) {
  const Case table[] = {
      {"labels",
       "Could not deliver:\n\nFailed Recipient: ann@example.com\nReason: Remote host said: 554 "
       "5.7.1 "
       "no relaying\n\nFailed Recipient: bob@example.net\nReason: Remote host said: 552 full\n",
       "ann@example.com|554 bob@example.net|552"},
      {"sentences",
       "Your mail to ann@example.com came back: 550 unknown.\n\nYour mail to bob@example.net came "
       "back: 452 full.\n",
       "ann@example.com|550 bob@example.net|452"},
      {"one reply for both",
       "Mail to ann@example.com failed.\nMail to bob@example.net failed.\n\nAnswer: 552 full\n",
       "ann@example.com|552 bob@example.net|552"},
      {"the delivery to somebody", "Delivery to ann@example.com failed:\n552-mailbox\n552 full\n",
       "ann@example.com|552"},
  };
  for (const Case& one : table) EXPECT_EQ(Told(one.text), one.told) << one.name;
}

TEST(BounceSections, ProgramsListRecipientsInTheMiddleOfALine) {
  const Case table[] = {
      {"PHPMailer, one",
       "SMTP Error: The following recipients failed: ann@example.com: 550-not for\n"
       "550-<kim@example.org>\n550 sender verify failed\n",
       "ann@example.com|550"},
      {"PHPMailer, two",
       "SMTP Error: The following recipients failed: ann@example.com: 550 5.1.1 unknown\n"
       "bob@example.net: 452 4.2.2 mailbox full\n",
       "ann@example.com|550 bob@example.net|452"},
      {"Python",
       "smtplib.SMTPRecipientsRefused: {'ann@example.com': (550, b'5.1.1 <ann@example.com>: "
       "unknown "
       "in this table of all that are local here'), 'bob@example.net': (452, b'4.2.2 full')}",
       "ann@example.com|550 bob@example.net|452"},
      {"Java",
       "javax.mail.SendFailedException: Invalid Addresses;\n  nested exception is:\n"
       "\tcom.sun.mail.smtp.SMTPAddressFailedException: 550 5.1.1 <ann@example.com>: unknown\n;\n"
       "  nested exception is:\n"
       "\tcom.sun.mail.smtp.SMTPAddressFailedException: 554 5.7.1 <bob@example.net>: no relaying\n",
       "ann@example.com|550 bob@example.net|554"},
  };
  for (const Case& one : table) EXPECT_EQ(Told(one.text), one.told) << one.name;
}

TEST(BounceSections, OneAddressInALineIsNoList) {
  for (const std::string_view text :
       {"host mx.example.com refused ann@example.com: 550 5.1.1 unknown",
        "<ann@example.com>: host mx.example.com said: 550 5.1.1 <ann@example.com>: unknown",
        "ann@example.com: 550 unknown\nbob@example.net: 550 unknown\n", "@", "a@: 550 x, b@: 550 y",
        "AddressFailedException: 550 <ann@example.com>", "no address at all"}) {
    EXPECT_EQ(RecipientsOnLines(text), "") << text;
  }
}

}  // namespace
}  // namespace bouncesight
