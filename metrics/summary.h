// What `report` prints, as data: the counters of a snapshot and the facts beside them, summed up
// and ranked. The renderers stand in summary_text.h, summary_html.h and below. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "metrics/report_facts.h"
#include "metrics/snapshot.h"
#include "metrics/summary_who.h"
#include "metrics/template_miner.h"
#include "rules/rule_set.h"

namespace bouncesight {

using NamedCounts = std::vector<std::pair<std::string, std::uint64_t>>;

struct Ranked {
  std::string name;
  std::uint64_t count = 0;      // failures
  std::uint64_t permanent = 0;  // of them, by PermanenceOf
  // A cause's family; the commonest cause of a domain, code or provider; a block list's address.
  std::string detail;
  std::uint64_t attempts = 0;         // at a domain or provider, delivered ones too; 0: not known
  double median = -1, p95 = -1;       // of its delays, in seconds; negative: not known
  std::optional<Moment> first, last;  // of a cause or a list: when it was seen
  std::string act;                    // of a cause, by Advise: who must act
  std::string link;                   // of a block list, by Advise: the page for delisting, or ""
};

struct SourceSummary {
  std::string name;
  std::uint64_t bytes = 0, lines = 0, counted = 0, truncated = 0;
  // By reason, all reasons; the last is "excluded": what --since, --until and filters left out.
  NamedCounts skipped;
};

// What our own server refused on the way in.
struct RefusalSummary {
  std::uint64_t count = 0, permanent = 0;
  std::vector<Ranked> causes;      // detail: the cause's family
  std::vector<Ranked> blocklists;  // `permanent` is not known of these
  std::vector<MinedTemplate> unclassified_templates;
};

// By their last state.
struct RecipientSummary {
  std::uint64_t delivered = 0, failed = 0;
  std::optional<std::uint64_t> waiting;  // none: it cannot be told
};

enum class TimelineStep : std::uint8_t { kQuarter, kHour, kDay, kMonth };
std::string_view TimelineStepName(TimelineStep step);  // "quarter", "hour", "day", "month"
// When a step begins, no finer than it: "2026-11", "2026-11-21", "2026-11-21 17:00".
std::string StepText(const Moment& begin, TimelineStep step);

struct TimelineRow {
  Moment begin;
  TrafficCounts counts;
};

// How long something took.
struct DelayRank {
  std::string name;  // an outcome that is final, or a step of the way
  std::uint64_t count = 0;
  double median = -1, p95 = -1;  // seconds
};

// What to do about one of the commonest causes.
struct AdviceSummary {
  std::string cause, act, retry;
  std::uint64_t count = 0;
  AdviceText text;
};

// What we tried to deliver, and apart from it what our own server refused.
struct Summary {
  std::optional<Moment> first, last;  // of the results; none: nothing with a time
  std::uint64_t untimed = 0;          // results without one
  NamedCounts hosts;                  // results by the host that logged them, the most first
  Moment made;
  std::string version;

  RecipientSummary recipients;
  NamedCounts outcomes;        // of kDeliveryOutcomes
  std::uint64_t failures = 0;  // deferred + bounced + expired
  std::uint64_t unclassified = 0;
  std::vector<Ranked> causes;
  std::vector<Ranked> domains;
  std::vector<Ranked> codes;  // "550 5.1.1"
  std::vector<Ranked> providers;
  std::vector<Ranked> blocklists;  // detail: the listed address
  TimelineStep step = TimelineStep::kHour;
  std::vector<TimelineRow> timeline;  // rows without traffic between others are there, too
  std::vector<DelayRank> delays;      // by outcome
  std::vector<DelayRank> steps;
  WhoSummary who;
  RefusalSummary refusals;
  std::vector<SourceSummary> sources;
  std::vector<MinedTemplate> unclassified_templates;
  std::vector<AdviceSummary> advice;  // by Advise

  bool has_results() const { return first || untimed > 0 || refusals.count > 0; }
};

struct SummaryOptions {
  std::size_t top = 10;  // rows of each ranking; equal counts in the order of names
  std::optional<TimelineStep> step = std::nullopt;  // none: by the span of time
  std::int64_t made = 0;                            // seconds since 1970
  std::string version = {};
  std::vector<std::string> providers = {};  // by ProviderId, those of the rules that judged
  ZoneOffset zone = [](std::int64_t) { return 0; };
};

Summary Summarise(const Snapshot& snapshot, const ReportFacts& facts,
                  const SummaryOptions& options = {}, std::vector<MinedTemplate> templates = {},
                  std::vector<MinedTemplate> refusal_templates = {});

// Adds what the rules know: who must act, pages for delisting, and advice for the `most` commonest
// causes.
void Advise(Summary& summary, const RuleSet& rules, Language language, std::size_t most = 3);

// What `report --by` may ask for.
inline constexpr std::string_view kSummaryRankings[] = {
    "cause",   "domain", "provider", "code", "blocklist", "sender", "account",
    "waiting", "retry",  "quarter",  "hour", "day",       "month"};
// Leaves one ranking, and the sums. A name that is none of them changes nothing.
void KeepRanking(Summary& summary, std::string_view name);

struct Comparison;  // summary_compare.h
// One object, with a newline. `then`: null, or what the summary is compared with.
std::string RenderSummaryJson(const Summary& summary, const Comparison* then = nullptr);
// One table: section,name,count,permanent,detail, and behind them what only some rows have:
// attempts, median and 95th percentile of the delay in seconds, first and last seen, age of the
// oldest that waits. Fields as safe_text.h has them. Of what is compared, `count` is now and
// `detail` then.
std::string RenderSummaryCsv(const Summary& summary, const Comparison* then = nullptr);

}  // namespace bouncesight
