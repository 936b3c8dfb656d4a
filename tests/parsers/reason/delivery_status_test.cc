#include "parsers/reason/delivery_status.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

constexpr std::string_view kFields =
    "Reporting-MTA: dns; mx.example.com\r\nArrival-Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
    "\r\n"
    "Final-Recipient: rfc822; ann@example.net\r\n"
    "Original-Recipient: rfc822;sales@example.org\r\n"
    "Action: failed\r\nStatus: 5.1.1\r\n"
    "Remote-MTA: dns; mail.example.net. (192.0.2.7, the server for the domain example.net.)\r\n"
    "Diagnostic-Code: smtp; 550-5.1.1 no mailbox\r\n    here by\r\n\tthat name\r\n"
    "\r\n"
    "Final-Recipient: RFC822;<bob@example.net>\r\nAction: Delayed\r\nStatus: 4.4.1\r\n"
    "Diagnostic-Code: X-Postfix; connect to mail.example.net[192.0.2.4]:25: Connection timed "
    "out\r\n"
    "\r\n";

TEST(DeliveryStatus, ReadsOneGroupARecipientAndNothingAround) {
  const std::vector<DeliveryStatus> all = ParseDeliveryStatus(kFields);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].recipient, "ann@example.net");
  EXPECT_EQ(all[0].action, "failed");
  EXPECT_EQ(all[0].status, (EnhancedCode{5, 1, 1}));
  EXPECT_EQ(all[0].remote_host, "mail.example.net");
  EXPECT_EQ(all[0].remote_ip, "192.0.2.7");
  EXPECT_EQ(all[0].diagnostic, "550-5.1.1 no mailbox here by that name");
  EXPECT_TRUE(all[0].from_remote);
  EXPECT_EQ(all[1].recipient, "bob@example.net");
  EXPECT_EQ(all[1].action, "delayed");
  EXPECT_FALSE(all[1].from_remote);
}

TEST(DeliveryStatus, PartsGroupsWhoseBlankLinesWereLost) {
  const std::vector<DeliveryStatus> all = ParseDeliveryStatus(
      "Final-Recipient: rfc822; ann@example.net\nStatus: 5.1.1\n"
      "Final-Recipient: rfc822; bob@example.net\nStatus: 5.2.2\n"
      "Diagnostic-Code: smtp; 552 5.2.2 over\nquota: see https://example.net/q\n");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].recipient, "ann@example.net");
  EXPECT_EQ(all[1].status, (EnhancedCode{5, 2, 2}));
  EXPECT_EQ(all[1].diagnostic, "552 5.2.2 over quota: see https://example.net/q");
}

TEST(DeliveryStatus, TakesTheAddressOfARecipientAndNothingAround) {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"rfc822; ann@example.net", "ann@example.net"},
      {"rfc822;<ann@example.net>", "ann@example.net"},
      {"rfc822; Ann Lee <ann@example.net>", "ann@example.net"},
      {"ann@example.net (no such user)", "ann@example.net"},
      {"rfc822; ann@example.net\n Acti\ton: failed", "ann@example.net"},
      {"rfc822; \"ann lee\"@example.net gone", "\"ann lee\"@example.net"},
      {"rfc822; \"ann", "\"ann"},
      {"rfc822;", ""},
  };
  for (const auto& [field, recipient] : table) {
    const auto all =
        ParseDeliveryStatus("Final-Recipient: " + std::string(field) + "\nStatus: 5.1.1\n");
    ASSERT_EQ(all.size(), 1U) << field;
    EXPECT_EQ(all[0].recipient, recipient) << field;
  }
}

TEST(DeliveryStatus, FindsWhereTheFieldsBegin) {
  const std::string_view text =
      "Dear user,\nit failed.\n\nFinal-Recipient: rfc822; a@example.com\n";
  EXPECT_EQ(StatusFieldsAt(text), text.find("Final"));
  EXPECT_EQ(StatusFieldsAt("no fields: none\n"), 16U);
}

TEST(DeliveryStatus, FindsNothingInTextWithoutFields) {
  EXPECT_TRUE(ParseDeliveryStatus("").empty());
  EXPECT_TRUE(ParseDeliveryStatus("Subject: hello\n\nwords\n").empty());
}

}  // namespace
}  // namespace bouncesight
