#include "rules/listed_address.h"

#include <gtest/gtest.h>

#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

struct Case {
  std::string_view reply;
  std::string_view list;
  std::string_view address;
};

// Every list of the catalogue's first order, in the words that servers use for it.
constexpr Case kListings[] = {
    // Spamhaus
    {"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
     "spamhaus_zen", "192.0.2.1"},
    {"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; "
     "https://www.spamhaus.org/sbl/query/SBL123456",
     "spamhaus_sbl", "192.0.2.1"},
    {"550 5.7.1 192.0.2.2 is listed in sbl.spamhaus.org", "spamhaus_sbl", "192.0.2.2"},
    {"550 Your IP 192.0.2.3 is on the Spamhaus XBL, see "
     "https://www.spamhaus.org/query/ip/192.0.2.3",
     "spamhaus_xbl", "192.0.2.3"},
    {"550 rejected: 192.0.2.4 listed at xbl.spamhaus.org", "spamhaus_xbl", "192.0.2.4"},
    {"550 5.7.1 Dynamic address 192.0.2.5 blocked: pbl.spamhaus.org", "spamhaus_pbl", "192.0.2.5"},
    {"554 192.0.2.6 is in the Spamhaus PBL", "spamhaus_pbl", "192.0.2.6"},
    {"550 5.7.1 Client host [192.0.2.7] blocked using Spamhaus CSS", "spamhaus_css", "192.0.2.7"},
    {"550 blocked, see https://www.spamhaus.org/sbl/query/SBLCSS for 192.0.2.8 is listed",
     "spamhaus_css", "192.0.2.8"},
    {"554 Blocked - see http://www.spamhaus.org/query/bl?ip=192.0.2.9", "spamhaus", "192.0.2.9"},
    {"554 IP blocked see: https://check.spamhaus.org/listed/?searchterm=192.0.2.10", "spamhaus",
     "192.0.2.10"},
    {"550 5.7.1 Service unavailable, Client host [192.0.2.11] blocked using Spamhaus. To request "
     "removal from this list see https://www.spamhaus.org/query/ip/192.0.2.11 (AS16012611)",
     "spamhaus", "192.0.2.11"},
    {"550 Email blocked by SPAMHAUS", "spamhaus", ""},
    {"554 5.7.1 Client host [2001:db8::25] blocked using zen.spamhaus.org", "spamhaus_zen",
     "2001:db8::25"},
    {"554 5.7.1 Client host [IPv6:2001:db8:0:1::7] blocked using zen.spamhaus.org", "spamhaus_zen",
     "2001:db8:0:1::7"},
    {"550 blocked using zen.spamhaus.org, see https://check.spamhaus.org/query/ip/2001:db8::9",
     "spamhaus_zen", "2001:db8::9"},
    // SpamCop, Barracuda, SORBS
    {"553 sorry, your mailserver 192.0.2.12 is listed in bl.spamcop.net", "spamcop", "192.0.2.12"},
    {"554 Client host [192.0.2.13] blocked using bl.spamcop.net; Blocked - see "
     "https://www.spamcop.net/bl.shtml?192.0.2.13",
     "spamcop", "192.0.2.13"},
    {"550 blacklisted, see http://www.spamcop.net/w3m?action=checkblock&ip=192.0.2.14", "spamcop",
     "192.0.2.14"},
    {"554 5.7.1 Client host [192.0.2.15] blocked using b.barracudacentral.org; "
     "http://www.barracudanetworks.com/reputation/?pr=1&ip=192.0.2.15",
     "barracuda", "192.0.2.15"},
    {"550 192.0.2.16 rejected: listed on the Barracuda Reputation Block List", "barracuda",
     "192.0.2.16"},
    {"521 5.7.1 Service unavailable; client [192.0.2.17] blocked using dnsbl.sorbs.net", "sorbs",
     "192.0.2.17"},
    {"554 5.7.1 Rejected 192.0.2.18 found in dnsbl.sorbs.net", "sorbs", "192.0.2.18"},
    {"451 blocked, currently sending spam, see http://www.sorbs.net/lookup.shtml?192.0.2.19",
     "sorbs", "192.0.2.19"},
    // UCEPROTECT
    {"550 192.0.2.20 is listed on dnsbl-1.uceprotect.net", "uceprotect_1", "192.0.2.20"},
    {"550 192.0.2.21 is listed on dnsbl-2.uceprotect.net", "uceprotect_2", "192.0.2.21"},
    {"550 192.0.2.22 is listed at UCEPROTECT-Level 3", "uceprotect_3", "192.0.2.22"},
    {"550 Your IP is listed, see http://www.uceprotect.net/rblcheck.php?ipr=192.0.2.23",
     "uceprotect", "192.0.2.23"},
    // PSBL, Invaluement, Mailspike, Abusix
    {"554 Client host [192.0.2.24] blocked using psbl.surriel.com", "psbl", "192.0.2.24"},
    {"550 listed, see https://psbl.org/listing?ip=192.0.2.25", "psbl", "192.0.2.25"},
    {"550 5.5.4 Your IP 192.0.2.26 is listed by Invaluement", "invaluement", "192.0.2.26"},
    {"550 192.0.2.27 listed in ivmSIP", "invaluement", "192.0.2.27"},
    {"554 Client host [192.0.2.28] blocked using bl.mailspike.net", "mailspike", "192.0.2.28"},
    {"554 5.7.1 Client [192.0.2.29] blocked using combined.mail.abusix.zone", "abusix",
     "192.0.2.29"},
    {"550 blocked, see https://lookup.abusix.com/search?q=192.0.2.30 (listed)", "abusix",
     "192.0.2.30"},
    // China
    {"554 Client host [192.0.2.31] blocked using cblplus.anti-spam.org.cn", "anti_spam_org_cn",
     "192.0.2.31"},
    {"553 Mail from 192.0.2.32 refused: listed, see http://anti-spam.org.cn/", "anti_spam_org_cn",
     "192.0.2.32"},
    {"554 MI:SPB 192.0.2.33 is blacklisted", "netease", "192.0.2.33"},
    // Trend Micro, Cloudmark, Proofpoint, Sender Score, Talos
    {"550 Client host [192.0.2.34] blocked using Trend Micro RBL+. Please see "
     "http://www.mail-abuse.com/cgi-bin/lookup?ip_address=192.0.2.34",
     "trend_micro_ers", "192.0.2.34"},
    {"550 192.0.2.35 blacklisted by Trend Micro Email Reputation Service", "trend_micro_ers",
     "192.0.2.35"},
    {"554 Client host [192.0.2.36] blocked using Cloudmark Sender Intelligence, see "
     "https://csi.cloudmark.com/en/reset/?ip=192.0.2.36",
     "cloudmark_csi", "192.0.2.36"},
    {"554 Blocked: listed - see https://ipcheck.proofpoint.com/?ip=192.0.2.37", "proofpoint",
     "192.0.2.37"},
    {"550 192.0.2.38 blacklisted by Proofpoint Dynamic Reputation", "proofpoint", "192.0.2.38"},
    {"550 192.0.2.39 blocked: listed by senderscore.org", "sender_score", "192.0.2.39"},
    {"554 192.0.2.40 is blacklisted, SenderBase score low", "cisco_talos", "192.0.2.40"},
    // NiX, GBUdb, Outblaze
    {"554 Client host [192.0.2.41] blocked using ix.dnsbl.manitu.net", "nixspam", "192.0.2.41"},
    {"550 192.0.2.42 listed in NiX Spam", "nixspam", "192.0.2.42"},
    {"550 192.0.2.43 listed at truncate.gbudb.net", "gbudb", "192.0.2.43"},
    {"554 EMail from mailserver at 192.0.2.44 is refused: blacklisted. See "
     "http://spamblock.outblaze.com/192.0.2.44",
     "outblaze", "192.0.2.44"},
    // Providers' own
    {"550 5.7.1 Unfortunately, messages from [192.0.2.45] weren't sent. Please contact your "
     "Internet service provider since part of their network is on our block list (S3140).",
     "microsoft_s3140", "192.0.2.45"},
    {"550 5.7.1 Unfortunately, messages from [192.0.2.46] weren't sent. Your network is on our "
     "block list (S3150).",
     "microsoft_s3150", "192.0.2.46"},
    {"550 5.7.606 Access denied, banned sending IP [192.0.2.47]. To request removal from this list "
     "please visit https://sender.office.com/ and follow the directions.",
     "microsoft_exo", "192.0.2.47"},
    {"421 4.7.0 [TSS04] Messages from 192.0.2.48 not accepted: blacklisted", "yahoo_tss",
     "192.0.2.48"},
    // Others
    {"554 192.0.2.49 found in bl.blocklist.de", "blocklist_de", "192.0.2.49"},
    {"550 192.0.2.50 listed at dyna.spamrats.com", "spamrats", "192.0.2.50"},
    {"550 Black listed at hostkarma http://ipadmin.junkemailfilter.com/remove.php?ip=192.0.2.51",
     "hostkarma", "192.0.2.51"},
    {"554 Client host [192.0.2.52] blocked using dnsbl.dronebl.org", "dronebl", "192.0.2.52"},
    {"550 Client host [192.0.2.53] blocked using dnsbl.spfbl.net", "spfbl", "192.0.2.53"},
    {"550 192.0.2.54 blacklisted, see http://www.trustedsource.org/query/192.0.2.54", "mcafee",
     "192.0.2.54"},
    // Unknown lists, by their zone
    {"554 5.7.1 Client host [192.0.2.55] blocked using dnsbl.example.net", "dnsbl.example.net",
     "192.0.2.55"},
    {"554 5.7.1 Client host [192.0.2.56] blocked using Mail.Example.Org; see "
     "http://mail.example.org/why?ip=192.0.2.56",
     "mail.example.org", "192.0.2.56"},
    {"550 The sending IP (192.0.2.57) is listed on https://spam.example.com/.", "spam.example.com",
     "192.0.2.57"},
    {"550 Rejected due to blacklist: DNSBL server response (rbl.example.com - 192.0.2.58)",
     "rbl.example.com", "192.0.2.58"},
    {"550-\"JunkMail rejected - mx.example.com [192.0.2.59]:24706 is in an RBL on bl.example.org\"",
     "bl.example.org", "192.0.2.59"},
    {"553 5.3.0 DNSBL:ATTRBL 521< 192.0.2.60 >_is_blocked.For assistance write to us", "",
     "192.0.2.60"},
};

