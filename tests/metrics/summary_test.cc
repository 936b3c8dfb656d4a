#include "metrics/summary.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/json_text.h"
#include "metrics/summary_text.h"
#include "tests/metrics/fixtures.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;
using testing::Not;

Snapshot Counted() {
  Totals totals;
  Tally tally(TestNames());
  const SourceId mail = tally.Source("mail.log");
  for (int i = 0; i < 5; ++i) tally.CountEvent(mail, Delivery("example.com"), {});
  for (int i = 0; i < 3; ++i) {
    tally.CountEvent(mail, Bounce("example.com"), Because(CauseId::kUserUnknown));
  }
  tally.CountEvent(mail, Deferral("example.com"), Because(CauseId::kGreylisted));
  Verdict listed = Because(CauseId::kIpBlocklisted);
  listed.blocklist = "spamhaus_zen";
  listed.listed_ip = "192.0.2.1";
  for (int i = 0; i < 2; ++i) tally.CountEvent(mail, Bounce("example.net"), listed);
  tally.CountEvent(mail, Bounce("example.org"), {});
  for (int i = 0; i < 9; ++i) {
    listed.listed_ip = "203.0.113.9";
    tally.CountEvent(mail, Refusal(), listed);
  }
  DeliveryEvent grey = Refusal();
  grey.reply.code = 450;
  tally.CountEvent(mail, grey, Because(CauseId::kGreylisted));
  for (int i = 0; i < 4; ++i) tally.CountSkip(mail, SkipReason::kForeign);
  totals.Merge(tally);
  return *totals.Publish();
}

Summary Top(const Snapshot& snapshot, std::size_t top, std::vector<MinedTemplate> mined = {}) {
  return Summarise(snapshot, ReportFacts(), {.top = top}, std::move(mined));
}

TEST(Summary, AddsUpAndRanks) {
  const Summary summary = Top(Counted(), 10);
  EXPECT_EQ(summary.outcomes[0], (std::pair<std::string, std::uint64_t>("delivered", 5)));
  EXPECT_EQ(summary.outcomes[1].second, 1U);
  EXPECT_EQ(summary.outcomes[2].second, 6U);
  EXPECT_EQ(summary.failures, 7U);
  EXPECT_EQ(summary.unclassified, 1U);
  ASSERT_EQ(summary.causes.size(), 4U);
  EXPECT_EQ(summary.causes[0].name, "user_unknown");
  EXPECT_EQ(summary.causes[0].count, 3U);
  EXPECT_EQ(summary.causes[0].detail, "recipient");
  EXPECT_EQ(summary.causes[2].name, "greylisted") << "equal counts in the order of names";
  EXPECT_EQ(summary.causes[2].permanent, 0U);
  ASSERT_EQ(summary.domains.size(), 3U);
  EXPECT_EQ(summary.domains[0].name, "example.com");
  EXPECT_EQ(summary.domains[0].count, 4U);
  EXPECT_EQ(summary.domains[0].permanent, 3U);
  EXPECT_EQ(summary.domains[0].detail, "user_unknown");
  EXPECT_EQ(summary.codes[0].name, "550 5.1.1");
  EXPECT_EQ(summary.providers[0].name, "bigmail");
  EXPECT_EQ(summary.providers[0].count, 6U);
  ASSERT_EQ(summary.blocklists.size(), 1U);
  EXPECT_EQ(summary.blocklists[0].detail, "192.0.2.1");
  EXPECT_EQ(summary.sources[0].lines, 26U);
}

TEST(Summary, KeepsRefusalsOfOursOutOfItsRankings) {
  const Summary summary = Top(Counted(), 10);
  EXPECT_EQ(summary.outcomes.size(), kDeliveryOutcomeCount);
  EXPECT_EQ(summary.failures, 7U);
  EXPECT_EQ(summary.blocklists[0].count, 2U);
  EXPECT_EQ(summary.refusals.count, 10U);
  EXPECT_EQ(summary.refusals.permanent, 9U);
  ASSERT_EQ(summary.refusals.causes.size(), 2U);
  EXPECT_EQ(summary.refusals.causes[0].name, "ip_blocklisted");
  EXPECT_EQ(summary.refusals.causes[0].count, 9U);
  EXPECT_EQ(summary.refusals.causes[1].permanent, 0U);
  ASSERT_EQ(summary.refusals.blocklists.size(), 1U);
  EXPECT_EQ(summary.refusals.blocklists[0].count, 9U);
}

