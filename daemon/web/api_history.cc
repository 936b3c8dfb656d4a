#include "daemon/web/api_history.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "metrics/json_text.h"
#include "metrics/outcomes.h"
#include "parsers/text/civil_time.h"
#include "rules/cause.h"

namespace bouncesight {
namespace {

// So many of the newest unknown replies are looked at, and so many causes are asked for: all.
constexpr std::size_t kUnknownRows = 500;
constexpr std::size_t kAllCauses = 1000;

Moment Utc(std::int64_t seconds) { return {seconds, 0}; }

std::vector<Ranked> RankedOf(const std::vector<HistoryRanked>& rows) {
  std::vector<Ranked> all;
  all.reserve(rows.size());
  for (const HistoryRanked& row : rows) {
    Ranked one;
    one.name = row.name;
    one.count = row.failures;
    one.detail = row.listed_ip;
    one.attempts = row.attempts;
    one.first = Utc(row.first);
    one.last = Utc(row.last);
    all.push_back(std::move(one));
  }
  return all;
}

void WriteRow(const HistoryRow& row, JsonText& json) {
  json.Open('{');
  json.Field("id", static_cast<std::uint64_t>(row.id));
  json.Field("time", Rfc3339(Utc(row.time)));
  json.FieldIfAny("source", row.source);
  json.FieldIfAny("mta", row.mta);
  json.FieldIfAny("host", row.host);
  json.FieldIfAny("instance", row.instance);
  json.FieldIfAny("queue_id", row.queue_id);
  json.FieldIfAny("outcome", row.outcome);
  json.FieldIfAny("recipient", row.recipient);
  json.FieldIfAny("recipient_domain", row.domain);
  json.FieldIfAny("sender_domain", row.sender_domain);
  json.FieldIfAny("code", row.code);
  json.FieldIfAny("enhanced_code", row.enhanced_code);
  json.FieldIfAny("reply", row.reply);
  json.FieldIfAny("cause", row.cause);
  json.FieldIfAny("provider", row.provider);
  json.FieldIfAny("blocklist", row.blocklist);
  json.FieldIfAny("listed_ip", row.listed_ip);
  json.Field("results", row.results);
  json.Close('}');
}

// The replies are kept with what varies masked, so equal ones are one template.
std::vector<MinedTemplate> TemplatesOf(const std::vector<HistoryRow>& rows, std::size_t top) {
  std::map<std::string_view, MinedTemplate> known;
  for (const HistoryRow& row : rows) {
    if (row.reply.empty()) continue;
    MinedTemplate& one = known[row.reply];
    one.count += row.results;
    if (!one.text.empty()) continue;
    one.text = one.example = row.reply;
    one.code = row.code;
    std::size_t length = 0;
    one.enhanced = ParseEnhancedCode(row.enhanced_code, length);
    one.domain = row.domain;
  }
  std::vector<MinedTemplate> all;
  all.reserve(known.size());
  for (auto& [text, one] : known) all.push_back(std::move(one));
  std::ranges::stable_sort(all, std::greater{}, &MinedTemplate::count);
  all.resize(std::min(all.size(), top));
  return all;
}

}  // namespace

std::optional<Period> FindPeriod(std::string_view name) {
  static constexpr std::pair<std::string_view, Period> kPeriods[] = {
      {"1h", {kHourSeconds, 300}},
      {"24h", {kDaySeconds, kHourSeconds / 2}},
      {"7d", {7 * kDaySeconds, 4 * kHourSeconds}},
      {"30d", {30 * kDaySeconds, kDaySeconds}},
  };
  for (const auto& [known, period] : kPeriods) {
    if (known == name) return period;
  }
  return std::nullopt;
}

Status ApiHistory::Ready() const {
  if (on_) return Ok{};
  return Error{"There is no history: set `history:` in bouncesight.yaml."};
}

Result<std::string> ApiHistory::TimelineJson(const Period& period, HistoryBy by, std::int64_t now,
                                             std::int64_t offset) const {
  if (Status status = Ready(); !status) return status.error();
  const auto begin_of = [&](std::int64_t time) {
    return (time + offset) / period.step * period.step - offset;
  };
  const std::int64_t first = begin_of(now - period.seconds);
  auto points = reader_.Timeline({.from = first}, period.step, by, offset);
  if (!points) return points.error();
  JsonText json;
  json.Open('{');
  json.Field("step", static_cast<std::uint64_t>(period.step));
  json.Key("rows");
  json.Open('[');
  auto point = points->begin();
  for (std::int64_t begin = first; begin <= now; begin += period.step) {
    json.Open('{');
    json.Field("begin", Rfc3339(Utc(begin)));
    json.Key("counts");
    json.Open('{');
    while (point != points->end() && point->time < begin + period.step) {
      json.Field(point->name, point->results);
      ++point;
    }
    json.Close('}');
    json.Close('}');
  }
  json.Close(']');
  json.Close('}');
  return json.Take() + '\n';
}

Result<std::string> ApiHistory::FailuresJson(const HistoryFilter& filter, std::size_t limit,
                                             std::optional<std::int64_t> before) const {
  if (Status status = Ready(); !status) return status.error();
  auto page = reader_.Search(filter, limit, before);
  if (!page) return page.error();
  JsonText json;
  json.Open('{');
  json.Key("failures");
  json.Open('[');
  for (const HistoryRow& row : page->rows) WriteRow(row, json);
  json.Close(']');
  if (page->before) json.Field("before", static_cast<std::uint64_t>(*page->before));
  json.Close('}');
  return json.Take() + '\n';
}

Status ApiHistory::AddOutcomes(HistorySpan span, Summary& summary) const {
  auto points = reader_.Timeline(span, 30 * kDaySeconds, HistoryBy::kOutcome);
  if (!points) return points.error();
  std::map<std::string_view, std::uint64_t> sums;
  for (const HistoryPoint& point : *points) sums[point.name] += point.results;
  for (const Outcome outcome : kDeliveryOutcomes) {
    summary.outcomes.emplace_back(OutcomeName(outcome), sums[OutcomeName(outcome)]);
  }
  for (const Outcome outcome : kFailureOutcomes) summary.failures += sums[OutcomeName(outcome)];
  return Ok{};
}

Status ApiHistory::AddRankings(HistorySpan span, std::size_t top, Summary& summary) const {
  const std::pair<HistoryRank, std::vector<Ranked>*> rankings[] = {
      {HistoryRank::kCauses, &summary.causes},
      {HistoryRank::kProviders, &summary.providers},
      {HistoryRank::kDomains, &summary.domains},
      {HistoryRank::kLists, &summary.blocklists}};
  for (const auto& [rank, rows] : rankings) {
    auto found = reader_.Top(rank, span, rank == HistoryRank::kCauses ? kAllCauses : top);
    if (!found) return found.error();
    *rows = RankedOf(*found);
  }
  const auto unknown =
      std::ranges::find(summary.causes, BuiltinCause(CauseId::kUnclassified).name, &Ranked::name);
  if (unknown != summary.causes.end()) summary.unclassified = unknown->count;
  summary.causes.resize(std::min(summary.causes.size(), top));
  auto refused = reader_.TopRejections(span, kAllCauses);
  if (!refused) return refused.error();
  summary.refusals.causes = RankedOf(*refused);
  for (const Ranked& row : summary.refusals.causes) summary.refusals.count += row.count;
  return Ok{};
}

Status ApiHistory::AddUnknown(HistorySpan span, std::size_t top, Summary& summary) const {
  HistoryFilter filter;
  filter.span = span;
  filter.cause = BuiltinCause(CauseId::kUnclassified).name;
  auto page = reader_.Search(filter, kUnknownRows);
  if (!page) return page.error();
  summary.unclassified_templates = TemplatesOf(page->rows, top);
  return Ok{};
}

Result<Summary> ApiHistory::SummariseSpan(HistorySpan span, std::size_t top) const {
  if (Status status = Ready(); !status) return status.error();
  Summary summary;
  if (Status status = AddOutcomes(span, summary); !status) return status.error();
  if (Status status = AddRankings(span, top, summary); !status) return status.error();
  if (Status status = AddUnknown(span, top, summary); !status) return status.error();
  return summary;
}

Result<std::string> ApiHistory::SendersJson(HistorySpan span, std::size_t top) const {
  if (Status status = Ready(); !status) return status.error();
  auto rows = reader_.Top(HistoryRank::kSenders, span, top);
  if (!rows) return rows.error();
  JsonText json;
  json.Open('[');
  for (const HistoryRanked& row : *rows) {
    json.Open('{');
    json.Field("sender_domain", row.name);
    json.Field("failures", row.failures);
    json.Field("last", Rfc3339(Utc(row.last)));
    json.Close('}');
  }
  json.Close(']');
  return json.Take() + '\n';
}

}  // namespace bouncesight