// The reply names several addresses, or none that it calls listed.
constexpr Case kOthers[] = {
    {"554 blacklisted: contact the postmaster at 198.51.100.7", "", ""},
    {"554 198.51.100.7: your address 192.0.2.61 is blacklisted", "", "192.0.2.61"},
    {"554 you were blocked by 198.51.100.7 because you are blacklisted", "", ""},
    {"554 blacklisted (HELO 198.51.100.7)", "", ""},
    {"554 our server 198.51.100.7 says: blacklisted", "", ""},
    {"554 blacklisted, see http://198.51.100.7/why", "", ""},
    {"554 server 198.51.100.7: client 192.0.2.62 blacklisted", "", "192.0.2.62"},
    {"554 Client host [192.0.2.63] blacklisted; ask via 198.51.100.7", "", "192.0.2.63"},
    {"554 192.0.2.64 is blacklisted: zen.example answered 127.0.0.4", "zen.example", "192.0.2.64"},
    {"554 blocked using dnsbl.example.net: 127.0.0.2", "dnsbl.example.net", ""},
    {"554 you are blacklisted", "", ""},
    {"554 blacklisted: version 4.2.2.1 of our filter", "", ""},
    {"554 blacklisted. Our filter is 198.51.100.8", "", ""},
    {"554 blacklisted. Mail for example.com goes to 198.51.100.8", "", ""},
    {"554 blacklisted: 2.0.192.in-addr.arpa", "", ""},
    {"554 5.7.1 64.2.0.192.zen.spamhaus.org says you are blacklisted", "spamhaus_zen", ""},
    {"554 <bob@[192.0.2.65]>: you are blacklisted", "", ""},
    {"554 queue A1192.0.2.66B is blacklisted", "", ""},
    {"554 Client host [mx.example.com] blocked using bl.example.net; from 192.0.2.67",
     "bl.example.net", "192.0.2.67"},
    {"554 Your IP [192.0.2.68] is blacklisted. Received: from 198.51.100.9 to 198.51.100.10", "",
     "192.0.2.68"},
    {"554 blacklisted at 12:34:56 of 2026-01-02", "", ""},
};