TEST(Summary, CallsPermanentWhatTheCodesSay) {
  Totals totals;
  Tally tally(TestNames());
  DeliveryEvent event = Bounce("example.com");
  event.outcome = Outcome::kExpired;
  event.reply.code = 451;
  tally.CountEvent(tally.Source("mail"), event, Because(CauseId::kGreylisted));
  event.outcome = Outcome::kDeferred;
  event.reply.code = 550;
  tally.CountEvent(tally.Source("mail"), event, Because(CauseId::kUserUnknown));
  totals.Merge(tally);
  const Summary summary = Top(*totals.Publish(), 10);
  EXPECT_EQ(summary.causes[0].name, "greylisted");
  EXPECT_EQ(summary.causes[0].permanent, 0U);
  EXPECT_EQ(summary.causes[1].permanent, 1U);
}

TEST(Summary, HoldsTheTopOnly) {
  const Summary summary = Top(Counted(), 1);
  EXPECT_EQ(summary.causes.size(), 1U);
  EXPECT_EQ(summary.domains.size(), 1U);
  EXPECT_EQ(summary.failures, 7U) << "totals stay whole";
}

TEST(SummaryText, AlignsItsColumnsAndKeepsColourOutOfPipes) {
  const std::string text = RenderSummaryText(Top(Counted(), 10));
  EXPECT_THAT(text, HasSubstr("Causes            failures   share  permanent  must act  since\n"
                              "  user_unknown           3  42.9 %          3\n"));
  EXPECT_THAT(text, HasSubstr("spamhaus_zen"));
  EXPECT_THAT(text, HasSubstr("Refused by our own server: 10, 9 of them for good\n"));
  EXPECT_THAT(text, HasSubstr("  ip_blocklisted           9  90.0 %          9  reputation\n"));
  EXPECT_LT(text.find("Causes  "), text.find("Refused by our own server"));
  EXPECT_THAT(text, Not(HasSubstr("203.0.113.9"))) << "a client's address";
  EXPECT_THAT(text, HasSubstr("mail.log: 26 lines, 22 counted\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(RenderSummaryText(Top(Counted(), 10), {true, 80}), HasSubstr("\x1b[1mCauses"));
}

TEST(SummaryText, SaysLittleOfNothing) {
  const std::string text = RenderSummaryText(Top(Snapshot{}, 10));
  EXPECT_THAT(text, HasSubstr("delivered"));
  EXPECT_THAT(text, Not(HasSubstr("Causes")));
}

TEST(SummaryJson, IsOneObjectWithAllOfIt) {
  MinedTemplate mined;
  mined.text = "odd {addr}";
  mined.example = "550 \"odd\"\n\xff";
  mined.count = 2;
  mined.code = 550;
  const std::string json = RenderSummaryJson(Top(Counted(), 10, {mined}));
  EXPECT_THAT(json, HasSubstr(R"("outcomes":{"delivered":5,"deferred":1,"bounced":6,)"));
  EXPECT_THAT(json,
              HasSubstr(R"("rejections":{"count":10,"temporary":1,"permanent":9,"causes":[)"));
  EXPECT_THAT(json, HasSubstr(R"("blocklists":[{"name":"spamhaus_zen","count":9}])"));
  EXPECT_THAT(json, HasSubstr(R"("failures":7,"unclassified":1)"));
  EXPECT_THAT(json, HasSubstr(R"({"name":"user_unknown","count":3,"permanent":3,)"
                              R"("family":"recipient"})"));
  EXPECT_THAT(json, HasSubstr(R"("skipped":{"not_delivery":0,"attempt":0,"probe":0,"foreign":4,)"));
  EXPECT_THAT(json,
              HasSubstr("{\"template\":\"odd {addr}\",\"count\":2,\"code\":550,"
                        "\"example\":\"550 \\\"odd\\\"\\u000a\xef\xbf\xbd\",\"draft_rule\":\"# "));
  EXPECT_EQ(json.find('\n'), json.size() - 1);
}

TEST(JsonText, EscapesWhatMustBeAndWhatHarmsATerminal) {
  JsonText json;
  json.String(std::string("a\"\\\0\x1b[m</script>\x7f\xc3\xbc", 19));
  EXPECT_EQ(json.Take(), "\"a\\\"\\\\\\u0000\\u001b[m</script>\\u007f\xc3\xbc\"");
}

TEST(JsonText, WritesNumbersShortAndLeavesOutWhatIsNotKnown) {
  JsonText json;
  json.Open('{');
  json.Key("whole");
  json.Shortest(6);
  json.Key("part");
  json.Shortest(0.27);
  json.FieldIfAny("code", std::uint64_t{0});
  json.FieldIfAny("reply", "");
  json.FieldIfAny("host", "mx1");
  json.Flag("waits", false);
  json.Close('}');
  EXPECT_EQ(json.Take(), R"({"whole":6,"part":0.27,"host":"mx1","waits":false})");
}

}  // namespace
}  // namespace bouncesight
