#include "parsers/reason/delivery_status.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

constexpr std::string_view kBounce =
    "From: MAILER-DAEMON@mx.example.com (Mail Delivery System)\r\n"
    "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"b1\"\r\n"
    "\r\n"
    "--b1\r\nContent-Type: text/plain\r\n\r\nStatus: 5.0.0 is not a field here\r\n"
    "--b1\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n"
    "Reporting-MTA: dns; mx.example.com\r\nArrival-Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
    "\r\n"
    "Final-Recipient: rfc822; ann@example.net\r\n"
    "Original-Recipient: rfc822;sales@example.org\r\n"
    "Action: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mail.example.net\r\n"
    "Diagnostic-Code: smtp; 550-5.1.1 no mailbox\r\n    here by\r\n\tthat name\r\n"
    "\r\n"
    "Final-Recipient: RFC822;<bob@example.net>\r\nAction: Delayed\r\nStatus: 4.4.1\r\n"
    "Diagnostic-Code: X-Postfix; connect to mail.example.net[192.0.2.4]:25: Connection timed "
    "out\r\n"
    "\r\n"
    "--b1\r\nContent-Type: message/rfc822\r\n\r\nFinal-Recipient: rfc822; "
    "nobody@example.net\r\n--b1--\r\n";

TEST(DeliveryStatus, ReadsOneGroupARecipientAndNothingAround) {
  const std::vector<DeliveryStatus> all = ParseDeliveryStatus(kBounce);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].recipient, "ann@example.net");
  EXPECT_EQ(all[0].action, "failed");
  EXPECT_EQ(all[0].status, (EnhancedCode{5, 1, 1}));
  EXPECT_EQ(all[0].remote_mta, "mail.example.net");
  EXPECT_EQ(all[0].diagnostic, "550-5.1.1 no mailbox here by that name");
  EXPECT_TRUE(all[0].from_remote);
  EXPECT_EQ(all[1].recipient, "bob@example.net");
  EXPECT_EQ(all[1].action, "delayed");
  EXPECT_FALSE(all[1].from_remote);
}

TEST(DeliveryStatus, FindsNothingInAMessageWithoutSuchAPart) {
  EXPECT_TRUE(ParseDeliveryStatus("").empty());
  EXPECT_TRUE(
      ParseDeliveryStatus("Subject: hello\n\nFinal-Recipient: rfc822; ann@example.net\n").empty());
}

TEST(DeliveryStatus, SurvivesAPartThatEndsInItsHeadersOrAtOnce) {
  EXPECT_TRUE(ParseDeliveryStatus("Content-Type: message/delivery-status").empty());
  EXPECT_TRUE(ParseDeliveryStatus("Content-Type: message/delivery-status\n\n--b--\n").empty());
  const std::vector<DeliveryStatus> all =
      ParseDeliveryStatus("Content-Type: message/delivery-status\n\nStatus: 5.2.2");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].status, (EnhancedCode{5, 2, 2}));
}

}  // namespace
}  // namespace bouncesight