// A rule that holds for all of these, so that only the list and the address are in question.
constexpr std::string_view kRule = R"(
rules:
  - id: listed
    cause: ip_blocklisted
    match: [block, list, refused, 'weren.t sent', banned, reject, found in, 'is (on|in) the']
    examples: [blocked]
)";

void ExpectListings(std::span<const Case> cases) {
  RuleSources sources;
  sources.operator_files.push_back({"mine.yaml", kRule});
  for (const RuleText& file : EmbeddedSources().catalog) {
    if (file.name == "blocklists.yaml") sources.catalog.push_back(file);
  }
  const auto rules = RuleSet::Load(sources);
  ASSERT_TRUE(rules.has_value()) << rules.error().message;
  Classifier classifier(*rules);
  for (const Case& c : cases) {
    const Reply reply = ParseReply(c.reply);
    const Verdict verdict = classifier.Classify({reply, "mx.example.com", "198.51.100.1", ""});
    EXPECT_EQ(verdict.cause, CauseId::kIpBlocklisted) << c.reply;
    EXPECT_EQ(verdict.blocklist, c.list) << c.reply;
    EXPECT_EQ(verdict.listed_ip, c.address) << c.reply;
  }
}

TEST(ListedAddress, NamesTheListAndTheAddress) { ExpectListings(kListings); }

