#include "metrics/summary_time.h"

#include <algorithm>
#include <map>

#include "metrics/label.h"
#include "parsers/text/civil_time.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMostRows = 1000;  // of a timeline; the latest are kept
// What lies so far apart is no time without mail: a clock was wrong, as in the first seconds of a
// host without one.
constexpr std::int64_t kClockGap = 366 * kDaySeconds;

// Of the time from which most results are, in seconds.
std::int64_t MostResultsSpan(const ReportFacts& facts) {
  struct Group {
    std::int64_t first = 0, last = 0;
    std::uint64_t results = 0;
  };
  Group group, most;
  for (const auto& [quarter, counts] : facts.quarters()) {
    const std::int64_t time = quarter * ReportFacts::kQuarter;
    if (group.results == 0 || time - group.last > kClockGap) group = {time, time, 0};
    group.last = time;
    group.results += counts.all() + counts.rejections;
    if (group.results > most.results) most = group;
  }
  return most.last - most.first;
}

// So that a report has some dozens of rows.
TimelineStep StepFor(std::int64_t seconds) {
  if (seconds <= 4 * kHourSeconds) return TimelineStep::kQuarter;
  if (seconds <= 2 * kDaySeconds) return TimelineStep::kHour;
  return seconds <= 62 * kDaySeconds ? TimelineStep::kDay : TimelineStep::kMonth;
}

// When the step began in which `time` lies, in the reader's zone.
Moment Begin(std::int64_t time, TimelineStep step, const ZoneOffset& zone) {
  const int offset = zone(time);
  CivilTime at = CivilOfSeconds(time + offset);
  at.second = 0;
  at.minute -= step == TimelineStep::kQuarter ? at.minute % 15 : at.minute;
  if (step >= TimelineStep::kDay) at.hour = 0;
  if (step == TimelineStep::kMonth) at.day = 1;
  const std::int64_t local = CivilSeconds(at);
  // Clocks may have been changed since the step began.
  const int then = zone(local - offset);
  return {local - then, then};
}

Moment Next(const Moment& begin, TimelineStep step, const ZoneOffset& zone) {
  constexpr std::int64_t kLengths[] = {900, kHourSeconds, kDaySeconds + kHourSeconds,
                                       31 * kDaySeconds + kHourSeconds};
  const std::int64_t length = kLengths[static_cast<std::size_t>(step)];
  return Begin(begin.seconds + length, step, zone);
}

std::vector<TimelineRow> Timeline(const ReportFacts& facts, TimelineStep step,
                                  const ZoneOffset& zone) {
  std::vector<TimelineRow> rows;
  for (const auto& [quarter, counts] : facts.quarters()) {
    const Moment begin = Begin(quarter * ReportFacts::kQuarter, step, zone);
    // What no time has filled is a row, too; but not the years before a clock was set.
    const bool near = !rows.empty() && begin.seconds - rows.back().begin.seconds <= kClockGap;
    for (std::size_t i = 0; near && rows.back().begin.seconds < begin.seconds; ++i) {
      const Moment next = Next(rows.back().begin, step, zone);
      if (next.seconds >= begin.seconds || i == kMostRows) break;
      rows.push_back({next, {}});
    }
    if (rows.empty() || rows.back().begin.seconds < begin.seconds) rows.push_back({begin, {}});
    rows.back().counts.Add(counts);
  }
  if (rows.size() > kMostRows) {
    rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(kMostRows));
  }
  return rows;
}

void AddRank(std::vector<DelayRank>& ranks, std::string_view name, const DelayHistogram& delays) {
  if (delays.count() == 0) return;
  ranks.push_back({std::string(name), delays.count(), delays.Quantile(0.5), delays.Quantile(0.95)});
}

void SummariseDelays(const Snapshot& snapshot, Summary& summary) {
  for (std::size_t i = 0; i < kFinalOutcomeCount; ++i) {
    DelayHistogram all;
    for (const auto& by_outcome : snapshot.delays) all.Add(by_outcome[i]);
    AddRank(summary.delays, OutcomeName(kFinalOutcomes[i]), all);
  }
  for (std::size_t i = 0; i < kDelayStepCount; ++i) {
    DelayHistogram all;
    for (const auto& by_step : snapshot.steps) all.Add(by_step[i]);
    AddRank(summary.steps, DelayStepName(static_cast<DelayStep>(i)), all);
  }
}

}  // namespace

std::string_view TimelineStepName(TimelineStep step) {
  constexpr std::string_view kNames[] = {"quarter", "hour", "day", "month"};
  return kNames[static_cast<std::size_t>(step)];
}

std::string StepText(const Moment& begin, TimelineStep step) {
  const std::string text = DateAndTime(begin);
  if (step == TimelineStep::kMonth) return text.substr(0, 7);
  return step == TimelineStep::kDay ? text.substr(0, 10) : text;
}

void SummariseTime(const Snapshot& snapshot, const ReportFacts& facts,
                   const SummaryOptions& options, Summary& summary) {
  const auto moment = [&](std::int64_t time) { return Moment{time, options.zone(time)}; };
  if (facts.span().first) {
    summary.first = moment(*facts.span().first);
    summary.last = moment(*facts.span().last);
  }
  summary.untimed = facts.untimed();
  summary.made = moment(options.made);
  summary.version = options.version;
  std::map<std::string, std::uint64_t> hosts;
  for (const auto& [host, count] : facts.hosts()) hosts[NameLabel(host)] += count;
  hosts.erase("");
  summary.hosts.assign(hosts.begin(), hosts.end());
  std::stable_sort(summary.hosts.begin(), summary.hosts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  summary.step = options.step.value_or(StepFor(MostResultsSpan(facts)));
  summary.timeline = Timeline(facts, summary.step, options.zone);
  SummariseDelays(snapshot, summary);
}

}  // namespace bouncesight
