#include "metrics/report_facts.h"

#include <string>

#include <gtest/gtest.h>

#include "metrics/summary.h"
#include "metrics/summary_compare.h"
#include "tests/metrics/fixtures.h"

namespace bouncesight {
namespace {

constexpr std::int64_t kNoon = 1795262400;  // 2026-11-21T12:00:00Z

DeliveryEvent Of(DeliveryEvent event, std::string_view queue_id, std::string_view recipient,
                 double delay = 1) {
  event.queue_id = queue_id;
  event.recipient = recipient;
  event.delay_seconds = delay;
  event.host = "mx1";
  return event;
}

std::uint64_t Waiting(const ReportFacts& facts) { return facts.waiting().Count().value_or(999); }

TEST(ReportFacts, CountsWhoWaitsByTheLastState) {
  ReportFacts facts;
  facts.BeginStretch();
  facts.Note(Of(Deferral("example.com"), "A", "ann"), {}, kNoon);
  facts.Note(Of(Deferral("example.com"), "A", "ann"), {}, kNoon + 300);
  facts.Note(Of(Deferral("example.com"), "A", "bob"), {}, kNoon);
  EXPECT_EQ(Waiting(facts), 2U) << "two recipients, three attempts";
  facts.Note(Of(Delivery("example.com"), "A", "ann"), {}, kNoon + 900);
  EXPECT_EQ(Waiting(facts), 1U);
  DeliveryEvent expired = Of(Bounce("example.com"), "A", "");
  expired.outcome = Outcome::kExpired;
  facts.Note(expired, {}, kNoon + 1000);
  EXPECT_EQ(Waiting(facts), 0U) << "an expiry that names the message settles all of it";
}

// The first half of a log in one piece and the second in another, merged in either order.
TEST(ReportFacts, KnowsWhoWaitsWhateverOrderThePiecesComeIn) {
  for (const bool newest_first : {false, true}) {
    ReportFacts old_piece, new_piece, all;
    old_piece.BeginStretch();
    old_piece.Note(Of(Deferral("example.com"), "A", "ann"), {}, kNoon);
    old_piece.Note(Of(Deferral("example.com"), "B", "bob"), {}, kNoon);
    new_piece.BeginStretch();
    new_piece.Note(Of(Delivery("example.net"), "C", "eve", 1), {}, kNoon + 3600);
    new_piece.Note(Of(Delivery("example.com"), "A", "ann", 3700), {}, kNoon + 3700);
    all.Merge(newest_first ? new_piece : old_piece);
    all.Merge(newest_first ? old_piece : new_piece);
    EXPECT_EQ(Waiting(all), 1U) << newest_first;
  }
}

TEST(ReportFacts, ForgetsWhoWaitedForWhatSomebodyTookOutOfTheQueue) {
  for (const bool newest_first : {false, true}) {
    ReportFacts old_piece, new_piece, all;
    for (const char* id : {"A", "B", "C"})
      old_piece.Note(Of(Deferral("example.com"), id, "ann"), {}, kNoon);
    old_piece.NoteTakenAway("mx1", "A", kNoon + 60);
    EXPECT_EQ(Waiting(old_piece), 2U);
    new_piece.NoteTakenAway("mx1", "B", kNoon + 3600);
    new_piece.NoteTakenAway("mx2", "C", kNoon + 3600);
    all.Merge(newest_first ? new_piece : old_piece);
    all.Merge(newest_first ? old_piece : new_piece);
    EXPECT_EQ(Waiting(all), 1U) << "another host's C" << newest_first;
    std::uint64_t told = 0;
    for (const RetryCounts& one : all.waiting().Retries()) told += one.all();
    EXPECT_EQ(told, 1U) << "neither delivered nor failed";
  }
}

TEST(ReportFacts, WaitsForAMessageThatGotTheIdOfOneThatWasTakenAway) {
  ReportFacts facts, later, all;
  facts.Note(Of(Deferral("example.com"), "A", "ann"), {}, kNoon);
  facts.NoteTakenAway("mx1", "A", kNoon + 60);
  facts.Note(Of(Deferral("example.com"), "A", "bob"), {}, kNoon + 60);
  EXPECT_EQ(Waiting(facts), 1U) << "in the same second";
  facts.NoteTakenAway("mx1", "A", kNoon + 90);
  later.Note(Of(Deferral("example.com"), "A", "eve"), {}, kNoon + 3600);
  all.Merge(later);
  all.Merge(facts);
  EXPECT_EQ(Waiting(all), 1U) << "in another piece";
}

TEST(ReportFacts, SaysSoWhenTooManyWaitToTell) {
  WaitingSet waiting(2);
  for (const char* id : {"A", "B", "C"})
    waiting.Note(Of(Deferral("example.com"), id, "ann"), {}, kNoon, false);
  EXPECT_EQ(waiting.Count(), std::nullopt);
  EXPECT_TRUE(waiting.Rows(kNoon).empty());
  EXPECT_TRUE(waiting.Retries().empty());
}

// Greylisted at once and delivered after ten minutes; put off for a full box and given up; and one
// that waits for the second reason since an hour, by the first deferral's age.
void NoteRetries(WaitingSet& set, bool second_half) {
  const Verdict grey = Because(CauseId::kGreylisted), full = Because(CauseId::kMailboxFull);
  const auto note = [&](DeliveryEvent event, const Verdict& why, std::int64_t after) {
    set.Note(event, why, kNoon + after, false);
  };
  if (!second_half) {
    note(Of(Deferral("example.com"), "A", "ann"), grey, 1);
    note(Of(Deferral("example.com"), "B", "bob"), full, 1);
    note(Of(Deferral("example.com"), "C", "eve"), grey, 1);
    return;
  }
  note(Of(Delivery("example.com"), "A", "ann", 600), {}, 600);
  note(Of(Deferral("example.com"), "C", "eve", 1800), full, 1800);
  note(Of(Bounce("example.com"), "B", "bob", 3600), full, 3600);
}

TEST(WaitingSet, TellsWhetherARetryHelpedByTheLastCause) {
  for (const bool newest_first : {false, true}) {
    WaitingSet first, second, all;
    first.BeginPiece();
    NoteRetries(first, false);
    second.BeginPiece();
    NoteRetries(second, true);
    all.Merge(newest_first ? second : first);
    all.Merge(newest_first ? first : second);
    const std::vector<RetryCounts> retries = all.Retries();
    const auto of = [&](CauseId cause) { return retries.at(static_cast<std::size_t>(cause)); };
    EXPECT_EQ(of(CauseId::kGreylisted).delivered, 1U) << newest_first;
    EXPECT_EQ(of(CauseId::kGreylisted).after.sum_milliseconds, 600'000U);
    EXPECT_EQ(of(CauseId::kMailboxFull).failed, 1U);
    EXPECT_EQ(of(CauseId::kMailboxFull).waiting, 1U);
    const std::vector<WaitingRow> rows = all.Rows(kNoon + 3600);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].cause, static_cast<std::uint16_t>(CauseId::kMailboxFull));
    EXPECT_EQ(rows[0].recipients, 1U);
    EXPECT_EQ(rows[0].oldest_seconds, 3600U);
  }
}

TEST(WaitingSet, SettlesOneOfSeveralRecipientsWhicheverComesFirst) {
  const std::string_view orders[][3] = {
      {"ann", "bob", "eve"}, {"eve", "ann", "bob"}, {"bob", "eve", "ann"}};
  for (const auto& order : orders) {
    WaitingSet set;
    for (const std::string_view id : {"A", "B"}) {
      for (const std::string_view recipient : {"ann", "bob", "eve"})
        set.Note(Of(Deferral("example.com"), id, recipient), {}, kNoon, false);
    }
    std::uint64_t left = 6;
    for (const std::string_view recipient : order) {
      for (int again = 0; again < 2; ++again)
        set.Note(Of(Delivery("example.com"), "A", recipient), {}, kNoon + 900, true);
      EXPECT_EQ(set.Count(), --left) << recipient << " after " << order[0];
      EXPECT_EQ(set.Rows(kNoon).at(0).recipients, left);
    }
    set.Note(Of(Deferral("example.com"), "A", "ann"), {}, kNoon + 1000, false);
    EXPECT_EQ(set.Count(), 4U) << "its message waits again";
  }
}

TEST(WaitingSet, SettlesEachOfThousandsOfRecipientsOfOneMessage) {
  WaitingSet set;
  constexpr std::uint64_t kRecipients = 3000;
  const auto name = [](std::uint64_t i) { return "r" + std::to_string(i * 7 % kRecipients); };
  for (int again = 0; again < 2; ++again) {
    for (std::uint64_t i = 0; i < kRecipients; ++i)
      set.Note(Of(Deferral("example.com"), "A", name(i)), {}, kNoon, false);
    EXPECT_EQ(set.Count(), kRecipients);
  }
  for (std::uint64_t i = 0; i < kRecipients; i += 2)
    set.Note(Of(Delivery("example.com"), "A", name(i)), {}, kNoon + 900, true);
  EXPECT_EQ(set.Count(), kRecipients / 2);
  set.TakeAway("mx1", "A", kNoon + 1000);
  EXPECT_EQ(set.Count(), 0U);
}

TEST(WaitingSet, TellsTheSameInOnePieceAsInTwo) {
  WaitingSet one;
  one.BeginPiece();
  NoteRetries(one, false);
  NoteRetries(one, true);
  EXPECT_EQ(one.Count(), 1U);
  EXPECT_EQ(one.Retries()[static_cast<std::size_t>(CauseId::kGreylisted)].delivered, 1U);
  EXPECT_EQ(one.Retries()[static_cast<std::size_t>(CauseId::kMailboxFull)].failed, 1U);
}

TEST(WaitingSet, NeedsNoAgeOfAMessageWhoseArrivalWasRead) {
  WaitingSet set(2);
  set.BeginPiece();
  for (int i = 0; i < 10; ++i) {
    const std::string id = "Q" + std::to_string(i);
    set.Note(Of(Deferral("example.com"), id, "ann", -1), Because(CauseId::kGreylisted), kNoon + i,
             true);
    set.Note(Of(Delivery("example.com"), id, "ann", -1), {}, kNoon + i + 300, true);
  }
  EXPECT_EQ(set.Count(), 0U) << "nothing is kept of it";
  const RetryCounts grey = set.Retries().at(static_cast<std::size_t>(CauseId::kGreylisted));
  EXPECT_EQ(grey.delivered, 10U);
  EXPECT_EQ(grey.after.sum_milliseconds, 10 * 300'000U) << "by the stamps";
}

TEST(ReportFacts, MergedPiecesAreTheSameAsOne) {
  ReportFacts whole, first, second, merged;
  for (ReportFacts* facts : {&whole, &first, &second}) facts->BeginStretch();
  Verdict listed = Because(CauseId::kIpBlocklisted);
  listed.blocklist = "spamhaus_zen";
  listed.listed_ip = "192.0.2.1";
  for (int i = 0; i < 40; ++i) {
    const std::string id = "Q" + std::to_string(i);
    const DeliveryEvent event =
        Of(i % 3 == 0 ? Bounce("Example.com") : Delivery("example.net"), id, "x", i);
    for (ReportFacts* facts : {&whole, i < 20 ? &first : &second}) {
      facts->Note(event, i % 3 == 0 ? listed : Verdict{}, kNoon + i * 600);
    }
  }
  merged.Merge(first);
  merged.Merge(second);
  EXPECT_EQ(merged.span(), whole.span());
  EXPECT_EQ(merged.quarters(), whole.quarters());
  EXPECT_EQ(merged.hosts(), whole.hosts());
  EXPECT_EQ(merged.Lists(), whole.Lists());
  EXPECT_EQ(merged.Domains().at("example.com").attempts,
            whole.Domains().at("example.com").attempts);
  EXPECT_EQ(whole.Domains().at("example.com").attempts[2], 14U);
  EXPECT_EQ(merged.Domains().at("example.net").delays, whole.Domains().at("example.net").delays);
}

TEST(ReportFacts, CountsWhatHasNoTime) {
  ReportFacts facts;
  facts.Note(Of(Bounce("example.com"), "A", "ann"), {}, std::nullopt);
  EXPECT_EQ(facts.untimed(), 1U);
  EXPECT_FALSE(facts.span().first);
}

Summary At(const ReportFacts& facts, std::optional<TimelineStep> step = {}, int offset = 0) {
  return Summarise(Snapshot{}, facts,
                   {.step = step, .version = "1", .zone = [=](std::int64_t) { return offset; }});
}

ReportFacts Spanning(std::int64_t seconds) {
  ReportFacts facts;
  facts.Note(Of(Bounce("example.com"), "A", "ann"), {}, kNoon);
  facts.Note(Of(Bounce("example.com"), "B", "ann"), {}, kNoon + seconds);
  return facts;
}

TEST(Timeline, ChoosesItsStepByTheSpan) {
  constexpr std::int64_t kDay = 86400;
  EXPECT_EQ(At(Spanning(3600)).step, TimelineStep::kQuarter);
  EXPECT_EQ(At(Spanning(kDay)).step, TimelineStep::kHour);
  EXPECT_EQ(At(Spanning(7 * kDay)).step, TimelineStep::kDay);
  EXPECT_EQ(At(Spanning(300 * kDay)).step, TimelineStep::kMonth);
}

TEST(Timeline, HasARowForTimeWithoutTrafficToo) {
  const Summary summary = At(Spanning(5 * 3600), TimelineStep::kHour);
  ASSERT_EQ(summary.timeline.size(), 6U);
  EXPECT_EQ(summary.timeline[3].counts.all(), 0U);
  EXPECT_EQ(DateAndTime(summary.timeline[5].begin), "2026-11-21 17:00");
}

TEST(Timeline, DoesNotFillTheYearsBetweenAWrongClockAndTheOthers) {
  constexpr std::int64_t kYear9999 = 253'402'300'799;
  for (const std::int64_t wrong : {std::int64_t{0}, kNoon - 400 * 86400, kYear9999}) {
    ReportFacts facts = Spanning(5 * 3600);
    facts.Note(Of(Bounce("example.com"), "C", "ann"), {}, wrong);
    const Summary summary = At(facts);
    EXPECT_EQ(summary.step, TimelineStep::kHour) << wrong;
    EXPECT_EQ(summary.timeline.size(), 7U) << wrong;
  }
}

TEST(Timeline, IsBoundedWhateverTheClocksSaid) {
  const Summary summary = At(Spanning(4'000'000'000), TimelineStep::kQuarter);
  EXPECT_LE(summary.timeline.size(), 1001U);
  EXPECT_EQ(summary.timeline.back().counts.all(), 1U);
}

TEST(Timeline, CutsDaysAtTheReadersMidnight) {
  EXPECT_EQ(At(Spanning(11 * 3600), TimelineStep::kDay).timeline.size(), 1U);
  const Summary summary = At(Spanning(11 * 3600), TimelineStep::kDay, -13 * 3600);
  ASSERT_EQ(summary.timeline.size(), 2U) << "from eleven at night to ten in the morning";
  EXPECT_EQ(Rfc3339(summary.timeline[0].begin), "2026-11-20T00:00:00-13:00");
  EXPECT_EQ(StepText(summary.timeline[1].begin, summary.step), "2026-11-21");
}

TEST(Moment, TellsDurationsInTwoUnitsAtMost) {
  struct Sample {
    double seconds;
    std::string_view text;
  };
  for (const Sample& sample : {Sample{0.25, "0.2 s"},
                               {9.5, "9.5 s"},
                               {45, "45 s"},
                               {300, "5 min"},
                               {3600, "1 h"},
                               {7500, "2 h 5 min"},
                               {86400, "1 d"},
                               {100000, "1 d 4 h"},
                               {432000, "5 d"}}) {
    EXPECT_EQ(DurationText(sample.seconds), sample.text);
  }
}

TEST(DelayHistogram, FindsQuantilesAsPromQlDoes) {
  DelayHistogram delays;
  EXPECT_LT(delays.Quantile(0.5), 0) << "there are none";
  delays.Observe(7, 10);  // all between 5 and 10
  EXPECT_DOUBLE_EQ(delays.Quantile(0.5), 7.5);
  delays.Observe(1e6, 10);
  EXPECT_DOUBLE_EQ(delays.Quantile(0.95), 432000) << "the last bucket has no end";
}

Ranked Rank(std::string name, std::uint64_t count) {
  Ranked row;
  row.name = std::move(name);
  row.count = count;
  return row;
}

TEST(Comparison, PutsTheLargestChangeOfTheShareFirst) {
  Summary before, now;
  before.outcomes = {{"delivered", 90}, {"deferred", 5}, {"bounced", 5}, {"expired", 0}};
  now.outcomes = {{"delivered", 900}, {"deferred", 50}, {"bounced", 50}, {"expired", 0}};
  before.causes = {Rank("greylisted", 5), Rank("user_unknown", 5)};
  now.causes = {Rank("greylisted", 50), Rank("ip_blocklisted", 50)};
  const Comparison result = Compare(before, now, "1d", 10);
  EXPECT_EQ(result.attempts_before, 100U);
  EXPECT_EQ(result.attempts_now, 1000U);
  ASSERT_EQ(result.causes.size(), 3U);
  EXPECT_EQ(result.causes[0].name, "ip_blocklisted");
  EXPECT_EQ(result.causes[2].name, "greylisted") << "ten times as many of ten times as much";
  EXPECT_DOUBLE_EQ(result.causes[2].before_share, result.causes[2].now_share);
}

}  // namespace
}  // namespace bouncesight