TEST(ListedAddress, TakesNoAddressThatTheReplyDoesNotCallListed) { ExpectListings(kOthers); }

TEST(ListedAddress, IsTriedOnEightyRepliesAtLeast) {
  EXPECT_GE(std::size(kListings) + std::size(kOthers), 80U);
}

TEST(ListedAddress, IsNeverTheServerThatSpeaks) {
  const std::string_view reply = "554 198.51.100.1 is blacklisted";
  EXPECT_EQ(FindListedAddress(reply, ""), "198.51.100.1");
  EXPECT_EQ(FindListedAddress(reply, "198.51.100.1"), "");
}

TEST(ListedAddress, IsNotLookedForWhereADomainIsListed) {
  Classifier classifier(LoadRules(R"(
rules: [{id: a, cause: domain_blocklisted, match: listed, blocklist: some_dbl, examples: [listed]}]
)"));
  const Reply reply = ParseReply("554 client 192.0.2.1: example.com is listed in a DBL");
  const Verdict verdict = classifier.Classify({reply, "", "", ""});
  EXPECT_EQ(verdict.blocklist, "some_dbl");
  EXPECT_EQ(verdict.listed_ip, "");
}

// Behind each address the way back is short, however long the run is that it stands in.
TEST(ListedAddress, StandsInAUrlOfAUsualLength) {
  const auto url = [](std::size_t path) {
    return "550 see https://lists.example.net/" + std::string(path, 'x') + "/192.0.2.1";
  };
  EXPECT_EQ(FindListedAddress(url(100), ""), "192.0.2.1");
  EXPECT_EQ(FindListedAddress(url(1000), ""), "");
}

TEST(ListedAddress, ComesWithADelistingLinkForEveryListOfNote) {
  const auto rules = ShippedRules();
  for (const Case& c : kListings) {
    if (c.list.empty() || c.list.find('.') != std::string_view::npos) continue;
    EXPECT_TRUE(rules->delisting_link(c.list).starts_with("http")) << c.list;
  }
}

}  // namespace
}  // namespace bouncesight
