#include "parsers/reason/queue_listing.h"

#include <string>

#include <gtest/gtest.h>

#include "parsers/reason/failure_report.h"

namespace bouncesight {
namespace {

std::string_view KeeperName(QueueKeeper by) {
  static constexpr std::string_view kNames[] = {"-", "postfix", "exim", "sendmail"};
  return kNames[static_cast<std::size_t>(by)];
}

// "recipient|keeper|id", one a recipient, parted by blanks.
std::string Told(std::string_view text) {
  const auto listed = ReadQueueListing(text);
  if (!listed) return "none";
  std::string all;
  for (const QueuedRecipient& one : *listed) {
    all.append(all.empty() ? "" : " ").append(one.recipient).append("|");
    all.append(KeeperName(one.hold.by)).append("|").append(one.hold.queue_id);
  }
  return all;
}

struct Sample {
  std::string_view name, text, told;
};

const Sample kSamples[] = {
    {"postqueue -p, one of two messages on hold",
     "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
     "4C5601753190!    1234 Sat Nov 21 14:19:58  me@example.org\n"
     "                                         ann@example.net\n"
     "                                         bob@example.net\n\n"
     "4C5601753191*    1234 Sat Nov 21 14:19:58  me@example.org\n"
     "                                         eve@example.net\n\n-- 2 Kbytes in 2 Requests.\n",
     "ann@example.net|postfix|4C5601753190 bob@example.net|postfix|4C5601753190 "
     "eve@example.net|-|"},
    {"postqueue -p without its heading and its recipients",
     "3Zxy12Bcdfz!    1234 Sat Nov 21 14:19:58  MAILER-DAEMON", "|postfix|3Zxy12Bcdfz"},
    {"postqueue -j",
     R"({"queue_name": "hold", "queue_id": "4C56", "recipients": [{"address": "ann@example.net"}]})"
     "\n"
     R"({"queue_name": "deferred", "queue_id": "4C57", "recipients": [{"address": "b@example.net"}]})",
     "ann@example.net|postfix|4C56 b@example.net|-|"},
    {"a queue id that is no id stands in no command",
     R"({"queue_name": "hold", "queue_id": "; reboot", "recipients": [{"address": "a@example.net"}]})",
     "a@example.net|postfix|"},
    {"exim -bp, one of two messages frozen",
     "25h  2.9K 0t5C6f-0000c8-00 <> *** frozen ***\n          ann@example.net\n\n"
     " 3d   12K 1rABCd-00000000123-4XyZ <me@example.org>\n        D bob@example.net\n"
     "          eve@example.net\n",
     "ann@example.net|exim|0t5C6f-0000c8-00 eve@example.net|-|"},
    {"a line of exim -bp alone", " 3d 12K 1rABCd-000123-4X <me@example.org> *** frozen ***",
     "|exim|1rABCd-000123-4X"},
    {"mailq -qQ of Sendmail",
     "\t\t/var/spool/mqueue (1 request)\n"
     "-----Q-ID----- --Size-- -----Q-Time----- ------------Sender/Recipient-----------\n"
     "5AUCx1Yz012345      842 Sat Nov 21 12:00 <me@example.org>\n"
     "      QUARANTINE: looks like a virus\n\t\t\t\t <ann@example.net>\n"
     "\t\tTotal requests: 1\n",
     "ann@example.net|sendmail|5AUCx1Yz012345"},
    {"a mark of Sendmail's right behind the id",
     "-----Q-ID----- --Size-- -----Q-Time----- ------------Sender/Recipient-----------\n"
     "5AUCx1Yz012345Q     842 Sat Nov 21 12:00 <me@example.org>\n\t\t\t\t <ann@example.net>\n",
     "ann@example.net|sendmail|5AUCx1Yz012345"},
    {"a queue without mail", "Mail queue is empty\n", ""},
    {"Sendmail's queue without mail", "/var/spool/mqueue is empty\n", ""},
    {"a reply that speaks of an account", "550 5.2.1 the account is frozen", "none"},
};

TEST(QueueListing, TellsWhatIsKeptBackAndByWhom) {
  for (const Sample& one : kSamples) EXPECT_EQ(Told(one.text), one.told) << one.name;
}

TEST(QueueHold, IsReadOutOfLinesAndNotices) {
  const struct {
    std::string_view text;
    QueueKeeper by;
    std::string_view id;
  } samples[] = {
      {"postfix/smtpd[1]: NOQUEUE: hold: RCPT from c.example.net[192.0.2.1]: <a@example.com>: "
       "Recipient address triggers HOLD action; from=<b@example.net>",
       QueueKeeper::kPostfix, ""},
      {"sendmail[12]: 5AUCx1Yz012345: to=<bob@example.net>, delay=00:00:06, mailer=local, "
       "quarantine=Suspect, stat=quarantine",
       QueueKeeper::kSendmail, "5AUCx1Yz012345"},
      {"Message 1rABCd-000123-4X has been frozen (delivery error message).\nThe sender is <>.\n",
       QueueKeeper::kExim, "1rABCd-000123-4X"},
      {"*** frozen ***\n", QueueKeeper::kExim, ""},
      {"550 5.2.1 This account has been frozen", QueueKeeper::kNone, ""},
      {"554 5.7.1 your message was put on hold", QueueKeeper::kNone, ""},
  };
  for (const auto& one : samples) {
    const QueueHold hold = HoldIn(one.text).value_or(QueueHold{});
    EXPECT_EQ(hold.by, one.by) << one.text;
    EXPECT_EQ(hold.queue_id, one.id) << one.text;
  }
}

TEST(FailureReport, KeepsTheReasonOfEachRecipientOfAFrozenMessage) {
  const auto all = ReadFailures(
      "Message 1rABCd-000123-4X has been frozen (delivery error message).\nThe sender is <>.\n\n"
      "The following address(es) have yet to be delivered:\n\n"
      "  ann@example.com: 450 4.2.1 later\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].recipient, "ann@example.com");
  EXPECT_EQ(all[0].hold.queue_id, "1rABCd-000123-4X");
}

}  // namespace
}  // namespace bouncesight
