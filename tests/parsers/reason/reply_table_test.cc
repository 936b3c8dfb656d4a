#include "parsers/reason/reply_table.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

// "recipient status: words", a line for each failure.
std::string Told(std::string_view text) {
  std::string told;
  for (const ReportedFailure& failure : ReadReplyTable(text)) {
    EnhancedCodeText code;
    told.append(failure.recipient).append(" ");
    told.append(FormatEnhancedCode(failure.status, code)).append(": ");
    told.append(failure.words).append("\n");
  }
  return told;
}

TEST(ReplyTable, GivesAFailureForEachRow) {
  const struct {
    std::string_view text;
    std::string_view told;
  } cases[] = {
      {"email,status,reason\n"
       "ann@example.com,5.1.1,\"550 5.1.1 no such user\"\n"
       "bob@example.com,4.2.2,\"452 4.2.2 full, \"\"really\"\"\"\n",
       "ann@example.com 5.1.1: 550 5.1.1 no such user\n"
       "bob@example.com 4.2.2: 452 4.2.2 full, \"really\"\n"},
      // No heading; the codes in a column of their own; bare fields.
      {"2026-03-01 10:00:00;ann@example.com;550;user unknown\n"
       "2026-03-01 10:00:05;bob@example.com;552;mailbox full\n",
       "ann@example.com : 550 user unknown\nbob@example.com : 552 mailbox full\n"},
      // A spreadsheet's tabs, a quoted end of line, mail that was delivered, a row without a
      // reason.
      {"To\tFrom\tResponse\n"
       "ann@example.com\tkim@example.org\t\"550-5.7.1 no\n550 5.7.1 mail\"\n"
       "bob@example.com\tkim@example.org\t250 2.0.0 queued as 1\n"
       "eve@example.com\tkim@example.org\t\n",
       "ann@example.com : 550-5.7.1 no 550 5.7.1 mail\n"},
      {"| recipient       | reason                 |\n"
       "|-----------------|------------------------|\n"
       "| ann@example.com | 550 5.1.1 no such user |\n",
       "ann@example.com : 550 5.1.1 no such user\n"},
      {"+-----------------+--------------+\n"
       "| rcpt            | error        |\n"
       "+-----------------+--------------+\n"
       "| ann@example.com | no such user |\n"
       "| bob@example.com | mailbox full |\n"
       "+-----------------+--------------+\n",
       "ann@example.com : no such user\nbob@example.com : mailbox full\n"},
      {"Ann Lee,ann@example.com,mailbox full\n\nBob Roe,bob@example.com,no such user\n",
       "ann@example.com : mailbox full\nbob@example.com : no such user\n"},
      {"address,code,error\nann@example.com,605,not sent: it bounced before\n"
       "bob@example.com,550,5.1.1 no such user\n",
       "ann@example.com : not sent: it bounced before\nbob@example.com : 550 5.1.1 no such user\n"},
      // The subject holds more words than the reason, and is none.
      {"subject,recipient,bounce reason\n"
       "550 reasons to buy,ann@example.com,no such user\n"
       "550 reasons to buy,<bob@example.com>,mailbox full\n",
       "ann@example.com : no such user\nbob@example.com : mailbox full\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(Told(c.text), c.told) << c.text;
}

TEST(ReplyTable, TakesNoOtherTextForATable) {
  for (const std::string_view text :
       {"", "\n", ",", "ann@example.com,550 5.1.1 no such user",
        "550 5.1.1 <ann@example.com>, no such user\n550 5.1.1 <bob@example.com>, no such user",
        "ann@example.com,no such user\nbob@example.com,mailbox,full",
        "ann@example.com,\"no such user\nbob@example.com,mailbox full",
        "To: ann@example.com, bob@example.com\nCc: eve@example.com, kim@example.com",
        "ann@example.com,bob@example.com\neve@example.com,kim@example.com",
        // Which of the two is the recipient?
        "ann@example.com,kim@example.org,no such user\nbob@example.com,kim@example.org,full up",
        "ann@example.com,1\nbob@example.com,2", "dear ann,\nyour mail, it seems,\n"}) {
    EXPECT_EQ(Told(text), "") << text;
  }
}

TEST(ReplyTable, LooksAtALongTextOnce) {
  std::string rows = "email,reason\n";
  for (int i = 0; i < 20000; ++i) rows += "ann@example.com,no such user\n";
  EXPECT_EQ(ReadReplyTable(rows).size(), 20000U);
  EXPECT_TRUE(ReadReplyTable(rows + "one more\n").empty());
  EXPECT_TRUE(ReadReplyTable(std::string(400000, '"')).empty());
  EXPECT_TRUE(ReadReplyTable(std::string(400000, ',')).empty());
}

}  // namespace
}  // namespace bouncesight
